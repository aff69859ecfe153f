package main

import (
	"runtime"
	"sync"

	"gobt.example/awkward/lib"
	"gobt.example/truth"
)

var hits = struct {
	sync.Mutex
	of map[string]int64
}{of: map[string]int64{}}

//go:noinline
func hit(name string) {
	hits.Lock()
	hits.of[name]++
	hits.Unlock()
}

func count(name string) int64 {
	hits.Lock()
	defer hits.Unlock()
	return hits.of[name]
}

// gauge has a method of its values that has code of its own, one that is inlined wherever that can be, and one of
// pointers.
type gauge struct{ n int }

//go:noinline
func (g gauge) Read() int {
	hit("Read")
	return g.n
}

func (g gauge) Small() int {
	hit("Small")
	return g.n
}

//go:noinline
func (g *gauge) Set(n int) int {
	hit("Set")
	return n
}

// panel, board and dash promote methods, the last one those of another package.

type panel struct {
	Name string
	gauge
}

type board struct{ *gauge }

type dash struct {
	*lib.Dial
	Name string
}

type reader interface{ Read() int }

type smaller interface{ Small() int }

type setter interface{ Set(int) int }

type turner interface {
	Turn() int
	Light() int
}

// socket promotes what is in an interface.
type socket struct{ reader }

//go:noinline
func callReader(r reader) int { return r.Read() }

//go:noinline
func callSmaller(s smaller) int { return s.Small() }

//go:noinline
func callSetter(s setter) int { return s.Set(1) }

//go:noinline
func callTurner(t turner) int { return t.Turn() + t.Light() }

//go:noinline
func callValue(f func() int) int { return f() }

//go:noinline
func work(n int) { hit("work") }

func tiny(n int) { hit("tiny") }

func startWork(group *sync.WaitGroup, n int) {
	group.Add(1)
	go func(n int) {
		work(n)
		group.Done()
	}(n)
	go work(n)
	defer work(n)
	if n > 1 {
		defer tiny(n)
	}
}

func runWrappers() {
	lib.Hit = hit
	g := &gauge{5}
	for i := 0; i < 3; i++ {
		for _, r := range []reader{*g, g, panel{"p", *g}, &panel{"p", *g}, board{g}, &board{g}, socket{g}, &socket{board{g}}} {
			callReader(r)
		}
		for _, s := range []smaller{*g, g, panel{"p", *g}, &panel{"p", *g}, board{g}, &board{g}} {
			callSmaller(s)
		}
		for _, s := range []setter{g, &panel{"p", *g}, board{g}, &board{g}} {
			callSetter(s)
		}
		d := &lib.Dial{N: 6}
		callTurner(dash{d, "d"})
		callTurner(&dash{d, "d"})
		callTurner(d)
		callValue(g.Read)
		callValue(g.Small)
		callValue(panel{"p", *g}.Read)
		callValue(board{g}.Small)
		var group sync.WaitGroup
		startWork(&group, i)
		group.Wait()
	}
	for count("work") < 9 {
		runtime.Gosched()
	}
	for _, name := range []string{"Read", "Small", "Set", "Turn", "Light", "work", "tiny"} {
		truth.Number(name, hits.of[name])
	}
}
