// Package v1 is one of two that are called so.
package v1

// Pod is in both.
type Pod struct{ Name string }

// Measure makes only this one a measurer.
func (p Pod) Measure() int { return len(p.Name) }
