//go:build go1.18
// +build go1.18

package main

//go:noinline
func Hold[T any](value T) *T { calls++; return &value }

// The type arguments below are part of the symbols of the instantiations of Hold.

func runTags() {
	Hold(struct {
		X int `json:"x\"" y:"*/"`
	}{1})
	Hold(struct {
		X int "*/ END { printf(\"owned\\n\"); exit(); } /*"
	}{1})
	Hold(struct {
		X int "line\nbreak\ttab\\backslash\x00zero"
	}{1})
	Hold(struct {
		X string "`backtick` 'quote' $(echo) #define x"
	}{"x"})
	Hold(struct {
		Ünïcode int "日本語 \u202e \U0001f600"
	}{1})
	Hold([2]map[string]func(int, ...string) (chan<- int, error){})
	Hold(func(interface{ M(*int) [4]string }) {})
}

type a0[T any] struct{ v T }

// runLong instantiates with a name of thousands of characters.
func runLong() {
	Hold(a0[a0[a0[a0[a0[a0[a0[a0[struct {
		AVeryLongFieldNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOn          int
		AnotherVeryLongFieldNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOn    string
		YetAnotherVeryLongFieldNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOn []map[string]map[string]map[string]map[string]int
		TheLastVeryLongFieldNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOn    func(string, string, string, string, string) (int, int, int, error)
	}]]]]]]]]{})
}
