package main

import (
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gobt.example/truth"
)

var alarmedCalls, handledCalls int64

// runSignals calls a function, so often and until so many signals were sent, while they come in all the time: the
// profiler's, a thousand a second, those that stop goroutines, and one that a handler in Go waits for.
func runSignals(numbers []int) {
	runtime.GOMAXPROCS(4)
	runtime.SetCPUProfileRate(1000) // by a timer of each thread that sends SIGPROF
	signals := make(chan os.Signal, 100)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGURG)
	var senders, workers sync.WaitGroup
	var stop int32
	var sent int64
	for i := 0; i < 2; i++ {
		senders.Add(1)
		go func(i int) {
			defer senders.Done()
			for atomic.LoadInt32(&stop) == 0 {
				which := syscall.SIGURG
				if i == 0 {
					which = syscall.SIGUSR1
				}
				if syscall.Kill(os.Getpid(), which) == nil {
					atomic.AddInt64(&sent, 1)
				}
				runtime.Gosched()
			}
		}(i)
	}
	handled := make(chan bool)
	go func() {
		for one := range signals {
			handle(one)
		}
		handled <- true
	}()
	for i := 0; i < 4; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := 0; n < numbers[0] || atomic.LoadInt64(&sent) < int64(numbers[1]); n++ {
				alarmed(n)
				if n%50 == 0 {
					time.Sleep(100 * time.Microsecond) // or the senders do not get to run
				}
			}
		}()
	}
	workers.Wait()
	atomic.StoreInt32(&stop, 1)
	senders.Wait()
	signal.Stop(signals)
	close(signals)
	<-handled
	runtime.SetCPUProfileRate(0)
	truth.Number("alarmed", alarmedCalls)
	truth.Number("handled", handledCalls)
	truth.Number("sent", sent)
}

//go:noinline
func alarmed(n int) int {
	atomic.AddInt64(&alarmedCalls, 1)
	if n%5 == 0 {
		return step(n)
	}
	x := n
	for i := 0; i < 300; i++ {
		x += step(i)
	}
	return x
}

//go:noinline
func handle(one os.Signal) bool {
	atomic.AddInt64(&handledCalls, 1)
	return one == syscall.SIGUSR1
}
