package main

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"unsafe"
)

type speaker interface{ Speak() string }

// not a constant.
//
//go:noinline
func not(n int) int { return n }

// panics are errors that the run time panics with.
func panics() {
	n, minus := not(10), not(-1)
	list := make([]int, 3, 5)
	text := "four"
	var nothing *person
	var anything any
	var holds any = person{Name: "x"}
	var speaks speaker
	for name, f := range map[string]func(){
		"index":            func() { list[n]++ },
		"index_negative":   func() { list[minus]++ },
		"index_unsigned":   func() { list[uint64(minus)]++ },
		"slice_length":     func() { fmt.Fprint(io.Discard, text[:n]) },
		"slice_capacity":   func() { fmt.Fprint(io.Discard, list[:n]) },
		"slice_order":      func() { fmt.Fprint(io.Discard, list[n-8:n-9]) },
		"slice_negative":   func() { fmt.Fprint(io.Discard, list[minus:]) },
		"slice3":           func() { fmt.Fprint(io.Discard, list[:1:n]) },
		"slice3_middle":    func() { fmt.Fprint(io.Discard, list[:n:3]) },
		"slice3_low":       func() { fmt.Fprint(io.Discard, list[n-8:n-9:5]) },
		"array":            func() { fmt.Fprint(io.Discard, (*[4]int)(list)) },
		"nil":              func() { nothing.Name = "y" },
		"division":         func() { fmt.Fprint(io.Discard, 3/(n-10)) },
		"assert_nil":       func() { fmt.Fprint(io.Discard, anything.(int)) },
		"assert_type":      func() { fmt.Fprint(io.Discard, holds.(map[string]int)) },
		"assert_interface": func() { fmt.Fprint(io.Discard, holds.(speaker)) },
		"assert_speaker":   func() { fmt.Fprint(io.Discard, speaks.(fmt.Stringer)) },
		"assert_text":      func() { fmt.Fprint(io.Discard, holds.(io.Reader)) },
		"map":              func() { var m map[string]int; m["x"] = n },
		"map_key":          func() { m := map[any]int{}; m[list] = n },
		"compare":          func() { fmt.Fprint(io.Discard, any(list) == any(list)) },
		"close":            func() { var c chan int; close(c) },
		"send":             func() { c := make(chan int); close(c); c <- 1 },
		"make":             func() { fmt.Fprint(io.Discard, make([]int, minus)) },
		"shift":            func() { fmt.Fprint(io.Discard, 1<<minus) },
		"slice_far":        func() { fmt.Fprint(io.Discard, unsafe.Slice(&n, minus)) },
		"reflect":          func() { reflect.ValueOf(3).Len() },
		"reflect_zero":     func() { reflect.Value{}.Type() },
		"own_panic":        func() { panic(errors.New("my own")) },
	} {
		add(name, recovered(f))
	}
}
