package main

import (
	"time"

	"gobt.example/truth"
)

var hotTotal, hotCalls int

// runHot calls a small function as often as told and says how long that took.
func runHot(numbers []int) {
	began := time.Now()
	for i := 0; i < numbers[0]; i++ {
		hotTotal += hot(i)
	}
	truth.Number("nanoseconds", int64(time.Since(began)))
	truth.Number("hot", int64(hotCalls))
}

// hot has a frame, a stack check and one way out.
//
//go:noinline
func hot(n int) int {
	hotCalls++
	return step(n) + 1
}

//go:noinline
func step(n int) int { return n ^ 0x55 }
