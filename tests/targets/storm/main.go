// Command storm makes the calls that a tracer gets wrong: recursion, growing stacks, goroutines that move
// between threads, calls that a panic or Goexit unwinds, calls that began before the trace. It counts them all.
//
// Usage: storm WORK [NUMBER…]
package main

import (
	"fmt"
	"os"
	"strconv"

	"gobt.example/truth"
)

// works are the workloads by name, each with the numbers it takes when the command line gives none.
var works = map[string]struct {
	run      func(numbers []int)
	defaults []int
}{
	"fib":       {runFib, []int{15}},
	"grow":      {runGrow, []int{200, 40}},
	"big":       {runBig, []int{2000}},
	"move":      {runMove, []int{1000, 5}},
	"pingpong":  {runPingPong, []int{500}},
	"panic":     {runPanic, []int{50}},
	"crash":     {runCrash, []int{10}},
	"goexit":    {runGoexit, []int{50}},
	"heal":      {runHeal, []int{200}},
	"midcall":   {runMidcall, []int{20, 30}},
	"flood":     {runFlood, []int{5000}},
	"ticks":     {runTicks, []int{40, 25}},
	"nap":       {runNap, []int{20, 10}},
	"hot":       {runHot, []int{50000}},
	"parents":   {runParents, []int{5}},
	"crowd":     {runCrowd, []int{70000, 100}},
	"roam":      {runRoam, []int{10000, 2}},
	"breathe":   {runBreathe, []int{4, 12}},
	"strain":    {runStrain, []int{20, 500}},
	"leave":     {runLeave, []int{20}},
	"signals":   {runSignals, []int{3000, 5000}},
	"replace":   {runReplace, []int{20, 3}},
	"become":    {runBecome, []int{20}},
	"offspring": {runOffspring, []int{12, 50}},
	"child":     {runChild, []int{0, 50}},
	"race":      {runRace, []int{2000}},
	"pace":      {runPace, []int{50000, 10}},
}

func main() {
	if len(os.Args) < 2 {
		fail("usage: storm WORK [NUMBER…]")
	}
	work, found := works[os.Args[1]]
	if !found {
		fail("there is no work " + os.Args[1])
	}
	numbers := append([]int(nil), work.defaults...)
	for i, text := range os.Args[2:] {
		n, err := strconv.Atoi(text)
		if err != nil || i >= len(numbers) {
			fail("unexpected argument " + text)
		}
		numbers[i] = n
	}
	switch {
	case os.Args[1] == "midcall": // begins when its calls are already under way
	case os.Args[1] == "child": // a parent asks it
	case os.Getenv("STORM_BEFORE") != "": // it began in another image
	default:
		truth.Begin()
	}
	work.run(numbers)
	truth.End()
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "storm:", message)
	os.Exit(1)
}
