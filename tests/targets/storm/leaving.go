package main

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gobt.example/truth"
)

var steps [6]int64
var stepsBack [6]int64
var cleanCalls, cleanReturns int64

// runLeave ends calls of five frames in every way there is: they return, panic, panic again in a deferred function,
// recover and panic anew, and leave the goroutine. All of them defer calls of a function that is traced too, and which
// panics and recovers inside of itself.
func runLeave(numbers []int) {
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		for way := 0; way < 6; way++ {
			all.Add(1)
			go func(way int) {
				defer all.Done()
				defer func() { _ = recover() }()
				step1(way)
			}(way)
		}
	}
	all.Wait()
	for i := 1; i <= 5; i++ {
		name := string(rune('0' + i))
		truth.Number("steps"+name, steps[i])
		truth.Number("back"+name, stepsBack[i])
	}
	truth.Number("clean", cleanCalls)
	truth.Number("cleaned", cleanReturns)
}

//go:noinline
func step1(way int) int {
	atomic.AddInt64(&steps[1], 1)
	defer clean(way)
	n := step2(way)
	atomic.AddInt64(&stepsBack[1], 1)
	return n + 1
}

// step2 panics with another value while the first panic unwinds it (way 2).
//
//go:noinline
func step2(way int) int {
	atomic.AddInt64(&steps[2], 1)
	defer func() {
		if way == 2 {
			panic("again")
		}
	}()
	n := step3(way)
	atomic.AddInt64(&stepsBack[2], 1)
	return n + 1
}

// step3 recovers and panics anew (way 3), or recovers and returns (way 4).
//
//go:noinline
func step3(way int) (n int) {
	atomic.AddInt64(&steps[3], 1)
	defer func() {
		if way != 3 && way != 4 {
			return
		}
		reason := recover()
		if way == 3 {
			panic(reason)
		}
		n = clean(way)
		atomic.AddInt64(&stepsBack[3], 1)
	}()
	n = step4(way)
	atomic.AddInt64(&stepsBack[3], 1)
	return n
}

//go:noinline
func step4(way int) int {
	atomic.AddInt64(&steps[4], 1)
	defer clean(way)
	defer clean(way)
	n := step5(way)
	atomic.AddInt64(&stepsBack[4], 1)
	return n + 1
}

//go:noinline
func step5(way int) int {
	atomic.AddInt64(&steps[5], 1)
	switch way {
	case 0:
	case 5:
		runtime.Goexit()
	default:
		panic(errStorm)
	}
	atomic.AddInt64(&stepsBack[5], 1)
	return 5
}

// clean runs as a deferred function while its caller's frames are unwound. It panics and recovers in itself.
//
//go:noinline
func clean(way int) int {
	atomic.AddInt64(&cleanCalls, 1)
	mend(way)
	atomic.AddInt64(&cleanReturns, 1)
	return way
}

func mend(way int) {
	defer func() { _ = recover() }()
	if way%2 == 1 {
		panic(way)
	}
}
