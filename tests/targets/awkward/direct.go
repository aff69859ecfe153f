package main

import "unsafe"

type point struct{ X, Y int }

// Types that are one pointer, which an interface holds in its data word itself, and such that only nearly are.

type client struct{ *point }

type list [1]*point

type lookup struct{ m map[string]int }

type call struct{ f func() }

type queue struct{ c chan int }

type raw struct{ p unsafe.Pointer }

type deep struct{ c client }

type nested struct{ l [1]struct{ c client } }

type pointer *point

type table map[string]int

// Go 1.26 and later hold these directly, too.

type before struct {
	_ [0]func()
	p *point
}

type empty struct {
	none struct{}
	zero [0]int
	p    *point
	f    int0
}

type int0 struct{}

type zeroArray struct {
	z [0]int
	l [1]client
}

// Never direct.

type two struct{ p, q *point }

type after struct {
	p *point
	_ struct{}
}

type number struct{ n uintptr }

// measured has methods for values of it, so that it fits an interface with methods.
type measured struct{ p *point }

func (m measured) Measure() int { return m.p.X }

type measurer interface{ Measure() int }

type wrapping struct{ measurer }

type holder struct {
	Name string
	V    interface{}
	M    measurer
}

type failure struct{ p *point }

func (f failure) Error() string { return "failure" }

//go:noinline
func takeAny(v interface{}) {}

//go:noinline
func takeMeasurer(m measurer) {}

//go:noinline
func takeList(l []interface{}) {}

//go:noinline
func takeHolder(h *holder) {}

//go:noinline
func giveAny(p *point) (interface{}, error) { return client{p}, failure{p} }

func noop() {}

func runDirect() {
	p := &point{8, 9}
	m := map[string]int{"a": 1, "b": 2}
	c := make(chan int, 5)
	for _, v := range []interface{}{
		client{p}, list{p}, lookup{m}, call{noop}, queue{c}, raw{unsafe.Pointer(p)}, deep{client{p}},
		nested{[1]struct{ c client }{{client{p}}}}, pointer(p), table(m), before{p: p}, empty{p: p},
		zeroArray{l: [1]client{{p}}}, two{nil, p}, after{p: p}, number{77}, p, m, c, noop, [1]*point{p}, struct{ p *point }{p},
		client{}, measured{p}, wrapping{measured{p}},
	} {
		takeAny(v)
	}
	takeMeasurer(measured{p})
	takeMeasurer(wrapping{measured{p}})
	takeList([]interface{}{1, client{p}})
	takeHolder(&holder{"h", deep{client{p}}, measured{p}})
	giveAny(p)
}
