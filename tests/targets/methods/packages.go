package main

import (
	"gobt.example/methods/box"
	yaml "gobt.example/methods/yaml.v3"
)

func runPackage(i int) {
	b := &box.T{N: i}
	b.Get()
	b.Get()
	box.Get(i)
	called("yaml.Parse")
	yaml.Parse("text")
	if small(i) > 0 {
		called("small")
	}
}

// small is inlined wherever it is called.
func small(i int) int { return i + 1 }
