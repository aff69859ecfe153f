// Package lib has methods that another package's types promote.
package lib

// Hit is told of every call.
var Hit func(name string)

// Dial can be turned.
type Dial struct{ N int }

// Turn is never inlined.
//
//go:noinline
func (d *Dial) Turn() int {
	Hit("Turn")
	return d.N
}

// Light is small enough to be inlined.
func (d Dial) Light() int {
	Hit("Light")
	return d.N
}
