package main

import "errors"

func runNames() {
	unnamed(1, "two", true)
	blank(1, 2, 3)
	unused(10, "dropped", 30)
	namedResults(7)
	namedResults(-7)
	shadowed(3)
	noArguments()
	keywords(1, 2, 3, "comm", 5)
	changed(5)
	_ = (&receiver{4}).method(1)
	_ = receiver{6}.value(2)
	_ = (&receiver{8}).anonymous(3)
}

//go:noinline
func unnamed(int, string, bool) int { return 1 }

//go:noinline
func blank(_ int, b int, _ int) int { return b }

//go:noinline
func unused(a int, s string, c int) int { return a }

//go:noinline
func namedResults(n int) (count int, err error) {
	if n < 0 {
		err = errors.New("negative")
		return
	}
	count = n * 2
	return
}

//go:noinline
func shadowed(n int) (result int) {
	if n > 0 {
		n := n * 10
		result = n
	}
	return result
}

//go:noinline
func noArguments() {}

// keywords names its parameters as bpftrace names its own things.
//
//go:noinline
func keywords(pid, nsecs, cpu int, comm string, str int) (delete int) {
	return pid + nsecs + cpu + len(comm) + str
}

// changed writes to its parameter: what was passed is no longer there at the end.
//
//go:noinline
func changed(n int) int {
	for n < 100 {
		n *= 2
	}
	return n
}

type receiver struct{ n int }

//go:noinline
func (r *receiver) method(m int) int { return r.n + m }

//go:noinline
func (r receiver) value(m int) int { return r.n + m }

//go:noinline
func (*receiver) anonymous(m int) int { return m }
