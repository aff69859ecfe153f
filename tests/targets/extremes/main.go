// Command extremes passes values from the ends of what their types hold. What is passed is known, and said.
//
// Usage: extremes GROUP
package main

import (
	"fmt"
	"os"

	"gobt.example/truth"
)

var groups = map[string]func(){
	"unsigned": runUnsigned,
	"complex":  runComplex,
	"decimals": runDecimals,
	"texts":    runTexts,
	"floats":   runFloats,
}

func main() {
	if len(os.Args) != 2 || groups[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "extremes: name a group")
		os.Exit(1)
	}
	truth.Begin()
	groups[os.Args[1]]()
	truth.End()
}
