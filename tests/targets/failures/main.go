// Command failures calls a function with errors of many types, and says what their Error methods say.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"gobt.example/truth"
)

//go:noinline
func failed(err error) error { return err }

// unknown has a message that only its own code can make.
type unknown struct{ n int }

func (u unknown) Error() string { return fmt.Sprint("unknown ", u.n) }

func all() map[string]error {
	missing := &fs.PathError{Op: "open", Path: "/not here", Err: syscall.ENOENT}
	refused := &net.OpError{Op: "dial", Net: "tcp", Source: nil,
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80},
		Err:  os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	lookup := &net.DNSError{Err: "no such host", Name: "nowhere.example", Server: "10.0.0.1:53"}
	_, number := strconv.Atoi("12\tx\"\xff\u00a0ü")
	_, dial := net.Dial("unix", "/nowhere/at/all.sock")
	var into struct{}
	syntax := json.Unmarshal([]byte("{]"), &into)
	_, program := exec.LookPath("no such program")
	return map[string]error{
		"nil":     nil,
		"plain":   errors.New("plain"),
		"missing": missing,
		"url":     &url.Error{Op: "Get", URL: "http://127.0.0.1/\"q\"\n", Err: refused},
		"dns":     &net.OpError{Op: "dial", Net: "udp", Err: lookup},
		"server":  &net.DNSError{Err: "server misbehaving", Name: "b.example"},
		"number":  number,
		"dial":    dial,
		"syntax":  syntax,
		"program": program,
		"link":    os.Link("/nowhere/a", "/nowhere/b"),
		"several": fmt.Errorf("both: %w and %w", io.EOF, missing),
		"joined":  errors.Join(io.EOF, missing, errors.New("third")),
		"one":     errors.Join(refused),
		"known":   errors.Join(context.DeadlineExceeded, syscall.EPIPE, lookup),
		"long":    errors.Join(&url.Error{Op: "Put", URL: "x", Err: refused}, io.EOF),
		"inside":  &url.Error{Op: "Post", URL: "y", Err: errors.Join(io.EOF, io.ErrUnexpectedEOF)},
	}
}

func main() {
	truth.Begin()
	said := 0
	say := func(text string) {
		for _, line := range strings.Split(text, "\n") {
			said++
			truth.Text(fmt.Sprintf("shown%d", said), line)
		}
	}
	for name, err := range all() {
		failed(err)
		text := "nil"
		if err != nil {
			text = err.Error()
		}
		say("error " + text)
		truth.Text(name, text)
	}
	// What is not known has its type.
	failed(errors.Join(io.EOF, unknown{3}, &fs.PathError{Op: "stat", Path: "/x", Err: unknown{4}}, io.EOF))
	say("error EOF\nmain.unknown\nstat /x: main.unknown\nEOF")
	truth.End()
}
