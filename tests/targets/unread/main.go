// Errors with constant texts in pages that the program does not read before it is traced.
package main

import (
	"errors"
	"io/fs"

	"gobt.example/truth"
)

const (
	x64    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	x1k    = x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64 + x64
	x16k   = x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k + x1k
	x256k  = x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k + x16k
	text   = x256k + "the first of two" + x256k + "the other of two" + x256k + "/the third/place" + x256k + "text number four" + x256k + "text number five" + x256k
	long   = len("the first of two")
	first  = len(x256k)
	other  = first + long + len(x256k)
	third  = other + long + len(x256k)
	fourth = third + long + len(x256k)
	fifth  = fourth + long + len(x256k)
)

//go:noinline
func take(err error) error { return err }

//go:noinline
func say(text string) int { return len(text) }

func main() {
	one := errors.New(text[first : first+long])
	two := errors.New(text[other : other+long])
	path := &fs.PathError{Op: "open", Path: text[third : third+long], Err: two}
	truth.Begin()
	calls := 0
	for times, err := range map[int]error{3: one, 4: two, 5: path} {
		for i := 0; i < times; i++ {
			calls++
			_ = take(err)
		}
	}
	for i := 0; i < 7; i++ {
		say(text[fourth : fourth+long])
	}
	say(text[fifth : fifth+long])
	truth.Number("calls", int64(calls))
	truth.Text("four", text[fourth:fourth+long])
	truth.Text("five", text[fifth:fifth+long])
	truth.Text("one", one.Error())
	truth.Text("two", two.Error())
	truth.Text("path", path.Error())
	truth.End()
}
