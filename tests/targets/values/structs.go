package main

// small travels in registers: one field each.
type small struct {
	ID   int32
	Kind uint8
	Name string
	On   bool
}

// wide has more than the nine integer registers can hold and travels on the stack.
type wide struct {
	A, B, C, D, E, F, G, H, I, J, K, L int
	Name                               string
}

// withArray travels on the stack, since it holds an array of more than one element.
type withArray struct {
	Head int
	List [3]int
	Tail string
}

type base struct {
	Serial int
	Label  string
}

//go:noinline
func (b *base) Describe() string { return b.Label }

type middle struct {
	base
	Level int
}

type outer struct {
	*middle
	Title string
	inner struct {
		X, Y int
		Deep struct{ Z int8 }
	}
	empty struct{}
	Next  *outer
}

type packed struct {
	A bool
	B int64
	C bool
	D int32
	E int16
	F byte
}

type nothing struct{}

func runStructs() {
	takeSmall(small{-7, 3, "tiny", true})
	takeSmall(small{})
	takeWide(wide{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "broad"})
	takeArray(withArray{1, [3]int{20, 30, 40}, "end"})
	takePacked(packed{true, -2, false, -4, 5, 6})
	takeNothing(nothing{}, 9)
	o := &outer{middle: &middle{base{11, "base"}, 22}, Title: "top"}
	o.inner.X, o.inner.Y, o.inner.Deep.Z = 33, 44, -55
	o.Next = &outer{Title: "next", middle: &middle{Level: 66}}
	takeOuter(o)
	takeOuter(&outer{Title: "lonely"})
	takeOuterValue(*o)
	takeMiddle(middle{base{77, "by value"}, 88})
	pair(small{1, 2, "one", false}, small{3, 4, "two", true})
	makeWide(100)
	makeSmall(5)
	(&base{5, "method"}).Describe()
	anonymous(struct {
		A int
		B string
	}{12, "anon"})
}

//go:noinline
func takeSmall(s small) (small, bool) { return small{s.ID - 1, s.Kind + 1, s.Name + "!", !s.On}, true }

//go:noinline
func takeWide(w wide) int { return w.A + w.L }

//go:noinline
func takeArray(w withArray) withArray {
	return withArray{w.Head + 1, [3]int{w.List[2], w.List[1], w.List[0]}, w.Tail}
}

//go:noinline
func takePacked(p packed) packed { return p }

//go:noinline
func takeNothing(n nothing, m int) int { return m }

//go:noinline
func takeOuter(o *outer) int { return len(o.Title) }

//go:noinline
func takeOuterValue(o outer) int { return o.inner.X }

//go:noinline
func takeMiddle(m middle) middle { return m }

//go:noinline
func pair(a, b small) (small, small) { return b, a }

//go:noinline
func makeWide(n int) wide { return wide{A: n, L: n + 1, Name: "made"} }

//go:noinline
func makeSmall(n int32) *small { return &small{ID: n, Name: "fresh"} }

//go:noinline
func anonymous(a struct {
	A int
	B string
}) int {
	return a.A
}
