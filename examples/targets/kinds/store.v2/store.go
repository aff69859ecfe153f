// Package store has a dot in its import path, which the linker escapes.
package store

// Entry is what is stored.
type Entry struct {
	Key   string
	Value []byte
}

// View is a part of the store.
type View struct{ prefix string }

//go:noinline
func (v *View) Put(path string, entry *Entry) error {
	if entry == nil {
		return errMissing
	}
	return nil
}

type missing struct{}

func (missing) Error() string { return "there is no entry" }

var errMissing error = missing{}

// Run stores two things.
func Run() {
	view := &View{prefix: "a/"}
	_ = view.Put("k", &Entry{Key: "a/k", Value: []byte("v")})
	_ = view.Put("n", nil)
}
