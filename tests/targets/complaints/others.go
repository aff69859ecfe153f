package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"time"
)

// others are errors of contexts, networks and databases, and those that differ only by what is inside.
func others() {
	past, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Hour))
	defer cancel()
	add("deadline", past.Err())
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	add("cancelled", cancelled.Err())
	add("no_rows", sql.ErrNoRows)
	_, err := sql.Open("no driver", "")
	add("no_driver", err)
	add("unexpected_end", io.ErrUnexpectedEOF)
	add("scan", fmt.Errorf("sql: Scan error on column index %d, name %q: %w", 3, "id", io.EOF))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	_, err = net.Listen("tcp", listener.Addr().String())
	add("listen", err)
	listener.Close()
	_, err = listener.Accept()
	add("accept", err)
	here, _ := net.Pipe()
	here.SetDeadline(time.Now().Add(-time.Hour))
	_, err = here.Read(make([]byte, 1))
	add("pipe", err)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(300 * time.Millisecond)
	}))
	defer slow.Close()
	client := http.Client{Timeout: 20 * time.Millisecond}
	_, err = client.Get(slow.URL)
	add("http_timeout", err)
	_, err = http.Post(slow.URL, "text/plain", io.MultiReader(strings.NewReader("a"), failing{}))
	add("http_body", err)
	_, err = io.ReadAll(http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader("too long")), 3))
	add("http_max", err)
	hangs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.Close()
	}))
	defer hangs.Close()
	_, err = http.Get(hangs.URL)
	add("http_end", err)
	_, err = http.NewRequest("bad method", "http://x/", nil)
	add("http_method", err)
	_, err = bufio.NewReaderSize(strings.NewReader("x"), 16).Peek(17)
	add("peek", err)
	add("same_missing", &fs.PathError{Op: "open", Path: "/same", Err: syscall.ENOENT})
	add("same_denied", &fs.PathError{Op: "open", Path: "/same", Err: syscall.EACCES})
	add("same_other", &fs.PathError{Op: "open", Path: "/same", Err: fs.ErrClosed})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no more to send") }
