package main

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"gobt.example/truth"
)

var (
	entered  [6]int64
	returned [6]int64
	deferred int64
)

var errStorm = errors.New("storm")

// runPanic lets panics unwind five frames: of three rounds one returns, one panics and is recovered at the top, one
// panics and is recovered in the middle, so that the frames above return after all.
func runPanic(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		for kind := 0; kind < 3; kind++ {
			catch(kind)
		}
	}
	report()
}

func report() {
	for i := 1; i <= 5; i++ {
		name := string(rune('0' + i))
		truth.Number("entered"+name, entered[i])
		truth.Number("returned"+name, returned[i])
	}
	truth.Number("deferred", deferred)
}

func catch(kind int) {
	defer func() { _ = recover() }()
	frame1(kind)
}

//go:noinline
func frame1(kind int) int {
	atomic.AddInt64(&entered[1], 1)
	defer atomic.AddInt64(&deferred, 1)
	n := frame2(kind)
	atomic.AddInt64(&returned[1], 1)
	return n + 1
}

//go:noinline
func frame2(kind int) int {
	atomic.AddInt64(&entered[2], 1)
	n := frame3(kind)
	atomic.AddInt64(&returned[2], 1)
	return n + 1
}

// frame3 recovers from the panics of kind 2 and then returns by the way that Go keeps for that.
//
//go:noinline
func frame3(kind int) (n int) {
	atomic.AddInt64(&entered[3], 1)
	defer func() {
		if kind == 2 {
			if recover() != nil {
				n = 30
				atomic.AddInt64(&returned[3], 1)
			}
		}
	}()
	n = frame4(kind) + 1
	atomic.AddInt64(&returned[3], 1)
	return n
}

//go:noinline
func frame4(kind int) int {
	atomic.AddInt64(&entered[4], 1)
	n := frame5(kind)
	atomic.AddInt64(&returned[4], 1)
	return n + 1
}

//go:noinline
func frame5(kind int) int {
	atomic.AddInt64(&entered[5], 1)
	if kind > 0 {
		panic(errStorm)
	}
	atomic.AddInt64(&returned[5], 1)
	return 5
}

// runCrash ends the process by a panic that nobody recovers from. Its truth has to be told before.
func runCrash(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		frame1(0)
	}
	entered[5]++ // the call to come
	entered[4]++
	entered[3]++
	entered[2]++
	entered[1]++
	report()
	os.Stderr.Close() // the stack trace of the crash is of no interest
	frame1(1)
}

// runGoexit ends goroutines in the middle of calls.
func runGoexit(numbers []int) {
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			leave(i)
		}(i)
	}
	all.Wait()
	truth.Number("entered", entered[1])
	truth.Number("returned", returned[1])
}

//go:noinline
func leave(i int) int {
	atomic.AddInt64(&entered[1], 1)
	if i%2 == 1 {
		leaveNow()
	}
	atomic.AddInt64(&returned[1], 1)
	return i
}

//go:noinline
func leaveNow() {
	runtime.Goexit()
}

// runHeal unwinds a call by a panic and then makes the same call in the same frame of the same goroutine, which must
// not be taken for the end of the first: the second one takes no time, the first began long ago.
func runHeal(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		attempt(i)
	}
	truth.Number("entered", entered[1])
	truth.Number("returned", returned[1])
}

func attempt(i int) {
	defer func() { _ = recover() }()
	fragile(i)
}

//go:noinline
func fragile(i int) int {
	atomic.AddInt64(&entered[1], 1)
	if i%2 == 0 {
		panic(errStorm)
	}
	atomic.AddInt64(&returned[1], 1)
	return i
}
