package main

import (
	"sync"
	"sync/atomic"

	"gobt.example/truth"
)

var fibCalls, growCalls, growDepth, bigCalls int64

func runFib(numbers []int) {
	result := fib(numbers[0])
	truth.Number("result", int64(result))
	truth.Number("fib", fibCalls)
}

//go:noinline
func fib(n int) int {
	atomic.AddInt64(&fibCalls, 1)
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// runGrow lets fresh goroutines, whose stacks are small, call themselves deeper and deeper: every few calls the
// stack is copied to a larger one, while the calls below are under way.
func runGrow(numbers []int) {
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			grow(numbers[1])
		}()
	}
	all.Wait()
	truth.Number("grow", growCalls)
	truth.Number("bottoms", growDepth)
}

//go:noinline
func grow(depth int) int {
	var frame [6000]byte
	atomic.AddInt64(&growCalls, 1)
	frame[depth%len(frame)] = byte(depth)
	if depth > 0 {
		return grow(depth-1) + int(frame[depth%len(frame)])
	}
	atomic.AddInt64(&growDepth, 1)
	return 0
}

// runBig calls a function with a large frame once in each of many fresh goroutines.
func runBig(numbers []int) {
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			big(i)
		}(i)
	}
	all.Wait()
	truth.Number("big", bigCalls)
}

//go:noinline
func big(i int) byte {
	var frame [6000]byte
	atomic.AddInt64(&bigCalls, 1)
	frame[i%len(frame)] = byte(i)
	return frame[(i*7)%len(frame)]
}
