// Command converted calls a function with errors whose itabs the run time makes, since they are in an `any` first.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"syscall"
	"time"

	"gobt.example/truth"
)

// through makes an error of what the compiler does not know to be one.
//
//go:noinline
func through(value any) error { return value.(error) }

type text struct{ text string }

func (t text) Error() string { return t.text }

type pointed struct {
	n    int
	text string
}

func (p *pointed) Error() string { return p.text }

type constant struct{ n int }

func (constant) Error() string { return "always there" }

type named string

func (n named) Error() string { return string(n) }

type embeds struct {
	n int
	*fs.PathError
}

type embedsError struct {
	n int
	error
}

type unspoken struct{ n int }

func (u *unspoken) Error() string { return fmt.Sprint("never ", u.n) }

// later is an interface of which nobody asks for an error but the run time.
type later interface{ Error() string }

var calls int64

//go:noinline
func failed(err error) error { calls++; return err }

func main() {
	path := &fs.PathError{Op: "read", Path: "/tape", Err: syscall.EIO}
	_, wrong := time.Parse("2006-01-02", "soon")
	told := []error{
		through(text{"seen at run time"}), through(&pointed{3, "behind a pointer"}),
		through(constant{3}), through(&constant{4}), through(named("by name")),
		through(embeds{1, path}), through(&embeds{1, path}), through(embedsError{1, path}),
		through(path), through(wrong), through(any(errors.New("as ever"))), through(syscall.EPERM),
		&fs.PathError{Op: "stat", Path: "/there", Err: through(text{"inside of it"})},
		&fs.PathError{Op: "stat", Path: "/there", Err: through(constant{3})},
		&fs.PathError{Op: "stat", Path: "/there", Err: through(&pointed{3, "deep inside"})},
		&fs.PathError{Op: "stat", Path: "/there", Err: through(wrong)},
		fmt.Errorf("around: %w", through(named("wrapped"))),
		reflect.ValueOf(&pointed{4, "by reflection"}).Interface().(error),
		reflect.ValueOf(struct{ Err later }{&pointed{5, "of another interface"}}).Field(0).Interface().(error),
	}
	unknown := through(&unspoken{3})
	truth.Begin()
	for i, err := range told {
		failed(err)
		truth.Told(i, err.Error())
	}
	failed(unknown)
	truth.Told(len(told), "*main.unspoken")
	failed(&fs.PathError{Op: "stat", Path: "/there", Err: unknown})
	truth.Told(len(told)+1, "stat /there: *main.unspoken")
	truth.Number("calls", calls)
	truth.End()
}
