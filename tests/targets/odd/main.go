// Command odd calls functions with values at the ends of what their types hold, and says how each is to be shown.
package main

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"
	"unsafe"

	"gobt.example/truth"
)

var said int

func say(format string, v ...interface{}) {
	said++
	truth.Text(fmt.Sprintf("shown%d", said), fmt.Sprintf(format, v...))
}

type pad struct {
	A int8
	_ int32
	B int64
	C bool
	_ [3]byte
	D uint16
}
type emb struct {
	io.Reader
	N int
}
type empty struct{}
type name string
type flags uint8
type grid [2][3][2]int8
type big struct{ A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q int64 }
type pair[K comparable, V any] struct {
	Key K
	Val V
}
type fn func(int) string
type held struct {
	D [6]float64
	S [4]float32
}
type inner struct {
	S string
	P *int
	M map[string]int
	C chan int
	F func()
}
type mixed struct {
	I8  int8
	U8  uint8
	F32 float32
	I16 int16
	C64 complex64
	B   bool
	S   []int8
	E   error
	U   unsafe.Pointer
	Up  uintptr
}

//go:noinline
func F01(a []int, b []int, c []string, d []byte) {}

//go:noinline
func F02(a []int) {}

//go:noinline
func F03(a []empty, b [4]empty, c empty, d *empty) {}

//go:noinline
func F04(a *grid) {}

//go:noinline
func F05(a pad) {}

//go:noinline
func F06(a *pad) {}

//go:noinline
func F07(a emb) {}

//go:noinline
func F08(a func(), b fn, c chan int, d chan<- int, e <-chan int) {}

//go:noinline
func F09(a unsafe.Pointer, b uintptr, c *int, d **int) {}

//go:noinline
func F10(a complex64, b complex128) (complex64, complex128) { return a, b }

//go:noinline
func F11(a *held) {}

//go:noinline
func F12(a time.Time, b *time.Time) time.Time { return a }

//go:noinline
func F13(a time.Duration, b []time.Duration) time.Duration { return a }

//go:noinline
func F14(a int8, b int16, c int32, d int64, e int, f uint8, g uint16, h uint32, i uint64, j uint) (int8, int16, int32, int64, int, uint8, uint16, uint32, uint64, uint) {
	return a, b, c, d, e, f, g, h, i, j
}

//go:noinline
func F15(a name, b string) name { return a }

//go:noinline
func F16(a big) big { return a }

//go:noinline
func F17(a, b, c, d, e, f, g, h, i, j, k, l int64, s string, t []int, u error) (int64, string, error) {
	return l, s, u
}

//go:noinline
func F18[K comparable, V any](a pair[K, V], b []pair[K, V], c map[K]V) (K, V) { return a.Key, a.Val }

//go:noinline
func F19(a mixed) {}

//go:noinline
func F20(a *mixed) {}

//go:noinline
func F21(a [1]string, b [1]int, c [0]int, d [2]int) [2]int { return d }

//go:noinline
func F22(a rune, b byte, c bool, d flags) (rune, byte, bool, flags) { return a, b, c, d }

//go:noinline
func F23(a []name, b []flags, c []bool, d []rune) {}

//go:noinline
func F24(a interface{}, b fmt.Stringer, c error, d http.Handler) {}

//go:noinline
func F25(a inner) {}

//go:noinline
func F26(a *inner, b **inner) {}

//go:noinline
func F27(a map[string]int, b map[int]bool, c *map[string]int) {}

//go:noinline
func F28(a [3]string) [3]string { return a }

//go:noinline
func F29(a ...string) {}

//go:noinline
func F30(a struct{ X, Y int }, b struct{}, c *struct{ Z string }) {}

//go:noinline
func F31(a [][]byte, b [][2]int, c [2][]string) {}

//go:noinline
func F32(a []*int, b []func(), c []chan int, d []unsafe.Pointer) {}

//go:noinline
func F33(a []complex128, b []float32, c []mixed) {}

//go:noinline
func F34(a []interface{}, b []error) {}

//go:noinline
func F35(a []map[string]int, b []time.Time) {}

//go:noinline
func F36(a *string, b *[]int, c *error, d *interface{}) {}

//go:noinline
func F37(n int) (a [2]string, b big, e error) { b.Q = int64(n); a[1] = "r"; return a, b, nil }

//go:noinline
func F38(n int) (a, b, c, d, e, f, g, h, i, j, k, l string) {
	return "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"
}

type num interface{ ~int64 | ~float64 }

//go:noinline
func F39[T num](a T, b []T, c *T) T { return a }

type lst[T any] struct {
	v []T
	n int
}

