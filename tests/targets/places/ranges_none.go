//go:build !go1.23
// +build !go1.23

package main

// Before Go 1.23 there are no loops over functions.
func ranges() {}
