// Command dial opens connections to a listener of its own, and to a port where nobody listens, from many goroutines.
//
// Usage: dial [GOROUTINES [DIALS-EACH]]
package main

import (
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

func main() {
	goroutines, each := 8, 10
	if len(os.Args) > 1 {
		goroutines, _ = strconv.Atoi(os.Args[1])
	}
	if len(os.Args) > 2 {
		each, _ = strconv.Atoi(os.Args[2])
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		truth.Text("error", err.Error())
		os.Exit(1)
	}
	go serve(listener)
	closed, _ := net.Listen("tcp", "127.0.0.1:0")
	nobody := closed.Addr().String()
	closed.Close()

	truth.Begin()
	var dials, refused, connected int64
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for n := 0; n < each; n++ {
				address := listener.Addr().String()
				if n%4 == 3 {
					address = nobody
				}
				dialer := net.Dialer{Timeout: 5 * time.Second}
				atomic.AddInt64(&dials, 1)
				connection, err := dialer.Dial("tcp", address)
				if err != nil {
					atomic.AddInt64(&refused, 1)
					continue
				}
				atomic.AddInt64(&connected, 1)
				connection.Close()
			}
		}(i)
	}
	all.Wait()
	truth.Number("goroutines", int64(goroutines))
	truth.Number("dials", dials)
	truth.Number("refused", refused)
	truth.Number("connected", connected)
	truth.Text("refusal", "dial tcp "+nobody+": connect: connection refused")
	truth.End()
}

func serve(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		connection.Close()
	}
}
