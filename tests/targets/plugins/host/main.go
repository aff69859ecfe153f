// Command host loads the plugin that is its first argument and looks at what that makes.
package main

import (
	"errors"
	"fmt"
	"os"
	"plugin"
	"reflect"

	"gobt.example/truth"
)

var own = reflect.StructOf([]reflect.StructField{{Name: "B", Type: reflect.TypeOf("")}})

//go:noinline
func take(v interface{}, err error) int { return 1 }

func main() {
	loaded, err := plugin.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	found, err := loaded.Lookup("Make")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	truth.Begin()
	for i := 0; i < 4; i++ {
		v, err := found.(func(int) (interface{}, error))(i)
		take(v, err)
		take(i, errors.New("host"))
	}
	take(reflect.New(own).Interface(), nil)
	truth.End()
}
