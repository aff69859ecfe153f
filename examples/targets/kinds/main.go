// Command kinds has a function for every kind of value and every shape of function, so that recipes can be tried on each.
//
// It calls each of them once and ends.
package main

import (
	"os"
	"time"

	"example.com/kinds/store.v2"
)

func main() {
	numbers()
	texts()
	collections()
	structures()
	interfaces()
	functions()
	generics()
	store.Run()
	if len(os.Args) > 1 {
		forever()
	}
}

//go:noinline
func forever() {
	for {
		time.Sleep(time.Second)
	}
}
