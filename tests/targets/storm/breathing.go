package main

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"

	"gobt.example/truth"
)

var breatheCalls, deepCalls, grown, shrunk, strainCalls, spinCalls int64

// runBreathe lets goroutines call themselves while their stacks grow and shrink: every call first goes deep, which
// makes the stack large, and then collects garbage, which halves it again as long as little of it is used.
func runBreathe(numbers []int) {
	debug.SetGCPercent(-1) // only when asked to
	var all sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			breathe(numbers[1])
		}()
	}
	all.Wait()
	truth.Number("breathe", breatheCalls)
	truth.Number("deep", deepCalls)
	truth.Number("grown", grown)
	truth.Number("shrunk", shrunk)
}

// breathe counts how often its own frame was elsewhere after the deep call, and after the collection.
//
//go:noinline
func breathe(depth int) int {
	atomic.AddInt64(&breatheCalls, 1)
	before := here()
	n := deep(60)
	above := here()
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	after := here()
	if before != above {
		atomic.AddInt64(&grown, 1)
	}
	if above != after {
		atomic.AddInt64(&shrunk, 1)
	}
	if depth > 0 {
		n += breathe(depth - 1)
	}
	return n + deep(30)
}

// here is an address in its frame, as a number, so that it does not move along with the stack.
//
//go:noinline
func here() uintptr {
	var mark byte
	return uintptr(unsafe.Pointer(&mark))
}

//go:noinline
func deep(n int) int {
	var frame [1000]byte
	atomic.AddInt64(&deepCalls, 1)
	frame[n%len(frame)] = byte(n)
	if n > 0 {
		return deep(n-1) + int(frame[(n*7)%len(frame)])
	}
	return 0
}

// runStrain keeps the garbage collector always at work, with tight loops that only a signal can stop.
func runStrain(numbers []int) {
	debug.SetGCPercent(1)
	runtime.GOMAXPROCS(8)
	var all sync.WaitGroup
	var stop int32
	for i := 0; i < 4; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for atomic.LoadInt32(&stop) == 0 {
				spin(200_000)
			}
		}()
	}
	var work sync.WaitGroup
	for i := 0; i < numbers[0]; i++ {
		work.Add(1)
		go func(i int) {
			defer work.Done()
			kept := make([][]byte, 16)
			for n := 0; n < numbers[1]; n++ {
				kept[n%16] = strain(i, n)
			}
		}(i)
	}
	work.Add(1)
	go func() {
		defer work.Done()
		for i := 0; i < 5; i++ { // on a slow machine the calls alone bring fewer collections
			runtime.GC()
		}
	}()
	work.Wait()
	atomic.StoreInt32(&stop, 1)
	all.Wait()
	var statistics runtime.MemStats
	runtime.ReadMemStats(&statistics)
	truth.Number("strain", strainCalls)
	truth.Number("spin", spinCalls)
	truth.Number("collections", int64(statistics.NumGC))
}

//go:noinline
func strain(i, n int) []byte {
	atomic.AddInt64(&strainCalls, 1)
	fresh := make([]byte, 2000+i%7*500)
	fresh[n%len(fresh)] = byte(i)
	return fresh
}

// spin has a loop without calls, in which Go has no other way to stop it than a signal.
//
//go:noinline
func spin(n int) int {
	atomic.AddInt64(&spinCalls, 1)
	x := n
	for i := 0; i < n; i++ {
		x = x*31 + i
	}
	return x
}
