package main

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gobt.example/truth"
)

var crowdCalls, roamCalls int64

// runCrowd holds many goroutines inside one call each, all at the same moment, and lets them go.
func runCrowd(numbers []int) {
	var inside, all sync.WaitGroup
	release := make(chan struct{})
	for i := 0; i < numbers[0]; i++ {
		inside.Add(1)
		all.Add(1)
		go func(i int) {
			defer all.Done()
			crowd(i, &inside, release)
		}(i)
	}
	inside.Wait()
	close(release)
	all.Wait()
	together := atomic.LoadInt64(&crowdCalls)
	for i := 0; i < numbers[1]; i++ { // when there is room again
		inside.Add(1)
		crowd(i, &inside, release)
	}
	truth.Number("together", together)
	truth.Number("alone", crowdCalls-together)
	truth.Number("crowd", crowdCalls)
}

//go:noinline
func crowd(i int, inside *sync.WaitGroup, release chan struct{}) int {
	atomic.AddInt64(&crowdCalls, 1)
	inside.Done()
	<-release
	return i
}

// runRoam keeps very many goroutines going, and each call of theirs waits for a timer, for another goroutine and in
// system calls, so that it returns on other threads than it was entered on.
func runRoam(numbers []int) {
	runtime.GOMAXPROCS(8)
	reader, writer, err := os.Pipe()
	if err != nil {
		fail(err.Error())
	}
	go func() { // gives back what it gets
		buffer := make([]byte, 4096)
		for {
			if _, err := reader.Read(buffer); err != nil {
				return
			}
		}
	}()
	post := make(chan chan int)
	for i := 0; i < 4; i++ {
		go func() {
			for answer := range post {
				answer <- syscall.Getpid()
			}
		}()
	}
	var all sync.WaitGroup
	var moved int64
	for i := 0; i < numbers[0]; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for n := 0; n < numbers[1]; n++ {
				if roam(i+n, writer, post) {
					atomic.AddInt64(&moved, 1)
				}
			}
		}(i)
	}
	all.Wait()
	close(post)
	writer.Close()
	truth.Number("goroutines", int64(numbers[0]))
	truth.Number("roam", roamCalls)
	truth.Number("moved", moved)
	truth.Number("stayed", roamCalls-moved)
}

// roam says whether it ended on another thread than it began on.
//
//go:noinline
func roam(n int, writer *os.File, post chan chan int) bool {
	atomic.AddInt64(&roamCalls, 1)
	thread := syscall.Gettid()
	time.Sleep(time.Duration(1+n%3) * time.Millisecond)
	answer := make(chan int)
	post <- answer
	<-answer
	if _, err := writer.Write([]byte{byte(n)}); err != nil {
		fail(err.Error())
	}
	pause := syscall.NsecToTimespec(1000)
	_ = syscall.Nanosleep(&pause, nil)
	runtime.Gosched()
	return syscall.Gettid() != thread
}
