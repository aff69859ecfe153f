// Command matrix does, a little of each, what recipes ask about: calls on many goroutines, calls that block while their
// goroutine changes threads, recursion on growing stacks, values of many types, calls out of C where C was linked in.
package main

import "gobt.example/truth"

func main() {
	prepare()
	truth.Begin()
	runWork()
	runWaits()
	runDigs()
	runCallbacks()
	runPayments()
	truth.End()
}
