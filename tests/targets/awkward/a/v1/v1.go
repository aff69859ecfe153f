// Package v1 is one of two that are called so.
package v1

// Pod is in both.
type Pod struct{ Name string }
