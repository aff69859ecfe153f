package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"gobt.example/truth"
)

var errBase = errors.New("the base is missing")

type customError struct {
	Code int
	Text string
}

func (e *customError) Error() string { return fmt.Sprint(e.Code, " ", e.Text) }

type plainError string

func (e plainError) Error() string { return string(e) }

var refused error // prepared before the trace begins, since dialling calls functions of its own

func prepare() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	address := listener.Addr().String()
	listener.Close()
	_, refused = net.Dial("tcp", address)
}

func runErrors() {
	_, missing := os.Open("/does/not/exist")
	var typed *customError
	wrapped := fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", errBase))
	list := []error{
		nil,
		errBase,
		fmt.Errorf("number %d", 7),
		wrapped,
		missing,
		syscall.ENOENT,
		syscall.Errno(9999),
		refused,
		&customError{12, "custom"},
		typed,
		plainError("plain"),
		errors.New(""),
		errors.New(runeless(300)),
		fs.ErrNotExist,
		os.NewSyscallError("connect", syscall.ECONNREFUSED),
		(*os.SyscallError)(nil),
		&os.PathError{Op: "read", Path: "nowhere", Err: (*os.LinkError)(nil)},
		&os.PathError{Op: "read", Path: "nothing", Err: (*os.SyscallError)(nil)},
		(*os.PathError)(nil),
	}
	failed := int64(0)
	for i, err := range list {
		if fallible(i, err) != nil {
			failed++
		}
		two2(i, err)
		takeError(err)
	}
	truth.Number("failed", failed)
	truth.Number("fallible", int64(len(list)))
	truth.Text("missing", missing.Error())
	truth.Text("refused", fmt.Sprint(refused))
	truth.Text("wrapped", wrapped.Error())
}

//go:noinline
func fallible(n int, err error) error { return err }

//go:noinline
func two2(n int, err error) (result int, failure error) { return n * 2, err }

//go:noinline
func takeError(err error) bool { return err != nil }
