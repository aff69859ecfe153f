// Command awkward has types, fields and functions of the kinds that are seldom written on purpose.
//
// Usage: awkward GROUP
package main

import (
	"fmt"
	"os"

	"gobt.example/truth"
)

var groups = map[string]func(){
	"direct":   runDirect,
	"fields":   runFields,
	"types":    runTypes,
	"wrappers": runWrappers,
}

func main() {
	run := groups[os.Args[1]]
	if run == nil {
		fmt.Fprintln(os.Stderr, "awkward: there is no such group")
		os.Exit(1)
	}
	truth.Begin()
	run()
	truth.End()
}
