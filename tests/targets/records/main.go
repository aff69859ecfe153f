// Command records calls functions with values of many shapes, some of them behind nil.
package main

import (
	"errors"
	"fmt"
	"net"
	"reflect"
	"runtime"
	"time"

	"gobt.example/truth"
)

type point struct{ X, Y int }

type inner struct {
	Name string
	N    int
	F    float64
	At   time.Time
	Err  error
	Tags []string
	Next *inner
}

type outer struct {
	In    *inner
	Grid  [2][3]int16
	Pts   [2]point
	List  []point
	Deep  struct{ A struct{ B struct{ C int } } }
	Ratio [2]float32
}

//go:noinline
func behind(p *outer) int { return 1 }

//go:noinline
func nested(p *outer) int { return 2 }

//go:noinline
func lists(texts []string, pts []point, bytes []byte, ptrs []*point, errs []error, each [][]int) int {
	return 3
}

//go:noinline
func addresses(ip net.IP, tcp *net.TCPAddr) int { return 4 }

//go:noinline
func functions(f func(int) int, g func(), h func()) int { return 5 }

//go:noinline
func times(t time.Time, d time.Duration, all []time.Time) int { return 6 }

//go:noinline
func crowded(s string, b []byte, all []string, m map[string]int, any interface{}, err error, pair [2]string, t time.Time) int {
	return 7
}

func double(i int) int { return 2 * i }

// line is where a function begins.
func line(f interface{}) int64 {
	pc := reflect.ValueOf(f).Pointer()
	_, line := runtime.FuncForPC(pc).FileLine(pc)
	return int64(line)
}

func main() {
	truth.Begin()
	full := &outer{In: &inner{
		Name: "name", N: 3, F: 0.1, At: time.Unix(0, 5), Err: errors.New("bad"), Tags: []string{"a", "b"},
	}}
	full.Grid[1][2] = 7
	full.Pts[1] = point{3, 4}
	full.Deep.A.B.C = 9
	full.Ratio[1] = 1.5
	for i := 0; i < 6; i++ {
		full.List = append(full.List, point{i, -i})
	}
	for _, p := range []*outer{full, {}, nil} {
		behind(p)
	}
	nested(full)
	lists([]string{"t0", "t1, ", "t2"}, full.List, []byte("hello, world"), []*point{nil},
		[]error{nil, errors.New("bad"), fmt.Errorf("outer: %w", errors.New("inner"))}, [][]int{{1}, {2, 3}, nil})
	lists(nil, nil, nil, nil, nil, nil)
	addresses(net.ParseIP("10.1.2.4"), &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 5})
	addresses(nil, nil)
	n := 1
	more := func() { n++ }
	truth.Number("double", line(double))
	truth.Number("literal", line(more))
	functions(double, more, nil)
	times(time.Date(2024, 2, 3, 4, 5, 6, 7, time.UTC), 1500*time.Millisecond, []time.Time{{}, time.Unix(1, 2)})
	crowded("s", []byte("b"), []string{"x", "y"}, nil, 1, net.ErrClosed, [2]string{"p", "q"}, time.Unix(0, 0))
	truth.End()
}
