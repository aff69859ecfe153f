package main

type point struct {
	X, Y int32
}

func runSequences() {
	byteSlice([]byte("hello"))
	byteSlice(nil)
	byteSlice([]byte{})
	byteSlice([]byte{0, 1, 0x7f, 0x80, 0xff})
	byteSlice(make([]byte, 3, 10))
	byteSlice([]byte(runeless(300)))
	intSlice([]int{10, -20, 30})
	intSlice(nil)
	intSlice([]int{})
	intSlice([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}[:12])
	stringSlice([]string{"zero", "one", "", "three"})
	stringSlice(nil)
	pointSlice([]point{{1, 2}, {3, -4}})
	pointerSlice([]*point{{5, 6}, nil})
	nested([][]int{{1}, {2, 3}, nil})
	byteArray([4]byte{0xde, 0xad, 0xbe, 0xef})
	intArray([3]int{7, 8, 9})
	oneArray([1]int{42})
	noArray([0]int{})
	pointArray([2]point{{1, 2}, {3, 4}})
	arrayPointer(&[3]int{70, 80, 90})
	sliceResult(3)
	bools8([]bool{true, false, true})
	sixteens([]int16{-1, 2, -3})
}

//go:noinline
func byteSlice(b []byte) int { sink = b; return len(b) }

//go:noinline
func intSlice(s []int) (int, int) { return len(s), cap(s) }

//go:noinline
func stringSlice(s []string) int { return len(s) }

//go:noinline
func pointSlice(s []point) int { return len(s) }

//go:noinline
func pointerSlice(s []*point) int { return len(s) }

//go:noinline
func nested(s [][]int) int { return len(s) }

//go:noinline
func byteArray(a [4]byte) byte { return a[0] + a[3] }

//go:noinline
func intArray(a [3]int) [3]int { return [3]int{a[2], a[1], a[0]} }

//go:noinline
func oneArray(a [1]int) [1]int { return [1]int{a[0] + 1} }

//go:noinline
func noArray(a [0]int) int { return len(a) }

//go:noinline
func pointArray(a [2]point) point { return a[1] }

//go:noinline
func arrayPointer(a *[3]int) int { return a[1] }

//go:noinline
func sliceResult(n int) ([]int, []string) {
	ints, texts := []int{}, []string{}
	for i := 0; i < n; i++ {
		ints = append(ints, i*i)
		texts = append(texts, runeless(i))
	}
	return ints, texts
}

//go:noinline
func bools8(s []bool) int { return len(s) }

//go:noinline
func sixteens(s []int16) int { return len(s) }
