package main

import (
	"math"

	"gobt.example/truth"
)

type weekday int

const (
	monday  weekday = 1
	sunday  weekday = 7
	nowhere weekday = -3
)

func runNumbers() {
	signed(-1, -2, -3, -4, -5)
	signed(math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt64, math.MinInt64)
	signed(math.MaxInt8, math.MaxInt16, math.MaxInt32, math.MaxInt64, math.MaxInt64)
	signed(0, 0, 0, 0, 0)
	unsigned(1, 2, 3, 4, 5, 6)
	unsigned(math.MaxUint8, math.MaxUint16, math.MaxUint32, math.MaxUint64, math.MaxUint64, math.MaxUint64)
	bools(true, false, true)
	bools(false, true, false)
	runes('G', 'é', '€', '😀')
	named(monday)
	named(sunday)
	named(nowhere)
	for i := 1; i <= 100; i++ {
		addUp(i)
	}
	truth.Number("added", 5050)
}

//go:noinline
func signed(a int8, b int16, c int32, d int64, e int) (int8, int16, int32, int64, int) {
	return -a, -b, -c, -d, -e
}

//go:noinline
func unsigned(a uint8, b uint16, c uint32, d uint64, e uint, f uintptr) (uint8, uint16, uint32, uint64, uint, uintptr) {
	return a + 1, b + 1, c + 1, d + 1, e + 1, f + 1
}

//go:noinline
func bools(a, b, c bool) (bool, bool) {
	return a && b, a || c
}

//go:noinline
func runes(b byte, r, s, t rune) rune {
	return rune(b) + r + s + t
}

//go:noinline
func named(d weekday) weekday {
	return d + 1
}

//go:noinline
func addUp(n int) int {
	return n * 2
}
