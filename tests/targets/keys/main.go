// Command keys calls a function with values of kinds that are seldom counted by.
package main

import (
	"net"
	"reflect"
	"time"

	"gobt.example/truth"
)

type order struct {
	Any  interface{}
	Err  error
	IP   net.IP
	Map  map[string]int
	Chan chan int
	At   time.Time
}

type unseen struct{ code int }

func (unseen) Error() string { return "code" }

//go:noinline
func take(o *order) { taken++ }

var taken int64

func main() {
	anys := []interface{}{1, "text", [2]int{}, struct{}{}, map[string]int{}, func() {}, []string{}, &order{}, nil}
	ips := []net.IP{net.IPv4(10, 0, 0, 1), net.ParseIP("fe80::1"), {9, 8, 7, 6}, nil}
	var made error
	// The linker makes no itab for this pair of types.
	reflect.ValueOf(&made).Elem().Set(reflect.ValueOf(interface{}(unseen{7})))
	truth.Begin()
	var filled int64
	for n := 0; n < 360; n++ {
		o := &order{Any: anys[n%len(anys)], IP: ips[n%len(ips)], At: time.Unix(1e9+int64(n%2), int64(n))}
		if n%3 == 0 {
			o.Map, o.Chan, o.Err = map[string]int{"a": 1, "b": 2}, make(chan int, 3), made
			filled++
		}
		take(o)
	}
	truth.Number("any", taken/int64(len(anys)))
	truth.Number("second", taken/2)
	truth.Number("ip", taken/int64(len(ips)))
	truth.Number("filled", filled)
	truth.Number("empty", taken-filled)
	truth.End()
}
