package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"gobt.example/truth"
)

// dial connects to a listener, and to a port where nobody listens.
func dial(somebody, nobody string, rounds int) {
	var refused int64
	for i := 0; i < rounds; i++ {
		address := somebody
		if i%3 == 2 {
			address = nobody
		}
		connection, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err != nil {
			refused++
			continue
		}
		connection.Close()
	}
	truth.Number("connected", int64(rounds)-refused+dials.Load())
	truth.Number("refused", refused)
	truth.Text("somebody", somebody)
	truth.Text("nobody", nobody)
}

// files reads one that is there and one that is not.
func files(rounds int) {
	for i := 0; i < rounds; i++ {
		settings()
		if i%2 == 0 {
			_, _ = os.ReadFile("/does/not/exist")
		}
	}
	truth.Number("settings", int64(rounds))
	truth.Number("absent", int64((rounds+1)/2))
}

//go:noinline
func settings() []byte {
	text, _ := os.ReadFile("/proc/self/comm")
	return text
}

// locks waits for a mutex that another goroutine holds.
func locks(rounds int) {
	var mutex sync.Mutex
	for i := 0; i < rounds; i++ {
		mutex.Lock()
		held := make(chan bool)
		go func() {
			close(held)
			time.Sleep(10 * time.Millisecond)
			mutex.Unlock()
		}()
		<-held
		wait(&mutex)
	}
	truth.Number("waits", int64(rounds))
}

//go:noinline
func wait(mutex *sync.Mutex) {
	mutex.Lock()
	mutex.Unlock()
}

// goroutines begins some that end and some that never do.
func goroutines(rounds int) {
	var all sync.WaitGroup
	never := make(chan bool)
	for i := 0; i < rounds; i++ {
		all.Add(1)
		start(&all)
		if i%5 == 0 {
			leak(never)
		}
	}
	all.Wait()
	truth.Number("started", int64(rounds))
	truth.Number("leaked", int64((rounds+4)/5))
	truth.Number("goroutine", number())
}

//go:noinline
func start(all *sync.WaitGroup) {
	go func() {
		all.Done()
	}()
}

//go:noinline
func leak(never chan bool) {
	go func() {
		<-never
	}()
}

// number is that of this goroutine.
func number() int64 {
	var text [64]byte
	words := bytes.Fields(text[:runtime.Stack(text[:], false)])
	n, _ := strconv.ParseInt(string(words[1]), 10, 64)
	return n
}

// contexts run out, and are given up.
func contexts(rounds int) {
	for i := 0; i < rounds; i++ {
		late, stop := context.WithTimeout(context.Background(), time.Millisecond)
		<-late.Done()
		stop()
	}
	truth.Number("late", int64(rounds))
}

// panics are recovered from.
func panics(rounds int) {
	for i := 0; i < rounds; i++ {
		recovered(i)
	}
	truth.Number("panics", int64(rounds))
	truth.Number("texts", int64(rounds/2))
}

func recovered(i int) {
	defer func() { _ = recover() }()
	burst(i)
}

//go:noinline
func burst(i int) {
	if i%2 == 0 {
		panic(errors.New("too much of it"))
	}
	panic("no more")
}

// collect asks for garbage collections. There are no others: main has turned them off.
func collect(rounds int) {
	for i := 0; i < rounds; i++ {
		runtime.GC()
	}
	truth.Number("collections", int64(rounds))
}
