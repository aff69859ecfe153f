// Command jumps calls a method through an interface whose wrapper jumps to the method of an embedded pointer, and a
// function that calls itself many times over.
//
// Usage: jumps DEPTH
package main

import (
	"os"
	"strconv"
)

type inner struct{ sum int }

//go:noinline
func (i *inner) Do(x int) int {
	i.sum += x
	return i.sum
}

type outer struct {
	room int
	*inner
}

type doer interface{ Do(int) int }

//go:noinline
func root(n int, d doer) int { return down(n) + d.Do(n) }

//go:noinline
func down(n int) int {
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	var d doer = &outer{inner: &inner{}}
	for i := 0; i < 3; i++ {
		root(n, d)
	}
}
