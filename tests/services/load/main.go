// Command load sends a known number of HTTP requests to a service and tells how they were answered.
//
// Usage: load URL REQUESTS CLIENTS
//
// Every fourth request is for a path that is not there. Each client keeps its connection.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

func main() {
	if len(os.Args) != 4 {
		fail("usage: load URL REQUESTS CLIENTS")
	}
	url := os.Args[1]
	requests, err := strconv.Atoi(os.Args[2])
	clients, err2 := strconv.Atoi(os.Args[3])
	if err != nil || err2 != nil || clients < 1 {
		fail("REQUESTS and CLIENTS are numbers")
	}
	truth.Begin()
	var next, found, missing, failed atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for i := 0; i < clients; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			client := &http.Client{Transport: &http.Transport{}, Timeout: 30 * time.Second}
			for n := next.Add(1); n <= int64(requests); n = next.Add(1) {
				switch ask(client, url, n) {
				case http.StatusOK:
					found.Add(1)
				case http.StatusNotFound:
					missing.Add(1)
				default:
					failed.Add(1)
				}
			}
		}()
	}
	all.Wait()
	truth.Number("milliseconds", time.Since(began).Milliseconds())
	truth.Number("requests", int64(requests))
	truth.Number("found", found.Load())
	truth.Number("missing", missing.Load())
	truth.Number("failed", failed.Load())
	truth.End()
}

// ask sends one request and gives the status of the answer, 0 if there was none.
func ask(client *http.Client, url string, n int64) int {
	path := "/hello"
	if n%4 == 0 {
		path = "/missing"
	}
	answer, err := client.Get(url + path)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	return answer.StatusCode
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "load:", message)
	os.Exit(1)
}
