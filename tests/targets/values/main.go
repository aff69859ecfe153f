// Command values passes and returns a value of every kind that Go has. What is passed is known, and said.
//
// Usage: values [GROUP…]; without a group all of them, in the order below.
package main

import (
	"fmt"
	"os"

	"gobt.example/truth"
)

var groups = []struct {
	name string
	run  func()
}{
	{"numbers", runNumbers},
	{"strings", runStrings},
	{"sequences", runSequences},
	{"structs", runStructs},
	{"pointers", runPointers},
	{"interfaces", runInterfaces},
	{"errors", runErrors},
	{"times", runTimes},
	{"addresses", runAddresses},
	{"maps", runMaps},
	{"channels", runChannels},
	{"functions", runFunctions},
	{"floats", runFloats},
	{"many", runMany},
	{"names", runNames},
}

// sink keeps the compiler from dropping what is only passed.
var sink interface{}

func main() {
	wanted := map[string]bool{}
	for _, name := range os.Args[1:] {
		wanted[name] = true
	}
	prepare()
	truth.Begin()
	ran := 0
	for _, group := range groups {
		if len(wanted) == 0 || wanted[group.name] {
			group.run()
			ran++
		}
	}
	if ran == 0 || len(wanted) > 0 && ran != len(wanted) {
		fmt.Fprintln(os.Stderr, "values: there is no such group")
		os.Exit(1)
	}
	truth.Number("groups", int64(ran))
	truth.End()
}
