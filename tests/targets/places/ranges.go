//go:build go1.23

package main

//go:noinline
func pairs(yield func(k int, v string) bool) {
	for i := 0; i < 3; i++ {
		if !yield(i, "x") {
			return
		}
	}
}

// The body of a loop over a function is a function too, whose result is not in the debug information, nor a second
// variable that the loop leaves out.
//
// want since 1.23 main.second-range1: ax, bx cx | ax
//
//go:noinline
func second() string {
	for _, v := range pairs {
		use(v)
		if len(v) > 5 {
			return v
		}
	}
	return ""
}

// want since 1.23 main.first-range1: ax | ax
// want since 1.27 main.first-range1-range1: ax, bx cx | ax
// want since 1.23 until 1.24 main.first-range2: ax, bx cx | ax
//
//go:noinline
func first() (n int) {
	for k := range pairs {
		use(k)
		for k, v := range pairs {
			use(k, v)
			n++
		}
		if k > 7 {
			return k
		}
	}
	return n
}

func ranges() {
	use(first(), second())
}
