package main

import "gobt.example/truth"

type sequence uint64

type ticket struct {
	Name string
	Next uint64
	Old  uint32
}

func runUnsigned() {
	large := []uint64{1 << 63, 1<<63 + 1, 1<<64 - 1}
	small := []uint64{0, 1, 5, 1 << 40, 1<<62 - 1}
	for _, n := range append(large, small...) {
		number(n)
		step(uintptr(n), &ticket{"a", n, uint32(n)})
	}
	truth.Number("large", int64(len(large)))
	truth.Number("small", int64(len(small)))
	var total uint64
	for _, n := range small {
		total += n
	}
	truth.Unsigned("total", total)
	for n := int64(-20); n < 20; n++ {
		signed(n)
	}
}

//go:noinline
func number(n uint64) sequence { return sequence(n) }

//go:noinline
func step(p uintptr, t *ticket) uint64 { return t.Next }

//go:noinline
func signed(n int64) int64 { return n }
