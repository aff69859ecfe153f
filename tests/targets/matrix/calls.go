package main

import (
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gobt.example/truth"
)

var workCalls, workSevens, waitCalls, moved, digCalls, digDepths, calledBack int64

// onGoroutines runs work on n new goroutines and waits for all of them.
func onGoroutines(n int, work func(i int)) {
	var all sync.WaitGroup
	for i := 0; i < n; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			work(i)
		}(i)
	}
	all.Wait()
}

func runWork() {
	onGoroutines(8, func(i int) {
		for n := 0; n < 250+i; n++ {
			work(n)
		}
	})
	truth.Number("work", workCalls)
	truth.Number("sevens", workSevens)
}

//go:noinline
func work(n int) int {
	atomic.AddInt64(&workCalls, 1)
	if n == 7 {
		atomic.AddInt64(&workSevens, 1)
		return -7
	}
	return n / 2
}

// runWaits has goroutines that each wait another number of times, and that are numbered by Go itself.
func runWaits() {
	runtime.GOMAXPROCS(4)
	var lock sync.Mutex
	byGoroutine := map[string]int64{}
	// Again, if by chance none has changed its thread.
	for round := 0; round < 50 && moved == 0; round++ {
		onGoroutines(40, func(i int) {
			calls := 1 + i%4
			for n := 0; n < calls; n++ {
				wait(i, n)
			}
			lock.Lock()
			defer lock.Unlock()
			byGoroutine[goroutine()] = int64(calls)
		})
	}
	for id, calls := range byGoroutine {
		truth.Number("goroutine-"+id, calls)
	}
	truth.Number("waits", waitCalls)
	truth.Number("goroutines", int64(len(byGoroutine)))
	truth.Number("moved", moved)
}

// wait sleeps for at least two milliseconds, and notices when it wakes on another thread.
//
//go:noinline
func wait(i, n int) int {
	atomic.AddInt64(&waitCalls, 1)
	before := syscall.Gettid()
	runtime.Gosched()
	time.Sleep(time.Duration(2+(i+n)%3) * time.Millisecond)
	if syscall.Gettid() != before {
		atomic.AddInt64(&moved, 1)
	}
	return n
}

// goroutine is the number of this goroutine.
func goroutine() string { return strconv.FormatInt(truth.Goroutine(), 10) }

// runDigs lets new goroutines, whose stacks are small, call themselves deeper and deeper: every few calls the stack
// is copied to a larger one, while the calls below are under way.
func runDigs() {
	onGoroutines(20, func(i int) {
		dig(20+i, &order{ID: int64(i)})
	})
	truth.Number("digs", digCalls)
	truth.Number("depths", digDepths)
}

//go:noinline
func dig(depth int, o *order) int {
	var frame [3000]byte
	atomic.AddInt64(&digCalls, 1)
	atomic.AddInt64(&digDepths, int64(depth))
	frame[depth%len(frame)] = byte(depth)
	if depth > 0 {
		return dig(depth-1, o) + int(frame[depth%len(frame)]) + int(o.ID)
	}
	return 0
}

func runCallbacks() {
	for n := 0; n < 30; n++ {
		callBack(n)
	}
	truth.Number("callbacks", calledBack)
}

// called is called by C, where there is any: on a goroutine of Go's, and on one that was made for a thread of C's.
//
//go:noinline
func called(n int64) int64 {
	atomic.AddInt64(&calledBack, 1)
	return n + 10
}
