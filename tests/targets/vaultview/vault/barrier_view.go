// Package vault is a stand-in for the package of the same path: the one method that is traced, and what it needs.
package vault

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/vault/sdk/logical"
)

// ErrReadOnly refuses keys under "sealed/".
var ErrReadOnly = errors.New("cannot write to readonly storage")

// BarrierView keeps entries under a prefix.
type BarrierView struct {
	prefix  string
	entries map[string]*logical.StorageEntry
	writes  int
}

// NewBarrierView gives an empty view.
func NewBarrierView(prefix string) *BarrierView {
	return &BarrierView{prefix: prefix, entries: map[string]*logical.StorageEntry{}}
}

// Put stores an entry.
//
//go:noinline
func (v *BarrierView) Put(ctx context.Context, entry *logical.StorageEntry) error {
	if entry == nil {
		return errors.New("cannot write nil entry")
	}
	if strings.HasPrefix(entry.Key, "sealed/") {
		return ErrReadOnly
	}
	v.writes++
	v.entries[v.prefix+entry.Key] = entry
	return ctx.Err()
}

// Get finds an entry.
//
//go:noinline
func (v *BarrierView) Get(ctx context.Context, key string) (*logical.StorageEntry, error) {
	return v.entries[v.prefix+key], ctx.Err()
}

// Writes says how many entries were stored.
func (v *BarrierView) Writes() int { return v.writes }