//go:noinline
func (l *lst[T]) F40(x T) int { l.v = append(l.v, x); return len(l.v) }

//go:noinline
func (p pad) F41(x uint8) uint8 { return x }

//go:noinline
func F42(a [5]struct {
	A int8
	B int64
}) {}

//go:noinline
func F43(f32 float32, f64 float64, s string) {}

const ro = "a constant that nobody touches"

func main() {
	truth.Begin()
	F01(nil, []int{}, nil, nil)
	say("F01 [0]{}|[0]{}|[0]{}|")
	s := make([]int, 2, 100)
	s[1] = -1
	F01(s, s[:1], []string{"", "\x00", "ab"}, []byte{0, 255, 'a'})
	say("F01 [2]{0, -1}|[1]{0}|[3]{, \x00, ab}|%s", `\x00\xffa`)
	F03(make([]empty, 3), [4]empty{}, empty{}, nil)
	say("F03 [3]{{}, {}, {}}|[{} {} {} {}]|{}|nil")
	F04(&grid{{{1, -1}, {2, -2}, {3, -128}}, {{127, 0}}})
	F05(pad{A: -1, B: math.MinInt64, C: true, D: 65535})
	say("F05 {A:-1 _:0 B:-9223372036854775808 C:true _:\\x00\\x00\\x00 D:65535}")
	F06(&pad{A: 1})
	F06(nil)
	F07(emb{strings.NewReader("x"), 4})
	say("F07 {Reader:*strings.Reader N:4}")
	F07(emb{})
	say("F07 {Reader:nil N:0}")
	c := make(chan int, 3)
	c <- 1
	F08(nil, nil, nil, c, c)
	say("F08 nil|nil|nil|chan[1/3]|chan[1/3]")
	F09(nil, 0, nil, nil)
	say("F09 nil|0|nil|nil")
	var i int
	ip := &i
	F09(unsafe.Pointer(&i), 255, &i, &ip)
	say("F09 %p|255|%p|%p", ip, ip, &ip)
	nan := math.NaN()
	inf := math.Inf(1)
	nz := math.Copysign(0, -1)
	l11 := &held{[6]float64{nan, inf, -inf, nz, 5e-324, 1.7976931348623157e308}, [4]float32{0.1, 1e-45, 3.4028235e38, -0}}
	F11(l11)
	say("F11 [NaN +Inf -Inf -0 5e-324 1.7976931348623157e+308]|[0.1 1e-45 3.4028235e+38 0]")
	F11(nil)
	say("F11 nil|nil")
	for _, t := range []time.Time{{}, time.Unix(0, 0), time.Now(), time.Now().UTC(), time.Date(2300, 1, 2, 3, 4, 5, 6, time.FixedZone("x", -7*3600)), time.Date(-5, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(1800, 1, 1, 0, 0, 0, 1, time.UTC)} {
		F12(t, &t)
		w := t.UTC().Format("2006-01-02 15:04:05.000000000 UTC")
		say("F12 %s|&%s|%s", w, w, w)
	}
	for _, d := range []time.Duration{0, 1, -1, math.MinInt64, math.MaxInt64, 999, 1000, 1500 * time.Microsecond, -time.Hour, 59*time.Minute + 59*time.Second + 999999999} {
		F13(d, []time.Duration{d, -d})
		say("F13 %s|[2]{%s, %s}|%s", d, d, -d, d)
	}
	F14(math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt64, math.MinInt64, math.MaxUint8, math.MaxUint16, math.MaxUint32, math.MaxUint64, math.MaxUint64)
	w := "-128 -32768 -2147483648 -9223372036854775808 -9223372036854775808 255 65535 4294967295 18446744073709551615 18446744073709551615"
	say("F14 %s", w)
	say("F14 %s", w)
	for _, n := range []name{"", "a\x00b", name(strings.Repeat("z", 250)), "tab\there", "ü€😀", ro, "ends\x00"} {
		F15(n, string(n))
		say("F15 %s|%s|%s", n, n, n)
	}
	b := big{1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12, 13, -14, 15, -16, 17}
	F16(b)
	say("F16 1 -16 17|1 17")
	F17(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12, "spilled", []int{7, 8}, io.EOF)
	say("F17 10 11 -12 spilled [2]{7, 8} EOF|-12|spilled|EOF")
	F18(pair[string, int]{"k", 5}, []pair[string, int]{{"a", 1}}, map[string]int{"x": 1})
	F18(pair[name, time.Duration]{"k", 5}, []pair[name, time.Duration]{{"a", 1}}, nil)
	F18(pair[int8, *int]{-3, nil}, nil, nil)
	m := mixed{-1, 255, 0.5, -300, complex(1, -2), true, []int8{-1, 1}, io.EOF, nil, 9}
	F19(m)
	say("F19 -1 255 0.5 -300 (1-2i) true [2]{-1, 1} EOF nil 9")
	F20(&m)
	say("F20 -1 255 0.5 -300 (1-2i) true [2]{-1, 1} EOF nil 9")
	F20(nil)
	say("F20 nil nil nil nil nil nil nil nil nil nil")
	F21([1]string{"one"}, [1]int{-5}, [0]int{}, [2]int{-1, 2})
	say("F21 [one]|[-5]|[]|[-1 2]|[-1 2]")
	F22('ü', 200, true, 130)
	say("F22 252 200 true 130|252 200 true 130")
	F23([]name{"a", ""}, []flags{1, 2}, []bool{true, false}, []rune("aü"))
	say("F23 [2]{a, }|%s|[2]{true, false}|[2]{97, 252}", `\x01\x02`)
	F24(nil, nil, nil, nil)
	say("F24 nil|nil|nil|nil")
	F24(name("x"), time.Second, io.ErrUnexpectedEOF, http.HandlerFunc(nil))
	say("F24 main.name|time.Duration|unexpected EOF|http.HandlerFunc")
	F24((*int)(nil), (*strings.Builder)(nil), (*oops)(nil), nil)
	say("F24 *int|*strings.Builder|*main.oops|nil")
	F24(pair[name, []int]{}, &b2{}, fmt.Errorf("x %w y", io.EOF), http.NotFoundHandler())
	say("F24 main.pair[main.name,[]int]|*main.b2|x EOF y|http.HandlerFunc")
	F25(inner{})
	say("F25 {S: P:nil M:nil C:nil F:nil}")
	F26(nil, nil)
	say("F26 nil|nil")
	F27(nil, map[int]bool{1: true}, nil)
	say("F27 nil|map[1]|nil")
	mm := map[string]int{}
	for k := 0; k < 1000; k++ {
		mm[fmt.Sprint(k)] = k
	}
	F27(mm, map[int]bool{}, &mm)
	say("F27 map[1000]|map[0]|%p", &mm)
	F28([3]string{"a", "", "c"})
	say("F28 [a  c]|[a  c]")
	F29()
	say("F29 [0]{}")
	F29("a")
	say("F29 [1]{a}")
	F30(struct{ X, Y int }{1, -2}, struct{}{}, nil)
	say("F30 {X:1 Y:-2}|{}|nil")
	F30(struct{ X, Y int }{1, -2}, struct{}{}, &struct{ Z string }{"z"})
	say("F30 {X:1 Y:-2}|{}|&{Z:z}")
	F31([][]byte{nil, {}, {1}}, [][2]int{{1, 2}, {3, 4}}, [2][]string{{"a"}, nil})
	say("F31 [3]{, , %s}|[2]{[1 2], [3 4]}|[[1]{a} [0]{}]", `\x01`)
	F32([]*int{nil, ip}, []func(){nil}, []chan int{nil, c}, []unsafe.Pointer{nil})
	say("F32 [2]{nil, %p}|[1]{nil}|[2]{nil, chan[1/3]}|[1]{nil}", ip)
	F33([]complex128{complex(1, 2), complex(nan, -inf)}, []float32{0.1, -1}, nil)
	say("F33 [2]{(1+2i), (NaN-Infi)}|[2]{0.1, -1}|[0]{}")
	F34([]interface{}{nil, 1, "a", m, &m}, []error{nil, io.EOF, &oops{}})
	say("F34 [5]{nil, int, string, main.mixed, *main.mixed}|[3]{nil, EOF, oops}")
	F35([]map[string]int{nil, mm}, []time.Time{{}})
	say("F35 [2]{nil, map[1000]}|[1]{0001-01-01 00:00:00.000000000 UTC}")
	F36(nil, nil, nil, nil)
	say("F36 nil|nil|nil|nil")
	F37(9)
	say("F37 [ r]|9|nil")
	F38(1)
	say("F38 a b c d e f g h i j k l")
	F39(time.Duration(5), []time.Duration{1}, nil)
	F39(1.5, []float64{nz}, nil)
	l := &lst[name]{}
	l.F40("q")
	say("F40 q|1")
	pad{D: 3}.F41(7)
	say("F41 3 7 7")
	F42([5]struct {
		A int8
		B int64
	}{{1, 2}, {-3, -4}})
	say("F42 [{A:1 B:2} {A:-3 B:-4} {A:0 B:0} {A:0 B:0} {A:0 B:0}]")
	truth.End()
}

type oops struct{ n int }

func (*oops) Error() string { return "oops" }

type b2 struct{}

func (*b2) String() string { return "" }
