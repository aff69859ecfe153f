package main

func runMany() {
	ten(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	spill("a", "b", "c", "d", "e", 6)
	partly(1, "two", []int{3}, 4, "five", 6)
	backfill(1, 2, 3, 4, 5, 6, 7, 8, "nine", 10)
	results(1)
	stackOnly([2]int{1, 2}, [2]string{"x", "y"})
	variadic("first", 1, 2, 3)
	variadic("none")
	anyway("format %d", 1, "two", nil)
}

// ten has one argument more than there are registers.
//
//go:noinline
func ten(a, b, c, d, e, f, g, h, i, j int) int { return a + j }

// spill's last string does not fit as a whole and goes to the stack; the number behind it takes the register.
//
//go:noinline
func spill(a, b, c, d, e string, n int) int { return len(a) + len(e) + n }

//go:noinline
func partly(a int, b string, c []int, d int, e string, f int) (int, string) { return a + d + f, b + e }

//go:noinline
func backfill(a, b, c, d, e, f, g, h int, i string, j int) int { return a + len(i) + j }

//go:noinline
func results(n int) (a, b, c, d, e, f, g, h, i, j int, k string) {
	return n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, "eleven"
}

//go:noinline
func stackOnly(a [2]int, b [2]string) ([2]int, [2]string) {
	return [2]int{a[1], a[0]}, [2]string{b[1], b[0]}
}

//go:noinline
func variadic(first string, rest ...int) int { return len(first) + len(rest) }

//go:noinline
func anyway(format string, args ...interface{}) int { return len(args) }
