// Command families makes trees of calls that reach over goroutines: roots start goroutines, which start others, some
// before their root returns and some after. Each call writes itself down, and at the end every tree is written to a
// file, as
//
//	TREE GOROUTINE main.root:NANOSECONDS(main.leaf:NANOSECONDS,go:NANOSECONDS(main.works:NANOSECONDS))
//
// with `!` for a call that did not return, and `go` for a goroutine that was started.
//
// Usage: families FILE GOROUTINES ROUNDS
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

// A call, or a goroutine.
type node struct {
	name  string
	begun time.Time
	took  time.Duration
	left  bool
	below []*node
}

// The calls of a goroutine that are open.
type path struct {
	open []*node
	// Roots, of a goroutine that is under none.
	roots []*node
	all   *sync.WaitGroup
}

func (p *path) add(name string) *node {
	made := &node{name: name, left: true, begun: time.Now()}
	if len(p.open) == 0 {
		p.roots = append(p.roots, made)
	} else {
		last := p.open[len(p.open)-1]
		last.below = append(last.below, made)
	}
	return made
}

// enter writes down a call, and says how many are open then.
//
//go:noinline
func (p *path) enter(name string) int {
	if len(p.open) == 1 && p.open[0].name == "go" {
		// The goroutine has begun by now at the latest.
		p.open[0].begun = time.Now()
	}
	p.open = append(p.open, p.add(name))
	return len(p.open)
}

// leave writes down that a call returns. Those in it that are open were left.
//
//go:noinline
func (p *path) leave(open int) {
	last := p.open[open-1]
	last.took = time.Since(last.begun)
	last.left = false
	p.open = p.open[:open-1]
}

// starts writes down a goroutine that is to be started.
//
//go:noinline
func (p *path) starts() *path {
	p.all.Add(1)
	return &path{open: []*node{p.add("go")}, all: p.all}
}

// ends writes down that the goroutine of the path ends.
//
//go:noinline
func (p *path) ends() {
	p.open[0].took = time.Since(p.open[0].begun)
	p.open[0].left = false
	p.all.Done()
}

// exits writes down that it ends by Goexit.
//
//go:noinline
func (p *path) exits() {
	p.all.Done()
}

func (n *node) write(to *bytes.Buffer) {
	to.WriteString(n.name)
	to.WriteByte(':')
	if n.left {
		to.WriteByte('!')
	} else {
		to.WriteString(strconv.FormatInt(int64(n.took), 10))
	}
	for i, below := range n.below {
		to.WriteByte("(,"[min(i, 1)])
		below.write(to)
	}
	if len(n.below) > 0 {
		to.WriteByte(')')
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
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
func root(p *path, n int) {
	open := p.enter("main.root")
	for i := 0; i < n%3; i++ {
		go works(p.starts(), n+i, n%2)
	}
	leaf(p, n)
	saves(p, n)
	if n%4 == 1 {
		literal(p, n)
	}
	if n%5 == 2 {
		go quits(p.starts(), n)
	}
	if n%7 == 3 {
		go again(p.starts(), n-1)
	}
	if n%3 == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	leaf(p, n)
	p.leave(open)
}

// again is a root under a root.
//
//go:noinline
func again(p *path, n int) {
	defer p.ends()
	open := p.enter("main.again")
	root(p, n)
	p.leave(open)
}

// works may start others, and may end after the root has.
//
//go:noinline
func works(p *path, n, more int) {
	defer p.ends()
	open := p.enter("main.works")
	grows(p, n%4*10)
	if n%3 == 1 {
		time.Sleep(time.Duration(n%5) * time.Millisecond)
	}
	if more > 0 {
		go works(p.starts(), n+1, more-1)
		runtime.Gosched()
	}
	leaf(p, n)
	p.leave(open)
}

//go:noinline
func literal(p *path, n int) {
	open := p.enter("main.literal")
	below := p.starts()
	go func() {
		defer below.ends()
		open := below.enter("main.literal.func1")
		leaf(below, n)
		below.leave(open)
	}()
	p.leave(open)
}

// quits ends its goroutine from within.
//
//go:noinline
func quits(p *path, n int) {
	defer p.exits()
	p.enter("main.quits")
	leaf(p, n)
	leaves(p, n)
}

//go:noinline
func leaves(p *path, n int) {
	p.enter("main.leaves")
	if n >= 0 {
		runtime.Goexit()
	}
}

// saves starts a goroutine after calls were left by a panic.
//
//go:noinline
func saves(p *path, n int) {
	open := p.enter("main.saves")
	if fails(p, n) {
		go works(p.starts(), n, 0)
	}
	p.leave(open)
}

//go:noinline
func fails(p *path, n int) (failed bool) {
	open := p.enter("main.fails")
	defer p.leave(open)
	defer func() { failed = recover() != nil }()
	throws(p, n)
	return false
}

//go:noinline
func throws(p *path, n int) {
	open := p.enter("main.throws")
	if n%6 == 1 {
		panic("odd")
	}
	p.leave(open)
}

//go:noinline
func leaf(p *path, n int) {
	open := p.enter("main.leaf")
	kept = make([]byte, 64+n)
	p.leave(open)
}

var kept []byte

//go:noinline
func grows(p *path, n int) int {
	open := p.enter("main.grows")
	var room [256]byte
	room[n] = byte(n)
	sum := int(room[n/2])
	if n > 0 {
		sum += grows(p, n-10)
	}
	p.leave(open)
	return sum + int(room[n])
}

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	if err != nil {
		panic(err)
	}
	return n
}

// first is the first function of its goroutine, and a root.
func first(p *path, n int, ids []int, done *sync.WaitGroup) {
	defer done.Done()
	ids[n] = goroutine()
	root(p, n)
	for round := 1; round < number(3); round++ {
		root(p, n+round)
		go idle(done)
		done.Add(1)
	}
}

// idle is started under no root.
func idle(done *sync.WaitGroup) {
	leaf(&path{}, 1)
	done.Done()
}

func main() {
	debug.SetGCPercent(5)
	count := number(2)
	paths, ids := make([]path, count), make([]int, count)
	var all, done sync.WaitGroup
	done.Add(count)
	for i := range paths {
		paths[i].all = &all
		go first(&paths[i], i, ids, &done)
	}
	done.Wait()
	all.Wait()
	time.Sleep(20 * time.Millisecond)
	var text bytes.Buffer
	for i := range paths {
		for _, root := range paths[i].roots {
			fmt.Fprint(&text, "TREE ", ids[i], " ")
			root.write(&text)
			text.WriteByte('\n')
		}
	}
	if err := os.WriteFile(os.Args[1], text.Bytes(), 0o644); err != nil {
		panic(err)
	}
}
