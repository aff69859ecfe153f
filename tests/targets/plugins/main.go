// Package main is a plugin. What it returns has types of its own, types that the program which loads it has too, and
// one that reflection made.
package main

import (
	"fmt"
	"reflect"
)

// Item is in the plugin only.
type Item struct {
	Name string
	N    int
}

// Failure is an error of the plugin's own.
type Failure struct{ N int }

func (f *Failure) Error() string { return fmt.Sprint("failure ", f.N) }

var made = reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(0)}})

//go:noinline
func work(i int) (interface{}, error) {
	switch i % 4 {
	case 1:
		return nil, fmt.Errorf("bad %d", i)
	case 2:
		return i, &Failure{i}
	case 3:
		return reflect.New(made).Interface(), nil
	}
	return &Item{"n", i}, nil
}

// Make is what the host calls.
func Make(i int) (interface{}, error) { return work(i) }

func main() {}
