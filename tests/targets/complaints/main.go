// Command complaints calls a function with errors that Go's own library makes, as it makes them, and says what their
// Error methods say. With an argument it leaves out what old releases of bpftrace have no room for.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"

	"gobt.example/truth"
)

//go:noinline
func take(err error) error { return err }

// errs are errors by name.
var errs = map[string]error{}

func add(name string, err error) {
	if err == nil {
		panic("no error: " + name)
	}
	if _, is := errs[name]; is {
		panic("twice: " + name)
	}
	errs[name] = err
}

// recovered is what f panics with.
func recovered(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

func main() {
	all := []func(){texts, numbers, times, programs, jsons, others, certificates, panics}
	if len(os.Args) < 2 {
		all = append(all, long, younger)
	}
	for _, some := range all {
		some()
	}
	var names []string
	for name := range errs {
		names = append(names, name)
	}
	sort.Strings(names)
	truth.Begin()
	lines := 0
	for i, name := range names {
		err := errs[name]
		take(err)
		text := err.Error()
		for _, line := range strings.Split("error "+text, "\n") {
			lines++
			truth.Text(fmt.Sprintf("shown%d", lines), line)
		}
		truth.Text(fmt.Sprintf("said%d", i+1), text)
	}
	truth.Number("calls", int64(len(names)))
	truth.End()
}
