package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

var moveCalls, pingCalls, holdCalls, floodCalls, tickCalls, napCalls, bornCalls int64

// runMove keeps many goroutines going at once; each sleeps inside the call, so that it mostly returns on another
// thread than the one it was entered on.
func runMove(numbers []int) {
	runtime.GOMAXPROCS(4)
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for n := 0; n < numbers[1]; n++ {
				move(i, n)
			}
		}(i)
	}
	all.Wait()
	truth.Number("goroutines", int64(numbers[0]))
	truth.Number("move", moveCalls)
}

//go:noinline
func move(i, n int) int {
	atomic.AddInt64(&moveCalls, 1)
	runtime.Gosched()
	time.Sleep(time.Duration(1+(i+n)%5) * time.Millisecond)
	runtime.Gosched()
	return i + n
}

// runPingPong lets two goroutines that are locked to a thread each hand the turn to each other inside calls.
func runPingPong(numbers []int) {
	there, back := make(chan int), make(chan int)
	var all sync.WaitGroup
	all.Add(2)
	go func() {
		defer all.Done()
		runtime.LockOSThread()
		for n := 0; n < numbers[0]; n++ {
			ping(n, there, back)
		}
	}()
	go func() {
		defer all.Done()
		runtime.LockOSThread()
		for n := 0; n < numbers[0]; n++ {
			ping(n, back, there)
		}
	}()
	there <- 0
	all.Wait()
	truth.Number("ping", pingCalls)
}

//go:noinline
func ping(n int, in, out chan int) int {
	atomic.AddInt64(&pingCalls, 1)
	got := <-in
	if out == nil {
		return got
	}
	select {
	case out <- got + 1:
	case <-time.After(100 * time.Millisecond): // the other one is through
	}
	return got
}

// runMidcall has calls under way when the trace begins.
func runMidcall(numbers []int) {
	var entered, all sync.WaitGroup
	release := make(chan struct{})
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		entered.Add(1)
		go func(i int) {
			defer all.Done()
			hold(i, &entered, release)
		}(i)
	}
	entered.Wait()
	truth.Begin()
	close(release)
	all.Wait()
	before := atomic.LoadInt64(&holdCalls)
	for i := 0; i < numbers[1]; i++ {
		entered.Add(1)
		hold(i, &entered, release)
	}
	truth.Number("before", before)
	truth.Number("after", holdCalls-before)
	truth.Number("returns", holdCalls)
}

//go:noinline
func hold(i int, entered *sync.WaitGroup, release chan struct{}) int {
	atomic.AddInt64(&holdCalls, 1)
	entered.Done()
	<-release
	return i
}

// runFlood calls one function as fast as it can, far more often than anybody wants to read lines about.
func runFlood(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		flood(i)
	}
	truth.Number("flood", floodCalls)
}

//go:noinline
func flood(i int) int {
	atomic.AddInt64(&floodCalls, 1)
	return i * 3
}

// runTicks calls one function at a steady pace: so many times, so many milliseconds apart.
func runTicks(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		tick(i)
		time.Sleep(time.Duration(numbers[1]) * time.Millisecond)
	}
	truth.Number("tick", tickCalls)
}

//go:noinline
func tick(i int) int {
	atomic.AddInt64(&tickCalls, 1)
	return i
}

// runNap takes a known time inside each call: odd calls the given milliseconds, even ones none.
func runNap(numbers []int) {
	long := 0
	for i := 0; i < numbers[0]; i++ {
		if nap(i, time.Duration(i%2*numbers[1])*time.Millisecond) {
			long++
		}
	}
	truth.Number("nap", napCalls)
	truth.Number("long", int64(long))
	truth.Number("short", napCalls-int64(long))
}

//go:noinline
func nap(i int, d time.Duration) bool {
	atomic.AddInt64(&napCalls, 1)
	if d > 0 {
		time.Sleep(d)
	}
	return d > 0
}

// runParents starts goroutines from goroutines.
func runParents(numbers []int) {
	done := make(chan bool)
	for i := 0; i < numbers[0]; i++ {
		go func(i int) {
			born(i)
			go func() {
				born(i + 1000)
				done <- true
			}()
		}(i)
	}
	for i := 0; i < numbers[0]; i++ {
		<-done
	}
	truth.Number("born", bornCalls)
}

//go:noinline
func born(i int) int {
	atomic.AddInt64(&bornCalls, 1)
	return i
}
