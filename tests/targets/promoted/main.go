// Command promoted calls a function with errors that have their Error method from something embedded in them, and says
// what that says.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"gobt.example/truth"
)

type pointer struct{ *fs.PathError }

type value struct {
	code int
	fs.PathError
}

type behind struct {
	code int
	*net.OpError
}

type twice struct {
	text string
	behind
}

type twiceBehind struct {
	text string
	*pointer
}

type anError struct{ error }

type deep struct {
	since time.Time
	anError
}

type deepBehind struct {
	since time.Time
	*anError
}

type errno struct{ syscall.Errno }

type own struct{ text string }

func (o *own) Error() string { return o.text }

type ownBehind struct {
	since time.Time
	*own
}

type ownValue struct {
	since time.Time
	own
}

type plain string

func (p plain) Error() string { return string(p) }

type plainValue struct {
	n int
	plain
}

type exited struct {
	name string
	*exec.ExitError
}

type exitedValue struct {
	name string
	exec.ExitError
}

type mismatch struct {
	line int
	strconv.NumError
}

// Those below have a method of their own, or one that is not to be told.

type changed struct{ *fs.PathError }

func (c changed) Error() string { return "changed: " + c.PathError.Error() }

type made struct{ n int }

func (m *made) Error() string { return fmt.Sprint("made of ", m.n) }

type madeBehind struct{ *made }

// The compiler leaves nothing of the method in it that says where it is from.
type plainBehind struct {
	n int
	*plain
}

type both struct {
	time.Time
	made
}

var calls int64

//go:noinline
func failed(err error) error { calls++; return err }

func main() {
	path := &fs.PathError{Op: "read", Path: "/tape", Err: syscall.EIO}
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 80},
		Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	_, err := strconv.Atoi("one")
	var wrong *strconv.NumError
	if !errors.As(err, &wrong) {
		panic("no such error")
	}
	var exit, killed *exec.ExitError
	if !errors.As(exec.Command("sh", "-c", "exit 9").Run(), &exit) {
		panic("no such error")
	}
	if !errors.As(exec.Command("sh", "-c", "kill -TERM $$").Run(), &killed) {
		panic("no such error")
	}
	quiet := plain("quiet")
	told := []error{
		pointer{path}, &pointer{path},
		&value{3, *path},
		behind{4, refused}, &behind{4, refused},
		twice{"x", behind{5, refused}}, &twice{"x", behind{5, refused}},
		twiceBehind{"x", &pointer{path}}, &twiceBehind{"x", &pointer{path}},
		anError{path}, &anError{io.EOF},
		deep{time.Now(), anError{path}}, &deep{time.Now(), anError{io.ErrUnexpectedEOF}},
		deepBehind{time.Now(), &anError{path}}, &deepBehind{time.Now(), &anError{io.EOF}},
		errno{syscall.EPIPE}, &errno{syscall.EAGAIN},
		ownBehind{time.Now(), &own{"of its own"}}, &ownBehind{time.Now(), &own{"behind"}},
		&ownValue{time.Now(), own{"inside"}},
		quiet, plainValue{1, "quietly"}, &plainValue{1, "and quietly"},
		exited{"x", exit}, &exited{"x", killed}, &exitedValue{"y", *exit},
		&mismatch{12, *wrong}, changed{path},
		&fs.PathError{Op: "around", Path: "/it", Err: pointer{path}},
		fmt.Errorf("wrapped: %w", behind{4, refused}),
	}
	typed := []error{
		&changed{path}, madeBehind{&made{1}}, &madeBehind{&made{2}}, &both{time.Now(), made{3}},
		plainBehind{1, &quiet}, &plainBehind{2, &quiet},
	}
	truth.Begin()
	truth.Errors(func(err error) { failed(err) }, told, typed)
	truth.Number("calls", calls)
	truth.End()
}
