// Command twice is run as two processes of one file. Their goroutines have the same addresses and numbers, and their
// calls the same frames; one takes long for a call while the other one makes many short ones.
//
// Usage: twice MILLISECONDS COUNT
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

var calls, long int64

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: twice MILLISECONDS COUNT")
		os.Exit(1)
	}
	milliseconds, _ := strconv.Atoi(os.Args[1])
	count, _ := strconv.Atoi(os.Args[2])
	truth.Begin()
	for i := 0; i < count; i++ {
		work(milliseconds, i)
		time.Sleep(time.Millisecond)
	}
	truth.Number("work", calls)
	truth.Number("long", long)
	truth.End()
}

//go:noinline
func work(milliseconds, i int) int {
	atomic.AddInt64(&calls, 1)
	if milliseconds > 0 {
		atomic.AddInt64(&long, 1)
		time.Sleep(time.Duration(milliseconds) * time.Millisecond)
	}
	return i
}
