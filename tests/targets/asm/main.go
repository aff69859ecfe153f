// Command asm calls functions written in assembly, and Go functions whose code has an odd shape: without a frame, that
// never return, that end in a jump, whose first instruction is the head of a loop.
//
// Usage: asm [COUNT]
package main

import (
	"os"
	"runtime"
	"strconv"
	"sync"

	"gobt.example/truth"
)

// add is assembly with a frame of no size: arguments and result are on the stack (ABI0).
func add(a, b int64) int64

// sumBytes is assembly with a loop and two RETs.
func sumBytes(p *byte, n int) (total int, empty bool)

// jump is assembly that ends in a jump to another function.
func jump(a, b int64) int64

// framed is assembly with a stack frame, and so with a stack check of the assembler's making.
func framed(a int64) int64

// spoiling is assembly that uses the register of the goroutine for something else, and calls assembly that Go does not
// know, with that in the register.
func spoiling(a int64) int64

// backwards is assembly that begins at the head of a loop: it jumps to its own first instruction.
func backwards(n int64) int64

// call lets Go call an assembly function by its value, through the wrapper that the linker makes.
//
//go:noinline
func call(f func(a, b int64) int64, a, b int64) int64 { return f(a, b) }

var counts = map[string]int64{}

func main() {
	n := 20
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	bytes := []byte{1, 2, 3, 4}
	truth.Begin()
	total := int64(0)
	for i := 0; i < n; i++ {
		total += add(int64(i), 2)
		total += call(add, int64(i), 3)
		s, _ := sumBytes(&bytes[0], len(bytes))
		_, empty := sumBytes(&bytes[0], 0)
		total += int64(s)
		if empty {
			counts["empty"]++
		}
		total += jump(int64(i), 5)
		total += framed(int64(i))
		total += backwards(int64(i) + 1)
		counts["add"] += 3 // by name, by value and by the jump
		counts["sumBytes"] += 2
		counts["jump"]++
		counts["framed"]++
		counts["backwards"]++

		total += int64(leaf(i)) + int64(spin(i)) + int64(dispatch(i))
		counts["leaf"]++
		counts["spin"]++
		counts["dispatch"]++
		neverReturns(i)
		counts["forever"]++
		if raises(i) {
			counts["raise"]++
		}
	}
	total += onGoroutines(n)
	truth.Number("total", total)
	for _, name := range []string{
		"add", "sumBytes", "empty", "jump", "framed", "backwards", "leaf", "spin", "dispatch", "forever", "raise",
	} {
		truth.Number(name, counts[name])
	}
	truth.End()
}

// onGoroutines calls assembly on three goroutines at once, each of them another number of times.
func onGoroutines(n int) int64 {
	const goroutines = 3
	var ids, calls, totals [goroutines]int64
	var all sync.WaitGroup
	all.Add(goroutines)
	for i := range ids {
		go func(i int) {
			defer all.Done()
			ids[i] = truth.Goroutine()
			for ; calls[i] < int64(n*(i+1)); calls[i]++ {
				totals[i] += framed(calls[i]) + spoiling(calls[i])
				runtime.Gosched()
			}
		}(i)
	}
	all.Wait()
	total := int64(0)
	for i := range ids {
		number := strconv.Itoa(i + 1)
		truth.Number("goroutine"+number, ids[i])
		truth.Number("calls"+number, calls[i])
		counts["framed"] += calls[i]
		total += totals[i]
	}
	return total
}

// leaf has no frame and no stack check.
//
//go:noinline
//go:nosplit
func leaf(n int) int { return n*3 + 1 }

// spin's code can begin with its loop.
//
//go:noinline
func spin(n int) int {
	for n%7 != 6 {
		n++
	}
	return n
}

// dispatch has many RETs.
//
//go:noinline
func dispatch(n int) int {
	switch n % 5 {
	case 0:
		return n + 1000
	case 1:
		return n * 11
	case 2:
		return -n
	case 3:
		return n << 3
	}
	return n ^ 0x55
}

// neverReturns starts a goroutine in forever and ends it there.
func neverReturns(n int) {
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		forever(n)
	}()
	done.Wait()
}

// forever has no RET.
//
//go:noinline
func forever(n int) {
	for {
		if n++; n > 1000 {
			runtime.Goexit()
		}
	}
}

func raises(n int) (raised bool) {
	defer func() { raised = recover() != nil }()
	raise(n)
	return false
}

// raise always panics: no RET either.
//
//go:noinline
func raise(n int) { panic(strconv.Itoa(n)) }
