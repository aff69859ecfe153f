// Command trees makes trees of calls: recursion, panics, Goexit, growing stacks, goroutines that move between threads.
// Each call writes itself down, and at the end every tree is written to a file, as
//
//	TREE GOROUTINE main.root:NANOSECONDS(main.leaf:NANOSECONDS,main.fails:!(…))
//
// with `!` for a call that did not return. On its standard output it says how much time of processors it took until
// then.
//
// Usage: trees FILE GOROUTINES ROUNDS [STEP]
//
// With a STEP of 10 nothing panics and no goroutine is ended.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A tree of calls of one goroutine.
type tree struct {
	goroutine int
	calls     []call
	path      []int
	done      []string
}

type call struct {
	name  string
	depth int
	begun time.Time
	took  time.Duration
	left  bool
}

// enter writes down a call, and says how many are open then.
//
//go:noinline
func (t *tree) enter(name string) int {
	t.path = append(t.path, len(t.calls))
	t.calls = append(t.calls, call{name: name, depth: len(t.path) - 1, left: true, begun: time.Now()})
	return len(t.path)
}

// leave writes down that the call returns. Those in it that are open were left.
//
//go:noinline
func (t *tree) leave(open int) {
	last := &t.calls[t.path[open-1]]
	last.took = time.Since(last.begun)
	last.left = false
	t.path = t.path[:open-1]
	if open == 1 {
		t.finish()
	}
}

// finish ends the tree.
//
//go:noinline
func (t *tree) finish() {
	if len(t.calls) == 0 {
		return
	}
	var text strings.Builder
	depth := -1
	for _, c := range t.calls {
		switch {
		case c.depth > depth && depth >= 0:
			text.WriteByte('(')
		case c.depth <= depth:
			text.WriteString(strings.Repeat(")", depth-c.depth))
			text.WriteByte(',')
		}
		text.WriteString(c.name)
		text.WriteByte(':')
		if c.left {
			text.WriteByte('!')
		} else {
			text.WriteString(strconv.FormatInt(int64(c.took), 10))
		}
		depth = c.depth
	}
	text.WriteString(strings.Repeat(")", depth))
	t.done = append(t.done, text.String())
	t.calls, t.path = t.calls[:0], t.path[:0]
}

func goroutine() int {
	var stack [64]byte
	fields := bytes.Fields(stack[:runtime.Stack(stack[:], false)])
	id, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		panic(err)
	}
	return id
}

//go:noinline
func root(t *tree, n int) (sum int) {
	open := t.enter("main.root")
	sum = recurse(t, n%7)
	sum += saves(t, n)
	sum += grows(t, n%3*20)
	moves(t, n)
	if n%5 == 4 {
		sum += root(t, n-1)
	}
	t.leave(open)
	return sum
}

//go:noinline
func recurse(t *tree, n int) int {
	open := t.enter("main.recurse")
	sum := n
	if n > 0 {
		sum += recurse(t, n-1) + leaf(t, n)
	}
	t.leave(open)
	return sum
}

//go:noinline
func leaf(t *tree, n int) int {
	open := t.enter("main.leaf")
	kept = make([]byte, 64+n)
	t.leave(open)
	return n
}

var kept []byte

// saves recovers what fails throws, after which it makes another call.
//
//go:noinline
func saves(t *tree, n int) (sum int) {
	open := t.enter("main.saves")
	sum = recovers(t, n)
	sum += leaf(t, n)
	t.leave(open)
	return sum
}

//go:noinline
func recovers(t *tree, n int) (sum int) {
	open := t.enter("main.recovers")
	defer t.leave(open)
	defer func() {
		if recover() != nil {
			sum = afterwards(t, n)
		}
	}()
	return fails(t, n, n%4)
}

//go:noinline
func afterwards(t *tree, n int) int {
	// What was left is seen to be left when this begins: it lies in the call that panicked.
	open := t.enter("main.afterwards")
	t.leave(open)
	return n
}

//go:noinline
func fails(t *tree, n, depth int) int {
	open := t.enter("main.fails")
	if depth > 0 {
		n += fails(t, n, depth-1)
	}
	if depth == 0 && n%2 == 1 {
		panic("odd")
	}
	t.leave(open)
	return n
}

//go:noinline
func grows(t *tree, n int) int {
	open := t.enter("main.grows")
	var room [256]byte
	room[n] = byte(n)
	sum := int(room[n/2])
	if n > 0 {
		sum += grows(t, n-1)
	}
	t.leave(open)
	return sum + int(room[n])
}

//go:noinline
func moves(t *tree, n int) {
	open := t.enter("main.moves")
	runtime.Gosched()
	if n%3 == 0 {
		time.Sleep(50 * time.Microsecond)
	}
	leaf(t, n)
	t.leave(open)
}

// ends ends its goroutine.
//
//go:noinline
func ends(t *tree, n int) {
	t.enter("main.ends")
	leaf(t, n)
	leaves(t, n)
}

//go:noinline
func leaves(t *tree, n int) {
	t.enter("main.leaves")
	if n >= 0 {
		runtime.Goexit()
	}
}

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	debug.SetGCPercent(5)
	goroutines, rounds, step := number(2), number(3), 1
	if len(os.Args) > 4 {
		step = number(4)
	}
	trees := make([]tree, goroutines)
	var all sync.WaitGroup
	all.Add(goroutines)
	for i := range trees {
		go func(t *tree, n int) {
			defer all.Done()
			defer t.finish()
			t.goroutine = goroutine()
			for round := 0; round < rounds; round++ {
				root(t, n+round*step)
				leaf(&tree{}, n) // under no root
			}
			if n%10 == 9 {
				ends(t, n)
			}
		}(&trees[i], i*step)
	}
	all.Wait()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	fmt.Println("truth processor", used.Utime.Nano()+used.Stime.Nano())
	time.Sleep(20 * time.Millisecond)
	var text bytes.Buffer
	for _, t := range trees {
		for _, done := range t.done {
			fmt.Fprintln(&text, "TREE", t.goroutine, done)
		}
	}
	if err := os.WriteFile(os.Args[1], text.Bytes(), 0o644); err != nil {
		panic(err)
	}
}
