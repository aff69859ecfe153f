package main

import "sync/atomic"

func tick() {
	ticks++
}

func weigh(n int) int {
	weighs++
	if n > 10 {
		return n * 2
	}
	return n + 1
}

func pick(n int) bool {
	picks++
	return n%3 == 0
}

// late counts behind a check of an index.
func late(list []int, n int) int {
	v := list[n]
	lates++
	return v
}

// fold has a loop, behind which it counts.
func fold(n int) int {
	folds++
	sum := 0
	for i := 0; i < n; i++ {
		sum += i
	}
	return sum
}

// both counts with an instruction that takes no probe.
func both(n int) int {
	atomic.AddInt64(&boths, 1)
	return n ^ 5
}

// only is never called through a variable.
func only(n int) int {
	onlys++
	return n - 3
}

func big(n int) int {
	bigs++
	if n < 0 {
		return 0
	}
	return inner(n) + weigh(n)
}

func inner(n int) int {
	inners++
	return n & 15
}

func middle(n int) int {
	middles++
	if n&1 == 0 {
		return inner(n) + weigh(n+1)
	}
	return inner(n + 2)
}

func outer(n int) int {
	outers++
	return middle(n) + middle(n+1)
}

// twice and sign write nothing.
func twice(n int) int {
	return n * 2
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// opaque keeps what is around it apart: the compiler joins the stores of two calls in a row, and up to Go 1.20 takes
// the first instruction of a function for its own.
//
//go:noinline
func opaque() int {
	return sink & 1
}

//go:noinline
func statements(n int) {
	opaque()
	tick()
	for i := 0; i < n; i++ {
		tick()
		sink += weigh(i)
	}
	for i := 0; i < 5; i++ {
		sink += only(i)
	}
	if n > 3 {
		tick()
	} else {
		sink += weigh(n)
	}
	switch n % 4 {
	case 0:
		tick()
	case 1, 2:
		sink += only(n)
	default:
		sink += fold(n)
	}
	sink += both(n)
}

//go:noinline
func conditions(n int) {
	opaque()
	if n > 2 && pick(n) {
		sink++
	}
	if n < 2 || pick(n+1) {
		sink++
	}
	if n > 20 && pick(n) || pick(n+2) && pick(n+3) {
		tick()
	}
	for i := 0; i < 4 && !pick(i+n); i++ {
		sink += i
	}
	list := make([]int, n+1)
	for i := range list {
		sink += late(list, i)
	}
	if n%5 == 0 {
		return
	}
	sink += late(list, n/2)
}

//go:noinline
func layers(n int) {
	opaque()
	sink += outer(n)
	for i := 0; i < 3; i++ {
		if i != 1 {
			sink += middle(i)
		}
		sink += big(i - 1)
	}
	sink += outer(n+1) + outer(n+2)
}

//go:noinline
func several(n int) {
	opaque()
	sink += weigh(n) + opaque() + weigh(n+1) + opaque() + weigh(n+2)
	tick()
	opaque()
	tick()
	a, b := only(n), opaque()+only(n+1)
	sink += a - b
	for i := 0; i < n; i++ {
		sink += only(i)
		tick()
	}
	if v := weigh(n); v > 20 {
		tick()
	} else if w := weigh(v); w > 3 {
		tick()
		opaque()
		tick()
	}
}

type box struct {
	n    int
	next *box
	list []int
}

func (b *box) add(n int) {
	b.n += n
	adds++
}

func (b box) get() int {
	gets++
	return b.n
}

func (b *box) size() int {
	return len(b.list)
}

// link writes a pointer, which the garbage collector wants to know of.
func (b *box) link(to *box) {
	b.next = to
	links++
}

type getter interface{ get() int }

//go:noinline
func methods(n int) {
	opaque()
	var b box
	for i := 0; i < n; i++ {
		b.add(i)
	}
	sink += b.get()
	var g getter = b
	if n%2 == 0 {
		g = &b
	}
	sink += g.get()
	p := &b
	if n > 4 {
		p.add(1)
	}
	sink += p.get()
}

var root = &box{}

//go:noinline
func pointers(n int) {
	opaque()
	for i := 0; i < 20; i++ {
		fresh := &box{n: i, list: make([]int, 64)}
		fresh.link(root)
		if i%7 == 0 {
			root.link(fresh)
		} else if i == 19 {
			root.link(nil)
			root = &box{}
		}
	}
}

//go:noinline
func closures(n int) {
	opaque()
	step := func(k int) { steps++; sink += k; tick() }
	step(n)
	opaque()
	step(n + 1)
	each(n%4, func(k int) { sink += only(k) })
}

func each(n int, do func(int)) {
	for i := 0; i < n; i++ {
		do(i)
	}
}

// plain counts calls of functions that write nothing before each.
//
//go:noinline
func plain(n int) {
	opaque()
	twices++
	a := twice(n)
	opaque()
	sizes++
	s := root.size()
	if n > 5 {
		signs++
		a += sign(s - n)
	}
	for i := 0; i < n; i++ {
		twices++
		a += twice(a + i)
	}
	sink += a + s
}

// goes is the head of a loop, and is called in the body of another.
func goes(n int) bool {
	goings++
	return n > 0
}

//go:noinline
func heads(n int) {
	opaque()
	for goes(n) {
		n--
	}
	for i := 0; i < 3; i++ {
		bodies++
		if goes(i) {
			sink++
		}
	}
}

// tock is called twice in a row: of the first call the compiler leaves hardly anything.
func tock() {
	tocks++
}

//go:noinline
func joined() {
	opaque()
	tock()
	tock()
}
