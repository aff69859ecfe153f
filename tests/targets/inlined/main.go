// Command inlined calls small functions that the compiler inlines: in loops, in conditions, within each other, several
// times in a line. Each counts its own calls; those that have nothing to count with are counted where they are called.
package main

import (
	"os"
	"strconv"

	"gobt.example/truth"
)

func main() {
	rounds := 30
	if len(os.Args) > 1 {
		rounds, _ = strconv.Atoi(os.Args[1])
	}
	truth.Begin()
	for i := 0; i < rounds; i++ {
		statements(i)
		conditions(i)
		layers(i)
		methods(i)
		pointers(i)
		closures(i)
		generics(i)
		plain(i)
		several(i)
		heads(i)
		joined()
		arguments(i)
		callers(i)
		calls[i%len(calls)](i)
	}
	report()
	truth.End()
}

// What is counted; one variable for each function.
var ticks, weighs, picks, lates, inners, middles, outers, adds, gets, links, folds, onlys, bigs, maxs, boths, steps, goings, tocks int64

// What callers count, of functions that write nothing.
var twices, sizes, signs, bodies int64

// sink keeps results alive.
var sink int

// calls are functions that are called through a variable: their own code.
var calls = []func(int){statements, func(n int) { opaque(); tick(); sink += weigh(n) }}

func report() {
	for _, one := range []struct {
		name  string
		count int64
	}{
		{"tick", ticks}, {"weigh", weighs}, {"pick", picks}, {"late", lates}, {"inner", inners},
		{"middle", middles}, {"outer", outers}, {"add", adds}, {"get", gets}, {"link", links}, {"fold", folds},
		{"only", onlys}, {"big", bigs}, {"max", maxs}, {"both", boths}, {"twice", twices}, {"size", sizes},
		{"sign", signs}, {"step", steps},
		{"goes", goings}, {"bodies", bodies}, {"tock", tocks},
		{"pay", pays}, {"paid", paid}, {"letters", letters}, {"puts", puts}, {"put", put},
		{"lengths", lengths}, {"nesteds", nesteds}, {"nested", nested},
		{"stamp", stamps}, {"alone", alones}, {"loop", loops}, {"within", withins},
	} {
		truth.Number(one.name, one.count)
	}
}
