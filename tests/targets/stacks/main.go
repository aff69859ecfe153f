// Command stacks calls a few functions in many ways, and writes into a file from where: the stack of each call
// according to the run time, with how often it was seen.
//
// Usage: stacks FILE
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

var (
	mu   sync.Mutex
	seen = map[string]int{}
	sink int
)

// noted counts the stack of its caller, which calls something else on the same line, and gives n back.
func noted(of string, n int) int {
	var pcs [200]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	text := of
	for {
		frame, more := frames.Next()
		if frame.Function != "runtime.goexit" && frame.Function != "" {
			text += fmt.Sprintf("|%s %s:%d", frame.Function, frame.File, frame.Line)
		}
		if !more {
			break
		}
	}
	text += creation()
	mu.Lock()
	seen[text]++
	mu.Unlock()
	return n
}

// creation is the `go` statement of this goroutine.
func creation() string {
	buffer := make([]byte, 1<<16)
	lines := strings.Split(string(buffer[:runtime.Stack(buffer, false)]), "\n")
	for at, line := range lines {
		if strings.HasPrefix(line, "created by ") {
			name := strings.Split(strings.TrimPrefix(line, "created by "), " in goroutine")[0]
			place := strings.Split(strings.TrimSpace(lines[at+1]), " ")[0]
			return "|created by " + name + " " + place
		}
	}
	return ""
}

//go:noinline
func probe(n int) int { return n + len(os.Args) }

//go:noinline
//go:nosplit
func leaf(n int) int { return n + 1 }

func inner(n int) int {
	return probe(noted("probe", n))
}

func middle(n int) int { return inner(n) + 1 }

//go:noinline
func inlining(n int) int {
	n = middle(n)
	return middle(n) +
		inner(n)
}

//go:noinline
func recursive(n int) int {
	if n == 0 {
		sink += probe(noted("probe", n))
		return 0
	}
	return recursive(n-1) + 1
}

// down is traced itself.
//
//go:noinline
func down(n int) int {
	if n == 0 {
		return 0
	}
	sink += down(noted("down", n-1))
	return n
}

type value struct{ n int }

func (v value) method() int { return probe(noted("probe", v.n)) }

type wide struct{ a, b, c, d int }

//go:noinline
func (w wide) method() int { return probe(noted("probe", w.a)) }

type caller interface{ method() int }

type holder struct{ caller }

//go:noinline
func through(c caller) int { return c.method() }

//go:noinline
func deferred(n int) int {
	defer func() {
		recover()
		sink += probe(noted("probe", n))
	}()
	if n > 1 {
		panic("on purpose")
	}
	return n
}

//go:noinline
func faults(p *int) (n int) {
	defer func() {
		recover()
		n = probe(noted("probe", 1))
	}()
	return *p
}

//go:noinline
func closures(n int) int {
	f := func(m int) int { return probe(noted("probe", n+m)) }
	return apply(f, n)
}

//go:noinline
func apply(f func(int) int, n int) int { return f(n) + 1 }

//go:noinline
func leaves(n int) int {
	return leaf(noted("leaf", n))
}

// bare has no frame of its own but the one that calls take.
//
//go:noinline
func bare() { probe(noted("probe", 1)) }

// blocked waits for another goroutine: this one is parked.
//
//go:noinline
func blocked() int {
	return <-later(noted("blocked", 1))
}

//go:noinline
func later(n int) chan int {
	c := make(chan int)
	go func() {
		time.Sleep(20 * time.Millisecond)
		c <- n
	}()
	return c
}

//go:noinline
func mark() { sink++ }

// thin has no frame in programs made before Go 1.21.
//
//go:nosplit
//go:noinline
func thin() { mark() }

//go:noinline
func outer() { thin() }

func start(wait *sync.WaitGroup, f func()) {
	wait.Add(1)
	go func() {
		defer wait.Done()
		f()
	}()
}

//go:noinline
func work(n int) {
	sink += probe(noted("probe", n))
}

func main() {
	var wait sync.WaitGroup
	for i := 0; i < 3; i++ {
		inlining(i)
		recursive(i * 40)
		down(noted("down", 5))
		through(value{i})
		through(&value{i})
		through(wide{a: i})
		through(&wide{a: i})
		through(&holder{&wide{a: i}})
		deferred(i)
		faults(nil)
		closures(i)
		leaves(i)
		bare()
	}
	blocked()
	outer()
	for i := 0; i < 10; i++ {
		start(&wait, func() { work(i) })
	}
	wait.Add(1)
	go func(n int) {
		work(n)
		wait.Done()
	}(1)
	wait.Wait()
	var all []string
	for stack, count := range seen {
		all = append(all, fmt.Sprintf("%d %s", count, stack))
	}
	sort.Strings(all)
	if err := os.WriteFile(os.Args[1], []byte(strings.Join(all, "\n")), 0o600); err != nil {
		panic(err)
	}
}
