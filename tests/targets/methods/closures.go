package main

import "strconv"

// runClosures calls closures that capture: by value, by reference, nested, deferred, started as goroutines.
func runClosures(i int) {
	add := makeAdder(i)
	add(1)
	add(2)
	total := 0
	apply(func(n int) { // runClosures.func1
		called("closure")
		total += n
	}, 3)
	nest(i)
	deferred(i)
	done := make(chan int)
	go func() { done <- Get(i) }()
	<-done
}

//go:noinline
func makeAdder(base int) func(int) int {
	called("makeAdder")
	return func(n int) int { // makeAdder.func1
		called("adder")
		return base + n
	}
}

//go:noinline
func apply(f func(int), times int) {
	called("apply")
	for n := 0; n < times; n++ {
		f(n)
	}
}

//go:noinline
func nest(i int) string {
	outer := func(text string) string { // nest.func1
		called("outer")
		inner := func(n int) string { // nest.func1.1
			called("inner")
			return text + strconv.Itoa(n+i)
		}
		return indirect(inner, 1) + indirect(inner, 2)
	}
	return indirectText(outer, "x")
}

//go:noinline
func indirect(f func(int) string, n int) string { return f(n) }

//go:noinline
func indirectText(f func(string) string, s string) string { return f(s) }

//go:noinline
func deferred(i int) (result int) {
	called("deferred")
	defer func() { // deferred.func1
		called("deferredClosure")
		result++
	}()
	return i
}
