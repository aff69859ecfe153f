// Command messages calls a function with errors of its own types: some of whose Error methods return a text as it is,
// and others.
package main

import (
	"errors"
	"fmt"
	"strings"

	"gobt.example/truth"
)

type notFound struct {
	code int
	text string
}

func (e *notFound) Error() string { return e.text }

type plain string

func (e plain) Error() string { return string(e) }

type constant struct{}

func (constant) Error() string { return "always this" }

type numbered struct{ n int }

func (*numbered) Error() string { return "number" }

// careful asks for nil first, hasty last.
type careful struct{ before, text string }

func (e *careful) Error() string {
	if e == nil {
		return "no error"
	}
	return e.text
}

type hasty struct{ text string }

func (e *hasty) Error() string {
	if e != nil {
		return e.text
	}
	return "no error"
}

type embedding struct {
	id int
	notFound
}

type pointing struct{ to *notFound }

func (e pointing) Error() string { return e.to.text }

type around struct {
	text string
	err  error
}

func (e *around) Error() string { return e.text }
func (e *around) Unwrap() error { return e.err }

// The messages of these are not told: their types are.
type branching struct {
	code int
	text string
}

func (e *branching) Error() string {
	if e.code == 1 {
		return "one"
	}
	return e.text
}

type counting struct {
	n    int
	text string
}

func (e *counting) Error() string {
	e.n++
	return e.text
}

type loud string

func (e loud) Error() string { return strings.ToUpper(string(e)) }

type cut struct{ text string }

func (e *cut) Error() string { return e.text[1:] }

type bytes struct{ text []byte }

func (e *bytes) Error() string { return string(e.text) }

var calls int64

//go:noinline
func failed(err error) { calls++ }

func main() {
	told := []error{
		&notFound{404, "no such user"},
		&notFound{404, "a\ttext of,\"many\" kinds: ✓"},
		&notFound{404, ""},
		plain("a plain one"),
		constant{},
		&numbered{3},
		&careful{"before", "with care"},
		&hasty{"in haste"},
		&embedding{1, notFound{2, "embedded"}},
		pointing{&notFound{3, "pointed at"}},
		&around{"what is around", errors.New("what is inside")},
		fmt.Errorf("wrapped: %w", plain("a plain one")),
	}
	typed := []error{
		&branching{1, "other"}, &branching{2, "other"}, &counting{1, "counted"}, loud("low"), &cut{"_cut"},
		&bytes{[]byte("bytes")},
	}
	truth.Begin()
	truth.Errors(failed, told, typed)
	truth.Number("calls", calls)
	truth.End()
}
