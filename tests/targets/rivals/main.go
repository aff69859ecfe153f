// Command rivals has what tracers are compared on: a small function that takes a text, called as often as told; two
// methods whose names look alike to a pattern; texts of awkward lengths. It counts for itself.
//
// Usage: rivals say [CALLS] | tell [CALLS] | texts | twins
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gobt.example/truth"
)

func main() {
	work := ""
	if len(os.Args) > 1 {
		work = os.Args[1]
	}
	calls := 50000
	if len(os.Args) > 2 {
		n, err := strconv.Atoi(os.Args[2])
		if err != nil {
			fail("unexpected argument " + os.Args[2])
		}
		calls = n
	}
	truth.Begin()
	switch work {
	case "say":
		runSay(calls)
	case "tell":
		runTell(calls)
	case "texts":
		runTexts()
	case "twins":
		runTwins()
	default:
		fail("there is no work " + work)
	}
	truth.End()
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "rivals:", message)
	os.Exit(1)
}

var said, saidBytes int

// runSay calls a small function as often as told and says how long that took, by the clock and of a processor's time.
func runSay(calls int) {
	began, spent := time.Now(), used()
	for i := 0; i < calls; i++ {
		say("a customer's order")
	}
	truth.Number("processor", used()-spent)
	truth.Number("nanoseconds", int64(time.Since(began)))
	truth.Number("say", int64(said))
}

var told int

// runTell does the same with a function that takes a text and an error, which now and then wraps another.
func runTell(calls int) {
	plain := errors.New("no such customer")
	errs := [...]error{plain, nil, fmt.Errorf("order 7: %w", plain), syscall.ENOENT}
	began, spent := time.Now(), used()
	for i := 0; i < calls; i++ {
		tell("a customer's order", errs[i%len(errs)])
	}
	truth.Number("processor", used()-spent)
	truth.Number("nanoseconds", int64(time.Since(began)))
	truth.Number("tell", int64(told))
}

// tell is as say, and hands its error back.
//
//go:noinline
func tell(text string, err error) error {
	told += length(text)
	return err
}

// used is the processor's time that this process took so far, in nanoseconds.
func used() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err.Error())
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// say has a frame, a stack check and one way out. It has no result, because not every tracer takes one.
//
//go:noinline
func say(text string) {
	said++
	saidBytes += length(text)
}

//go:noinline
func length(text string) int { return len(text) }

// runTexts says texts about the lengths where readers of texts go wrong: none, and around powers of two.
func runTexts() {
	lengths := []int{0, 1, 5, 31, 32, 47, 48, 49, 63, 64, 65, 127, 200}
	for i, n := range lengths {
		text := exactly(n)
		say(text)
		truth.Text("text"+strconv.Itoa(i), text)
	}
	truth.Number("say", int64(said))
	truth.Number("characters", int64(saidBytes))
}

// exactly is a text of n characters in memory that was written to a moment ago; it begins with the number, and more
// text follows it there.
func exactly(n int) string {
	text := strconv.Itoa(n) + strings.Repeat("abcdefghij", 30)
	return text[:n]
}

// A T and a FooT are fetched; a pattern for the one name matches the other.
type (
	T    struct{ n int }
	FooT struct{ n int }
)

var got, gotFoo int

//go:noinline
func (t *T) Get(key int) int {
	got++
	time.Sleep(2 * time.Millisecond)
	return t.n + key
}

//go:noinline
func (t *FooT) Get(key int) int {
	gotFoo++
	time.Sleep(2 * time.Millisecond)
	return t.n - key
}

func runTwins() {
	t, foo := &T{1}, &FooT{2}
	for i := 0; i < 40; i++ {
		t.Get(i)
		foo.Get(i)
		foo.Get(i)
	}
	truth.Number("get", int64(got))
	truth.Number("foo", int64(gotFoo))
}
