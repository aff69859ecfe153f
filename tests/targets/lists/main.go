// Command lists calls functions with lists of many kinds, and says how each is to be shown.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"gobt.example/truth"
)

type point struct{ X, Y int32 }

type row struct {
	Name string
	Tags []string
	Err  error
	At   point
}

type wide struct {
	N   int
	All [40]int
}

type grids struct {
	G [3][4]int16
	S [3]string
}

//go:noinline
func numbers(a []int, b []uint8, c []int16, d []float64, e []bool) int { return len(a) }

//go:noinline
func texts(a []string, b [][]byte) int { return len(a) }

//go:noinline
func failures(a []error) int { return len(a) }

//go:noinline
func anything(a []interface{}, b []fmt.Stringer, p []*point) int { return len(a) }

//go:noinline
func structs(a []point, b []row, c []wide) int { return len(a) }

//go:noinline
func nested(a [][]int, b [][]string, c []map[string]int) int { return len(a) }

//go:noinline
func arrays(p *grids, w *wide, z []struct{}, e [][0]int) int { return 1 }

//go:noinline
func moments(t []time.Time, d []time.Duration) int { return len(t) }

//go:noinline
func variadic(format string, more ...interface{}) int { return len(more) }

//go:noinline
func results(n int) ([]int, []string, error) {
	var a []int
	var b []string
	for i := 0; i < n; i++ {
		a = append(a, i*i)
		b = append(b, strings.Repeat("x", i))
	}
	return a, b, nil
}

type word string

func (w word) String() string { return string(w) }

var said int

// The most elements that are read one by one, and the most of lists in those.
var most, mostErrors, mostInside = 32, 32, 8

// expect says which line is to come, as often as it is said.
func expect(format string, values ...interface{}) {
	said++
	truth.Text(fmt.Sprintf("shown%d", said), fmt.Sprintf(format, values...))
}

// list is how a list of so many elements is shown, of which some were read.
func list(count int, read []string) string {
	if more := count - len(read); more > 0 {
		read = append(read, fmt.Sprintf("… %d more", more))
	}
	return fmt.Sprintf("[%d]{%s}", count, strings.Join(read, ", "))
}

// each is how its first elements are shown.
func each(count, most int, shown func(i int) string) string {
	var read []string
	for i := 0; i < count && i < most; i++ {
		read = append(read, shown(i))
	}
	return list(count, read)
}

func runNumbers(n int) {
	a, c := make([]int, n), make([]int16, n)
	d, e := make([]float64, n), make([]bool, n)
	for i := range a {
		a[i], c[i], d[i], e[i] = i*1000003-5, int16(-i), float64(i)/8, i%3 == 0
	}
	numbers(a, []byte("bytes"), c, d, e)
	expect("numbers %s|bytes|%s|%s|%s",
		each(n, 128, func(i int) string { return fmt.Sprint(a[i]) }),
		each(n, 512, func(i int) string { return fmt.Sprint(c[i]) }),
		each(n, 128, func(i int) string { return fmt.Sprint(d[i]) }),
		each(n, 1024, func(i int) string { return fmt.Sprint(e[i]) }))
}

func runTexts(n int) {
	a, b := make([]string, n), make([][]byte, n)
	for i := range a {
		a[i] = strings.Repeat(fmt.Sprintf("<%d, \t>", i), i%3)
		b[i] = []byte(a[i])
	}
	texts(a, b)
	expect("texts %s|%s",
		each(n, most, func(i int) string { return a[i] }),
		each(n, most, func(i int) string { return strings.ReplaceAll(a[i], "\t", `\x09`) }))
}

func runFailures(n int) {
	a := make([]error, n)
	for i := range a {
		switch i % 3 {
		case 1:
			a[i] = fmt.Errorf("failure %d", i)
		case 2:
			a[i] = fmt.Errorf("outer %d: %w", i, errors.New("inner"))
		}
	}
	failures(a)
	expect("failures %s", each(n, mostErrors, func(i int) string {
		if a[i] == nil {
			return "nil"
		}
		return a[i].Error()
	}))
}

