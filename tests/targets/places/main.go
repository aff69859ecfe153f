// Signatures of every shape that Go's calling convention tells apart. The comment above a function says where its
// arguments are at its first instruction and its results at a RET: registers, X registers, +N for N bytes above the
// stack pointer, - for nowhere; values are separated by commas, arguments and results by a bar. They were observed in
// running programs.
package main

import (
	"errors"
	"os"
	"unsafe"
)

// use keeps a function from being a leaf, so that it checks its stack and, when it grows, saves the registers of its
// arguments.
//
//go:noinline
func use(v ...interface{}) int {
	if len(v) > 100 {
		panic(v)
	}
	return len(v)
}

// want main.twelve: ax, bx, cx, di, si, r8, r9, r10, r11, +8, +16, +24 | ax
//
//go:noinline
func twelve(a, b, c, d, e, f, g, h, i, j, k, l int64) int64 {
	use(a, b, c, d, e, f, g, h, i, j, k, l)
	return a + l
}

// want main.floats: X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, +8, +16 | X0, X1
//
//go:noinline
func floats(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p float64, q float32) (float64, float32) {
	use(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
	return a, q
}

type mixed struct {
	a int8
	s string
	f float32
}

// want main.structMixed: ax bx cx X0, di | ax bx cx X0, di
//
//go:noinline
func structMixed(m mixed, i int64) (mixed, int64) {
	use(m, i)
	return m, i
}

type nine struct{ a, b, c, d, e, f, g, h, i int64 }

// want main.structNine: ax bx cx di si r8 r9 r10 r11, +8 | ax bx cx di si r8 r9 r10 r11, +16
//
//go:noinline
func structNine(n nine, i int64) (nine, int64) {
	use(n, i)
	return n, i
}

type ten struct{ a, b, c, d, e, f, g, h, i, j int64 }

// want main.structTen: +8, ax | +88, ax
//
//go:noinline
func structTen(t ten, i int64) (ten, int64) {
	use(t, i)
	return t, i
}

// want main.arrayTwo: +8, ax | +24, ax
//
//go:noinline
func arrayTwo(a [2]int64, i int64) ([2]int64, int64) {
	use(a, i)
	return a, i
}

// want main.arrayOne: ax, bx | ax, bx
//
//go:noinline
func arrayOne(a [1]int64, i int64) ([1]int64, int64) {
	use(a, i)
	return a, i
}

// want main.arrayNone: -, ax | -, ax
//
//go:noinline
func arrayNone(a [0]int64, i int64) ([0]int64, int64) {
	use(a, i)
	return a, i
}

type blanks struct {
	_ int64
	x int64
	_ int32
	y int32
}

// want main.blankFields: ax bx cx di, si | ax bx cx di, si
//
//go:noinline
func blankFields(b blanks, i int64) (blanks, int64) {
	use(b, i)
	return b, i
}

// want main.complexes: X0 X1, X2 X3, ax | X0 X1, X2 X3
//
//go:noinline
func complexes(a complex128, b complex64, i int64) (complex128, complex64) {
	use(a, b, i)
	return a, b
}

// want main.late: ax, bx cx, di si r8, r9 r10, +8, r11, +32 | ax
//
//go:noinline
func late(a int64, s string, b []int64, e error, c []byte, i int64, t string) int64 {
	use(a, s, b, e, c, i, t)
	return i
}

type arrayInside struct {
	a uintptr
	b [2]uintptr
}

// want main.specExample: ax, +8, bx | +24, ax bx
//
//go:noinline
func specExample(a uint8, b [2]uintptr, c uint8) (arrayInside, string) {
	use(a, b, c)
	return arrayInside{}, "x"
}

// want main.alignment: +8, +12, ax, +16 | +32, +36, ax
//
//go:noinline
func alignment(a [3]byte, b [2]int16, c int8, d [2]int64) ([3]byte, [2]int32, int8) {
	use(a, b, c, d)
	return a, [2]int32{1, 2}, c
}

type emptyArray struct {
	a [2]struct{}
	b int
}

// want main.emptyElements: +8, ax | +16, ax
//
//go:noinline
func emptyElements(e emptyArray, i int) (emptyArray, int) {
	use(e, i)
	return e, i
}

type nested struct {
	a [1]struct {
		s string
		_ struct{}
		c [1]complex64
	}
	b bool
}

// want main.deep: ax bx X0 X1 cx, di si r8 | ax bx X0 X1 cx
//
//go:noinline
func deep(n nested, b []byte) nested {
	use(n, b)
	return n
}

// want main.pointers: ax, bx, cx, di, si, r8, r9 r10 | ax, bx, cx, di
//
//go:noinline
func pointers(a *int, b map[string]int, c chan int, d func(), e unsafe.Pointer, f uintptr, g interface{}) (map[string]int, chan int, func(), unsafe.Pointer) {
	use(a, b, c, d, e, f, g)
	return b, c, d, e
}

// want main.narrow: ax, bx, cx, di, si, r8 | ax, bx, cx
//
//go:noinline
func narrow(a bool, b int8, c uint16, d int32, e rune, f byte) (bool, int8, uint16) {
	use(a, b, c, d, e, f)
	return a, b, c
}

// want main.manyResults: ax | ax, bx, cx, di, si, r8, r9, r10, r11, +8, X0
//
//go:noinline
func manyResults(a int) (b, c, d, e, f, g, h, i, j, k int, l float64) {
	use(a)
	return a, a, a, a, a, a, a, a, a, a, 1
}

// want main.strings: ax bx, cx di, si r8, r9 r10, +8, r11 | ax bx, cx di
//
//go:noinline
func strings(a, b, c, d, e string, f int) (string, error) {
	use(a, b, c, d, e, f)
	return a, errors.New(b)
}

type value struct {
	a, b int
	s    string
}

// want main.value.Get: ax bx cx di, si | ax
//
//go:noinline
func (v value) Get(i int) int {
	use(v, i)
	return v.a
}

// want main.(*value).Set: ax, bx cx | ax bx
//
//go:noinline
func (v *value) Set(s string) error {
	use(v, s)
	return nil
}

// want since 1.22 main.unnamed: X0, ax bx, cx | ax
//
//go:noinline
func unnamed(_ float64, _ string, x int) int {
	use(x)
	return x
}

// want since 1.22 main.empty.Method: -, ax | ax
type empty struct{}

//go:noinline
func (empty) Method(x int) int {
	use(x)
	return x
}

// want main.deferred: ax, bx cx | ax bx, cx
//
//go:noinline
func deferred(a int, s string) (t string, n int) {
	defer func() {
		if recover() != nil {
			t, n = s, a
		}
	}()
	use(a, s)
	return s, a
}

// want main.closures.func1: ax, bx cx | ax
//
//go:noinline
func closures(a int, s string) func(int, string) int {
	n := a
	return func(x int, y string) int {
		n += x
		use(x, y, s)
		return n
	}
}

// want main.spills: ax bx cx di si r8 r9 r10, r11, X0, +8, X1 | ax
//
//go:noinline
func spills(a struct{ a, b, c, d, e, f, g, h int }, b int16, c float32, d int, e float64) int {
	use(a, b, c, d, e)
	return d
}

// want main.assembly.abi0: +8, +10, +12, +16, +24 | +40, +42, +44
// want main.assembly: ax, bx, cx, di, si r8 | ax, bx, cx
func assembly(a int8, b uint16, c bool, d int32, e string) (x int8, y uint16, z bool)

type getter interface{ Get(int) int }

func main() {
	use(twelve(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
	use(floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17))
	use(structMixed(mixed{}, 1))
	use(structNine(nine{}, 1))
	use(structTen(ten{}, 1))
	use(arrayTwo([2]int64{}, 1))
	use(arrayOne([1]int64{}, 1))
	use(arrayNone([0]int64{}, 1))
	use(blankFields(blanks{}, 1))
	use(complexes(1, 2, 3))
	use(late(1, "", nil, nil, nil, 2, ""))
	use(specExample(1, [2]uintptr{}, 2))
	use(alignment([3]byte{}, [2]int16{}, 1, [2]int64{}))
	use(emptyElements(emptyArray{}, 1))
	use(deep(nested{}, nil))
	use(pointers(nil, nil, nil, nil, nil, 1, 2))
	use(narrow(true, 1, 2, 3, 4, 5))
	use(manyResults(1))
	use(strings("", "", "", "", "", 1))
	v := &value{}
	var g getter = v
	use(v.Set("x"), g.Get(1), empty{}.Method(2), v.Get(3), unnamed(1, "", 2))
	use(deferred(1, "x"))
	use(closures(1, "x")(2, "y"))
	use(spills(struct{ a, b, c, d, e, f, g, h int }{}, 1, 2, 3, 4))
	f := assembly // through a function value it is called with registers, by a wrapper
	if len(os.Args) > 6 {
		f = nil
	}
	use(f(1, 2, true, 4, "x"))
	if len(os.Args) > 5 {
		use(v.Set)
	}
	generic()
	ranges()
}
