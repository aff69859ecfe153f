// Command web is a server whose requests are slow, and not where one would look first.
//
//	web [ADDRESS]            serves until it is ended
//	web -requests 10         asks itself, and ends
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"gobt.example/web/internal/log"
)

type server struct {
	log *log.Logger
}

//go:noinline
func (s *server) handleFoo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, "foo")
}

//go:noinline
func (s *server) handleBar(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.log.Printf("%s %s", r.Method, r.URL.Path)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.Form.Get("missing") != "" {
		http.NotFound(w, r)
		return
	}
	io.WriteString(w, strings.Repeat("bar\n", 100))
}

func main() {
	requests := flag.Int("requests", 0, "ask itself so often, and end")
	flag.Parse()
	address := "127.0.0.1:8080"
	if *requests > 0 {
		address = "127.0.0.1:0"
	}
	if flag.NArg() > 0 {
		address = flag.Arg(0)
	}
	file, err := os.CreateTemp("", "web-*.log")
	if err != nil {
		fail(err)
	}
	defer os.Remove(file.Name())
	s := &server{log: log.New(file)}
	mux := http.NewServeMux()
	mux.HandleFunc("/foo", s.handleFoo)
	mux.HandleFunc("/bar", s.handleBar)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		fail(err)
	}
	if *requests == 0 {
		fail(http.Serve(listener, mux))
	}
	go http.Serve(listener, mux)
	for i := 0; i < *requests; i++ {
		for _, path := range []string{"/foo", "/bar", "/bar?missing=1"} {
			response, err := http.Get("http://" + listener.Addr().String() + path)
			if err != nil {
				fail(err)
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
