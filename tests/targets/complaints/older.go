//go:build !go1.20

package main

// younger has nothing to add.
func younger() {}
