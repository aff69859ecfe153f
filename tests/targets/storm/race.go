package main

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gobt.example/truth"
)

var raceArrived, raceCalls int64

// runRace lets two goroutines call a function with the same number at the same moment, with each number from 1 on.
func runRace(numbers []int) {
	var both sync.WaitGroup
	both.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			for n := 1; n <= numbers[0]; n++ {
				atomic.AddInt64(&raceArrived, 1)
				for spins := 0; atomic.LoadInt64(&raceArrived) < int64(2*n); spins++ {
					if spins > 10000 {
						runtime.Gosched()
					}
				}
				race(n)
			}
			both.Done()
		}()
	}
	both.Wait()
	truth.Number("race", raceCalls)
}

// race has a key of its own for each pair of calls.
//
//go:noinline
func race(n int) { atomic.AddInt64(&raceCalls, 1) }
