// Command methods calls methods whose names contain each other, wrappers that the compiler made, closures and generics,
// and counts every call.
//
// Usage: methods [COUNT]
package main

import (
	"os"
	"sort"
	"strconv"
	"sync"

	"gobt.example/methods/box"
	"gobt.example/truth"
)

var (
	mutex  sync.Mutex
	counts = map[string]int64{}
)

// called is the one counter; what is traced calls it by a name that fits into a truth line.
func called(name string) {
	mutex.Lock()
	counts[name]++
	mutex.Unlock()
}

func main() {
	n := 10
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	box.Called = called
	truth.Begin()
	for i := 0; i < n; i++ {
		runNames(i)
		runWrappers(i)
		runClosures(i)
		runGenerics(i)
		runPackage(i)
	}
	names := []string{}
	for name := range counts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		truth.Number(name, counts[name])
	}
	truth.End()
}
