// Package logical has the path, the names and the layout of the real one, as far as a tracer sees them.
package logical

// StorageEntry is what is stored under a key.
type StorageEntry struct {
	Key      string
	Value    []byte
	SealWrap bool
}
