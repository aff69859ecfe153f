// Command service is a small web service, its database and its clients in one process: what the questions of
// docs/questions.md are asked of. It counts everything that they are about.
//
// Usage: service [ROUNDS]
package main

import (
	"net"
	"os"
	"runtime/debug"
	"strconv"

	"gobt.example/truth"
)

func main() {
	rounds := 10
	if len(os.Args) > 1 {
		rounds, _ = strconv.Atoi(os.Args[1])
	}
	debug.SetGCPercent(-1)
	store := openStore()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		truth.Text("error", err.Error())
		os.Exit(1)
	}
	serve(listener, store)
	client := newClient(listener.Addr().String())
	closed, _ := net.Listen("tcp", "127.0.0.1:0")
	nobody := closed.Addr().String()
	closed.Close()

	truth.Begin()
	client.ask(rounds)
	dial(listener.Addr().String(), nobody, rounds)
	files(rounds)
	locks(rounds)
	goroutines(rounds)
	contexts(rounds)
	panics(rounds)
	collect(rounds)
	store.tell()
	truth.End()
}
