package main

// Number is what can be added.
type Number interface{ ~int | ~int64 | ~float64 }

// Celsius is made of an int.
type Celsius int

// Stack is generic.
type Stack[E any] struct{ items []E }

//go:noinline
func (s *Stack[E]) Push(item E) int {
	s.items = append(s.items, item)
	return len(s.items)
}

//go:noinline
func Sum[N Number](items ...N) (total N) {
	for _, item := range items {
		total += item
	}
	return total
}

//go:noinline
func Map[A, B any](items []A, f func(A) B) []B {
	var out []B
	for _, item := range items {
		out = append(out, f(item))
	}
	return out
}

//go:noinline
func First[E any](items []E) E { return items[0] }

func generics() {
	println(Sum(1, 2), Sum(Celsius(3)), int(Sum(1.5)))
	println(len(Map([]int{1}, func(n int) string { return "x" })), len(Map([]string{"a"}, func(s string) int { return 1 })))
	println(First([]*Point{{1, 2}}).X, First([]struct{ A, B int }{{1, 2}}).A)
	ints, texts := &Stack[int]{}, &Stack[string]{}
	println(ints.Push(1), texts.Push("a"))
}
