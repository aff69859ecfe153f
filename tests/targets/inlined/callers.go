package main

// How often each place calls stamp.
var stamps, alones, loops, withins int64

func stamp() {
	stamps++
}

//go:noinline
func callers(n int) {
	opaque()
	alone()
	for i := 0; i < n%3; i++ {
		loop()
	}
	withins++
	stamp()
}

func alone() {
	alones++
	opaque()
	stamp() // line 24
}

func loop() {
	loops++
	opaque()
	stamp() // line 30
}
