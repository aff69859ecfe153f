//go:build go1.20

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"syscall"
)

// younger are errors that Go has since 1.20.
func younger() {
	_, number := strconv.Atoi("x1")
	path := &fs.PathError{Op: "open", Path: "/a", Err: syscall.ENOENT}
	add("joined", errors.Join(io.EOF, path))
	add("wrapped_two", fmt.Errorf("both: %w and %w", io.EOF, path))
	add("wrapped_joined", fmt.Errorf("around: %w", errors.Join(io.EOF, path)))
	add("path_joined", &fs.PathError{Op: "walk", Path: "/", Err: errors.Join(number, io.EOF)})
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(path)
	add("cause", context.Cause(ctx))
}