func runAnything(n int) {
	a, b, p := make([]interface{}, n), make([]fmt.Stringer, n), make([]*point, n)
	for i := range a {
		switch i % 4 {
		case 1:
			a[i], b[i] = i, word("w")
		case 2:
			a[i], b[i], p[i] = "text", time.Second, &point{1, 2}
		case 3:
			a[i], b[i] = a, time.UTC
		}
	}
	name := func(v interface{}) string {
		if v == nil {
			return "nil"
		}
		return fmt.Sprintf("%T", v)
	}
	anything(a, b, p)
	expect("anything %s|%s|%s",
		each(n, 64, func(i int) string { return name(a[i]) }),
		each(n, most, func(i int) string { return name(b[i]) }),
		each(n, 128, func(i int) string {
			if p[i] == nil {
				return "nil"
			}
			return fmt.Sprintf("%p", p[i])
		}))
}

func runStructs(n int) {
	a, b, c := make([]point, n), make([]row, n), make([]wide, n)
	for i := range a {
		a[i] = point{int32(i), int32(-i)}
		b[i].Name, b[i].At = fmt.Sprintf("row %d", i), a[i]
		for k := 0; k < i; k++ {
			b[i].Tags = append(b[i].Tags, fmt.Sprintf("t%d", k))
		}
		if i%2 == 1 {
			b[i].Err = errors.New("odd")
		}
		c[i].N = i
		c[i].All[39] = i
	}
	structs(a, b, c)
	expect("structs %s|%s|%s",
		each(n, 128, func(i int) string { return fmt.Sprintf("%+v", a[i]) }),
		each(n, mostErrors, func(i int) string {
			err := "nil"
			if b[i].Err != nil {
				err = b[i].Err.Error()
			}
			tags := each(i, mostInside, func(k int) string { return b[i].Tags[k] })
			return fmt.Sprintf("{Name:%s Tags:%s Err:%s At:%+v}", b[i].Name, tags, err, b[i].At)
		}),
		each(n, 3, func(i int) string { return fmt.Sprintf("{N:%d All:%v}", i, c[i].All) }))
}

func runNested(n int) {
	a, b, c := make([][]int, n), make([][]string, n), make([]map[string]int, n)
	for i := range a {
		for k := 0; k < i; k++ {
			a[i] = append(a[i], k)
			b[i] = append(b[i], fmt.Sprintf("%d.%d", i, k))
		}
		if i > 0 {
			c[i] = map[string]int{"a": 1, "b": 2}
		}
	}
	nested(a, b, c)
	expect("nested %s|%s|%s",
		each(n, most, func(i int) string {
			return each(i, 128, func(k int) string { return fmt.Sprint(k) })
		}),
		each(n, most, func(i int) string {
			return each(i, mostInside, func(k int) string { return b[i][k] })
		}),
		each(n, most, func(i int) string {
			if c[i] == nil {
				return "nil"
			}
			return "map[2]"
		}))
}

func runArrays() {
	g := &grids{[3][4]int16{{1, 2, 3, 4}, {-1, -2, -3, -4}}, [3]string{"a", "", "c d"}}
	w := &wide{N: 5}
	for i := range w.All {
		w.All[i] = i - 3
	}
	arrays(g, w, make([]struct{}, 3), make([][0]int, 2))
	expect("arrays %v|%v|%v|[3]{{}, {}, {}}|[2]{[], []}", g.G, w.All, g.S)
	arrays(nil, nil, nil, nil)
	expect("arrays nil|nil|nil|[0]{}|[0]{}")
}

func runMoments() {
	t := []time.Time{{}, time.Unix(1, 2), time.Date(2024, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600))}
	d := []time.Duration{0, 1, -1500 * time.Millisecond, 1<<63 - 1, -1 << 63}
	moments(t, d)
	expect("moments %s|%s",
		each(len(t), 42, func(i int) string { return t[i].UTC().Format("2006-01-02 15:04:05.000000000 UTC") }),
		each(len(d), 128, func(i int) string { return d[i].String() }))
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "few" {
		most, mostErrors, mostInside = 16, 4, 4
	}
	truth.Begin()
	for _, n := range []int{0, 1, 4, 5, 9} {
		runNumbers(n)
		runTexts(n)
		runFailures(n)
		runAnything(n)
		runStructs(n)
		runNested(n)
	}
	runNumbers(600)
	runTexts(40)
	runFailures(33)
	runAnything(70)
	runNested(34)
	runArrays()
	runMoments()
	variadic("%d %s", 1, "two", nil, 3.0)
	expect("variadic %%d %%s|[4]{int, string, nil, float64}")
	for _, n := range []int{0, 3, 6} {
		a, b, _ := results(n)
		expect("results %s|%s|nil",
			each(n, 128, func(i int) string { return fmt.Sprint(a[i]) }),
			each(n, most, func(i int) string { return b[i] }))
	}
	truth.End()
}
