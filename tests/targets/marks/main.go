// Command marks makes calls under a root, most of which the compiler inlines, and writes to a file how many there were:
//
//	main.small 18
//
// Usage: marks FILE ROOTS
package main

import (
	"fmt"
	"os"
	"strconv"
)

var smalls, mediums, leaves int

func small(n int) int {
	smalls++
	return n + smalls
}

func medium(n int) int {
	mediums++
	return small(n) * 2
}

//go:noinline
func big(n int) int {
	sum := small(n)
	for i := 0; i < n%4; i++ {
		sum += medium(i)
	}
	if sum%3 > 0 {
		sum += leaf(sum)
	}
	return sum
}

//go:noinline
func leaf(n int) int {
	leaves++
	return n + small(n)
}

//go:noinline
func root(n int) int {
	return big(n) + small(n) + call(small, n)
}

//go:noinline
func call(what func(int) int, n int) int {
	return what(n)
}

func main() {
	roots, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	for i := 0; i < roots; i++ {
		root(i)
	}
	text := fmt.Sprintf("main.small %d\nmain.medium %d\nmain.leaf %d\nmain.call %d\n", smalls, mediums, leaves, roots)
	if err := os.WriteFile(os.Args[1], []byte(text), 0o644); err != nil {
		panic(err)
	}
}
