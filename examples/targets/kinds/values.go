package main

import (
	"time"
	"unsafe"
)

//go:noinline
func Signed(a int8, b int16, c int32, d int64, e int) int64 {
	return int64(a) + int64(b) + int64(c) + d + int64(e)
}

//go:noinline
func Unsigned(a uint8, b uint16, c uint32, d uint64, e uint, p uintptr) uint64 {
	return uint64(a) + uint64(b) + uint64(c) + d + uint64(e) + uint64(p)
}

//go:noinline
func Logic(yes bool, letter rune, b byte) bool { return yes && letter > 0 && b > 0 }

//go:noinline
func Area(width, height float64) float64 { return width * height }

//go:noinline
func Blend(a complex128, name string) complex128 { return a * a }

// Unused drops its first parameter.
//
//go:noinline
func Unused(dropped string, n int) int { return n }

//go:noinline
func Blank(_ int, name string) (int, error) { return len(name), nil }

// Many has more parameters than there are registers.
//
//go:noinline
func Many(a, b, c, d, e, f, g, h, i, j, k int, last string) (int, string, int, int, int, int, int, int, int, int, int) {
	return a + b + c + d + e + f + g + h + i + j + k, last, 1, 2, 3, 4, 5, 6, 7, 8, 9
}

func numbers() {
	Signed(-1, -2, -3, -4, -5)
	Unsigned(1, 2, 3, 4, 5, 6)
	Logic(true, 'é', 'x')
	Area(1.5, 2.5)
	Blend(complex(1, 2), "b")
	Unused("nobody", 7)
	_, _ = Blank(1, "blank")
	Many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "last")
}

//go:noinline
func Text(s string, bytes []byte, raw unsafe.Pointer) string { return s + string(bytes) }

//go:noinline
func Times(d time.Duration, t time.Time) time.Duration { return d + time.Until(t) }

func texts() {
	n := 1
	Text("hello", []byte{'a', 0, 'b'}, unsafe.Pointer(&n))
	Times(1500*time.Millisecond, time.Now())
}

// Grid is an array of arrays.
type Grid [2][3]int16

//go:noinline
func Lists(ints []int, names []string, four [4]byte, grid *Grid, empty [0]int, people []*Person) int {
	return len(ints) + len(names) + int(four[0]) + int(grid[1][2]) + len(people)
}

//go:noinline
func Tables(m map[string]int, c chan string, none map[int]bool) int {
	return len(m) + len(c) + len(none)
}

func collections() {
	Lists([]int{1, 2, 3}, []string{"a", "b"}, [4]byte{127, 0, 0, 1}, &Grid{{1}, {2, 3, 4}}, [0]int{}, []*Person{{Name: "Ada"}})
	c := make(chan string, 4)
	c <- "x"
	Tables(map[string]int{"a": 1}, c, nil)
}
