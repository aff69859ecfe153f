package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

type shape interface {
	Area() int
	Name() string
}

type square struct{ Side int }

func (s square) Area() int    { return s.Side * s.Side }
func (s square) Name() string { return "square" }

type rectangle struct {
	W, H int
	Tag  string
}

func (r *rectangle) Area() int {
	if r == nil {
		return 0
	}
	return r.W * r.H
}
func (r *rectangle) Name() string { return "rectangle" }

type count int

func (c count) Area() int    { return int(c) }
func (c count) Name() string { return "count" }

func runInterfaces() {
	takeShape(nil)
	takeShape(square{3})
	takeShape(&rectangle{4, 5, "r"})
	takeShape((*rectangle)(nil))
	takeShape(count(6))
	takeAny(nil)
	takeAny(42)
	takeAny("text")
	takeAny(&rectangle{1, 2, "any"})
	takeAny(square{9})
	takeAny([]int{1, 2})
	takeAny(map[string]int{"a": 1})
	takeAny(func() {})
	takeAny(fmt.Stringer(nil))
	takeReader(strings.NewReader("x"))
	takeReader(os.Stdin)
	choose(0)
	choose(1)
	choose(2)
}

//go:noinline
func takeShape(s shape) int {
	if s == nil {
		return -1
	}
	return s.Area()
}

//go:noinline
func takeAny(v interface{}) bool { return v == nil }

//go:noinline
func takeReader(r io.Reader) bool { return r == nil }

//go:noinline
func choose(n int) shape {
	switch n {
	case 0:
		return nil
	case 1:
		return square{n + 1}
	}
	return &rectangle{n, n, "chosen"}
}
