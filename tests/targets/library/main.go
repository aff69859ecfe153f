// Package main is a shared object for C programs. It hashes, which is assembly, and says which goroutine did.
package main

/*
int count(void);
*/
import "C"

import (
	"crypto/md5"

	"gobt.example/truth"
)

var data = make([]byte, 10000)

//export Main
func Main() {
	truth.Begin()
	for i := 0; i < 40; i++ {
		C.count()
		hash()
	}
	truth.Number("hashes", 40)
	truth.Number("blocks", 80) // whole blocks, and the rest
	truth.Number("goroutine", truth.Goroutine())
	truth.End()
}

//go:noinline
func hash() int {
	sum := md5.Sum(data)
	return int(sum[0])
}

func main() { Main() }
