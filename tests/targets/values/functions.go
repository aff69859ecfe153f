package main

import "strings"

type handler func(int) int

func runFunctions() {
	call(nil)
	call(doubled)
	offset := 5
	call(func(n int) int { return n + offset })
	call(square{2}.scale)
	handle(handler(doubled))
	mapper(strings.ToUpper)
	makeFunction(3)
}

func doubled(n int) int { return n * 2 }

func (s square) scale(n int) int { return s.Side * n }

//go:noinline
func call(f func(int) int) int {
	if f == nil {
		return 0
	}
	return f(21)
}

//go:noinline
func handle(h handler) int { return h(1) }

//go:noinline
func mapper(f func(string) string) string { return f("x") }

//go:noinline
func makeFunction(n int) func() int { return func() int { return n } }
