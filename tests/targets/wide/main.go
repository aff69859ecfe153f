// Command wide calls functions whose arguments make long lines and large tables.
//
// Usage: wide [crowd]
package main

import (
	"fmt"
	"os"

	"gobt.example/truth"
)

type shower interface{ Show() int }

type options struct {
	Name, Path, Host, User string
	Tags                   []string
	Next                   *options
}

func main() {
	if len(os.Args) > 1 {
		crowd()
		return
	}
	names := 0
	for _, s := range showers {
		names += len(fmt.Sprintf("%T", s)) // the run time reads the names, which is not so in every program
	}
	truth.Begin()
	calls := int64(0)
	for turn := 0; turn < 3; turn++ {
		for _, s := range showers {
			show(s)
			calls++
		}
	}
	truth.Number("types", int64(len(showers)))
	truth.Number("shown", calls)
	tags := []string{"a", "b", "c", "d", "e"}
	wides := int64(0)
	for n := 0; n <= len(tags); n++ {
		o := options{"first", "/second", "third", "", tags[:n], nil}
		wide(o)
		o.Next = &o
		wide(o)
		wides += 2
	}
	truth.Number("wides", wides)
	truth.End()
}

var seen int

//go:noinline
func show(s shower) { seen += s.Show() }

//go:noinline
func wide(o options) int {
	seen++
	return len(o.Tags)
}
