package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	av1 "gobt.example/awkward/a/v1"
	bv1 "gobt.example/awkward/b/v1"
	kit "gobt.example/awkward/kit.v2"
	"gobt.example/truth"
)

type onlyAny struct{ A, B int }

type byPointer struct{ n int }

func (b *byPointer) Measure() int { return b.n }

func (b *byPointer) Error() string { return "by pointer" }

type Größe int

//go:noinline
func takeNamed(v interface{}) {}

//go:noinline
func takeError(err error) {}

func runTypes() {
	n := 7
	p := &n
	values := []interface{}{
		nil, &av1.Pod{Name: "a"}, &bv1.Pod{Name: "b"}, av1.Pod{Name: "a"}, []av1.Pod{}, map[string]*bv1.Pod{"x": nil}, &kit.Tool{Size: 3},
		kit.Tool{Size: 4}, onlyAny{1, 2}, &p, map[string]int{}, []byte("bytes"), []string{}, [2]bool{}, struct{ X int }{5},
		struct {
			X int "json:\"x\""
			y string
		}{6, "y"}, struct{}{}, func(int, ...string) error { return nil }, func() {}, make(chan int), make(<-chan *av1.Pod),
		new(interface{}), new(error), []interface{}{}, map[interface{}]interface{}{}, 'r', Größe(5), uint8(3), complex(1, 2), errors.New("e"),
		func(io.Reader) (int, error) { return 0, nil }, [][]int{}, []fmt.Stringer{}, strings.NewReader(""),
	}
	values = append(values, generic()...)
	for _, v := range values {
		for i := 0; i < 3; i++ {
			takeNamed(v)
		}
	}
	takeMeasurer(&byPointer{4})
	takeMeasurer(bv1.Pod{Name: "four"})
	takeError(&byPointer{5})
	takeError(nil)
	giveAny(&point{8, 9})
	truth.Number("values", int64(3*len(values)))
}
