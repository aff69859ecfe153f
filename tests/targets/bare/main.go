// Command bare calls functions that are nothing but a return: a call of them begins and ends at one instruction.
package main

import "gobt.example/truth"

type cents int64

//go:noinline
func first(n int64) int64 { return n }

//go:noinline
func second(n cents) cents { return n }

//go:noinline
func (n cents) third() cents { return n }

//go:noinline
func last(n int64) int64 { return n }

//go:noinline
func either(n, other int64) int64 { return n }

func main() {
	truth.Begin()
	var calls int64
	for n := int64(0); n < 100; n++ {
		total := either(n, 7)%1 + last(n)%1 + first(n) + int64(second(cents(n))) + int64(cents(n).third())
		if total != 3*n {
			panic("wrong")
		}
		calls++
	}
	truth.Number("calls", calls)
	truth.Number("both", 2*calls)
	truth.End()
}
