package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"

	"gobt.example/truth"
)

var lifeCalls int64

// runReplace runs the same file in the same process, in the middle of a call: what the first image did, the second
// learns from its environment. The truth is told by the last one.
func runReplace(numbers []int) {
	before, _ := strconv.Atoi(os.Getenv("STORM_BEFORE"))
	open, _ := strconv.Atoi(os.Getenv("STORM_OPEN"))
	for i := 0; i < numbers[0]; i++ {
		life(i, nil)
	}
	if open < numbers[1] {
		life(0, func() {
			os.Setenv("STORM_BEFORE", strconv.Itoa(before+int(lifeCalls)))
			os.Setenv("STORM_OPEN", strconv.Itoa(open+1))
			err := syscall.Exec("/proc/self/exe", os.Args, os.Environ())
			fail("exec: " + err.Error())
		})
	}
	truth.Number("life", int64(before)+lifeCalls)
	truth.Number("open", int64(open))
}

// runBecome becomes another program in the middle of a call.
func runBecome(numbers []int) {
	for i := 0; i < numbers[0]; i++ {
		life(i, nil)
	}
	truth.Number("life", lifeCalls+1) // with the call to come
	truth.Number("returned", lifeCalls)
	life(0, func() {
		err := syscall.Exec("/bin/sh", []string{"sh", "-c", "echo done; read word"}, os.Environ())
		fail("exec: " + err.Error())
	})
}

// runOffspring starts the same file again and again, one process after the other, each while the trace has long begun.
// Of three, one ends by itself, one is killed while it waits inside calls, and one exits inside a call.
func runOffspring(numbers []int) {
	var calls, returns int64
	for i := 0; i < numbers[0]; i++ {
		child := exec.Command("/proc/self/exe", "child", strconv.Itoa(i%3), strconv.Itoa(numbers[1]))
		child.Stderr = os.Stderr
		input, inputErr := child.StdinPipe()
		output, err := child.StdoutPipe()
		if inputErr != nil || err != nil || child.Start() != nil {
			fail("a child does not start")
		}
		var made, open int64
		if _, err := fmt.Fscan(bufio.NewReader(output), &made, &open); err != nil {
			fail("a child says nothing: " + err.Error())
		}
		calls += made
		returns += made - open
		if i%3 == 1 {
			_ = child.Process.Signal(syscall.SIGKILL)
		}
		_ = input.Close()
		_ = child.Wait()
	}
	truth.Number("children", int64(numbers[0]))
	truth.Number("life", calls)
	truth.Number("returned", returns)
}

// runChild is one of those processes; it says how many calls it made and how many of them will not return.
func runChild(numbers []int) {
	way, n := numbers[0], numbers[1]
	for i := 0; i < n; i++ {
		life(i, nil)
	}
	wait := func() { _, _ = io.ReadAll(os.Stdin) }
	switch way {
	case 0: // ends by itself
		fmt.Println(lifeCalls, 0)
		wait()
	case 1: // killed with five calls open
		inside := make(chan bool)
		for i := 0; i < 5; i++ {
			go life(i, func() { inside <- true; select {} })
			<-inside
		}
		fmt.Println(atomic.LoadInt64(&lifeCalls), 5)
		wait()
		select {}
	default: // exits in a call
		life(n, func() { fmt.Println(lifeCalls, 1); wait(); os.Exit(0) })
	}
	os.Exit(0)
}

// life does what it is told in the middle of the call.
//
//go:noinline
func life(i int, inside func()) int {
	atomic.AddInt64(&lifeCalls, 1)
	if inside != nil {
		inside()
	}
	return i
}
