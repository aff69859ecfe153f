//go:build go1.18
// +build go1.18

package main

import "strconv"

type number interface {
	~int | ~int32 | ~int64 | ~float64 | ~uint8
}

type celsius int

type pair[K comparable, V any] struct {
	key   K
	value V
}

type stack[T any] struct {
	items []T
}

//go:noinline
func (s *stack[T]) Push(item T) int {
	called("Push")
	s.items = append(s.items, item)
	return len(s.items)
}

//go:noinline
func (s *stack[T]) Pop() (item T, ok bool) {
	called("Pop")
	if len(s.items) == 0 {
		return item, false
	}
	item = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return item, true
}

//go:noinline
func Sum[T number](items ...T) (total T) {
	called("Sum")
	for _, item := range items {
		total += item
	}
	return total
}

//go:noinline
func Map[A, B any](items []A, f func(A) B) []B {
	called("Map")
	out := make([]B, 0, len(items))
	for _, item := range items {
		out = append(out, f(item))
	}
	return out
}

//go:noinline
func Keys[K comparable, V any](pairs []pair[K, V]) []K {
	called("Keys")
	return Map(pairs, func(p pair[K, V]) K { return p.key })
}

//go:noinline
func First[T any](items []T) T {
	called("First")
	return items[0]
}

func runGenerics(i int) {
	Sum(1, 2, i)                       // int
	Sum(celsius(1), celsius(i))        // shares its code with int
	Sum(1.5, float64(i))               // float64
	Sum(uint8(1))                      // uint8
	Map([]int{i, i + 1}, strconv.Itoa) // int to string
	Map([]string{"a"}, func(s string) int { return len(s) })
	Keys([]pair[string, int]{{"k", i}})
	Keys([]pair[int, *T]{{i, nil}})
	First([]*T{{i}})    // pointers share their code
	First([]*FooT{{i}}) // with each other
	First([]string{"x", "y"})
	First([]struct{ A, B int }{{i, i}})
	ints, texts, pointers := &stack[int]{}, &stack[string]{}, &stack[*T]{}
	ints.Push(i)
	ints.Push(i + 1)
	ints.Pop()
	texts.Push("t")
	texts.Pop()
	texts.Pop()
	pointers.Push(&T{i})
}
