package main

import (
	"os"
	"strings"
	"sync"
)

// Small is always inlined.
func Small(n int) int { return n*2 + 1 }

// Both is inlined where it is called directly, and called through a value elsewhere.
func Both(n int) int { return n*3 + 1 }

var (
	kept  func(int) int
	kinds = os.Args
)

//go:noinline
func Apply(f func(int) int, n int) int { return f(n) }

//go:noinline
func Adder(base int) func(int) int {
	return func(n int) int { return base + n }
}

//go:noinline
func Deferred(n int) (result int) {
	defer func() {
		if problem := recover(); problem != nil {
			result = -1
		}
	}()
	if n > 1 {
		Fail("too many")
	}
	return n
}

// Fail never returns.
//
//go:noinline
func Fail(why string) { panic(why) }

//go:noinline
func Fib(n int) int {
	if n < 2 {
		return n
	}
	return Fib(n-1) + Fib(n-2)
}

//go:noinline
func Variadic(format string, values ...any) int { return len(values) + len(format) }

// T, FooT and TFoo have methods of one name, which contain each other.
type T struct{ n int }

// FooT is not T.
type FooT struct{ n int }

// TFoo is not T either.
type TFoo struct{ n int }

//go:noinline
func (t *T) Get() int { return t.n }

//go:noinline
func (t *FooT) Get() int { return t.n }

//go:noinline
func (t *TFoo) Get() int { return t.n }

//go:noinline
func (t *T) GetAll(more int) int { return t.n + more }

//go:noinline
func (t T) Value() int { return t.n }

func functions() {
	var lock sync.Mutex
	lock.Lock()
	defer lock.Unlock()
	println(strings.Repeat("-", Small(len(kinds))))
	kept = Both // as a value it needs code of its own
	println(Both(len(kinds)), Apply(kept, 2), Apply(Adder(1), 2), Deferred(1), Deferred(2), Fib(5), Variadic("f", 1, "x"))
	println((&T{1}).Get(), (&FooT{2}).Get(), (&TFoo{3}).Get(), (&T{4}).GetAll(1), T{5}.Value())
	var valuer interface{ Value() int } = &T{6}
	println(valuer.Value())
}
