package main

import (
	"sync"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

var paceCalls, paceSum, paceOdd int64

// runPace calls a function so many times a second for so many seconds, from four goroutines: each makes its share of
// every millisecond's calls, and catches up when it is late.
func runPace(numbers []int) {
	rate, seconds := numbers[0], numbers[1]
	const workers = 4
	var all sync.WaitGroup
	began := time.Now()
	for w := 0; w < workers; w++ {
		all.Add(1)
		go func(w int) {
			defer all.Done()
			total := rate * seconds / workers
			for n := 0; n < total; {
				due := int(time.Since(began).Seconds() * float64(rate) / workers)
				for ; n < due && n < total; n++ {
					pace(n, w)
				}
				time.Sleep(time.Millisecond)
			}
		}(w)
	}
	all.Wait()
	took := time.Since(began)
	truth.Number("pace", paceCalls)
	truth.Number("sum", paceSum)
	truth.Number("odd", paceOdd)
	truth.Number("workers", workers)
	truth.Number("rate", int64(float64(paceCalls)/took.Seconds()))
}

//go:noinline
func pace(n, worker int) (int, bool) {
	atomic.AddInt64(&paceCalls, 1)
	atomic.AddInt64(&paceSum, int64(n))
	if n%2 == 1 {
		atomic.AddInt64(&paceOdd, 1)
		return n, true
	}
	return step(n), false
}
