package main

import (
	"strings"

	"gobt.example/truth"
)

// runeless is a text of n bytes, each told by its place.
func runeless(n int) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteByte("abcdefghijklmnopqrstuvwxyz"[i%26])
	}
	return b.String()
}

func runStrings() {
	for _, n := range []int{0, 1, 2, 3, 15, 16, 31, 32, 62, 63, 64, 65, 100, 198, 199, 200, 201, 300, 1022, 1023, 1024, 1025, 5000} {
		length(runeless(n), n)
	}
	text("plain")
	text("")
	text("naïve café €5 😀")
	text("100% of %s and %d")
	text(`say "hi" \ back`)
	text("two\nlines\tand a tab")
	text("bell\a and zero\x00 inside")
	text("\xff\xfe not UTF-8")
	text("/* comment */ // {brace} ${hole}")
	text(strings.Repeat("é", 150))
	two("first", "second")
	key("k7")
	key("k67")
	key("k")
	join("a", "b")
	join("left", "")
	slices("0123456789")
	for i := 0; i < 30; i++ {
		grouped([]string{"red", "green", "blue"}[i%3])
	}
	truth.Number("red", 10)
	truth.Text("alphabet", runeless(26))
}

//go:noinline
func length(s string, n int) (string, int) {
	return s, len(s)
}

//go:noinline
func text(s string) int {
	return len(s)
}

//go:noinline
func two(a, b string) (string, string) {
	return b, a
}

//go:noinline
func key(k string) string {
	return k
}

//go:noinline
func join(a, b string) string {
	return a + "+" + b
}

// slices is entered with parts of a longer string, which have no NUL behind them.
func slices(s string) {
	text(s[2:5])
	text(s[:3])
	text(s[9:])
	text(s[4:4])
}

//go:noinline
func grouped(colour string) bool {
	return colour == "red"
}
