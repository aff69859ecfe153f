package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

// Requests that took longer than a slow one may be told from.
var over atomic.Int64

// slowness is how long a slow request takes.
const slowness = 150 * time.Millisecond

func serve(listener net.Listener, store *Store) {
	mux := http.NewServeMux()
	mux.HandleFunc("/fast", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello")
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(slowness)
		io.WriteString(w, "at last")
	})
	mux.HandleFunc("/orders", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var order Order
		if err := json.Unmarshal(body, &order); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := store.Put(order); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	// Whatever takes as long as a slow request, for whatever reason.
	timed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		mux.ServeHTTP(w, r)
		if time.Since(began) > 100*time.Millisecond {
			over.Add(1)
		}
	})
	go http.Serve(listener, timed)
}

// A client asks the service for things, one after the other.
type client struct {
	http.Client
	base string
}

// Connections that clients of the service have opened.
var dials atomic.Int64

func newClient(address string) *client {
	open := func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return &client{base: "http://" + address, Client: http.Client{Transport: &http.Transport{DialContext: open}}}
}

func (c *client) ask(rounds int) {
	statuses := map[int]int64{}
	var written int64
	note := func(response *http.Response, err error) {
		if err != nil {
			truth.Text("error", err.Error())
			return
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode >= 400 {
			written += int64(len(body))
		}
		statuses[response.StatusCode]++
	}
	for i := 0; i < rounds; i++ {
		for n := 0; n < 3; n++ {
			note(c.Get(c.base + "/fast"))
		}
		note(c.Get(c.base + "/missing"))
		if i%4 == 0 {
			note(c.Get(c.base + "/slow"))
			truth.Number("slow", int64(i/4+1))
		}
		note(c.Post(c.base+"/orders", "application/json", strings.NewReader(orderText(i))))
	}
	truth.Number("rounds", int64(rounds))
	truth.Number("over", over.Load())
	truth.Number("written", written)
	for status, number := range map[string]int{
		"ok": 200, "created": 201, "bad": 400, "missing": 404, "failed": 500,
	} {
		truth.Number(name(status), statuses[number])
	}
}

func name(status string) string { return "status_" + status }

// orderText is an order: some are no JSON, some are of a customer who may not order.
func orderText(i int) string {
	switch i % 5 {
	case 3:
		return "{"
	case 4:
		return `{"customer": "Mallory", "item": "moon", "count": 1}`
	}
	return `{"customer": "Ada", "item": "tea", "count": 2}`
}
