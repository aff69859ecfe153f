package main

type getter interface{ Get() int }

type valuer interface{ Val() int }

// holder promotes T's methods by embedding a value, pointerHolder by embedding a pointer, deepHolder through two
// levels.

type holder struct {
	Name string
	T
}

type pointerHolder struct {
	Name string
	*T
}

type deepHolder struct {
	Name string
	pointerHolder
}

type interfaceHolder struct {
	Name string
	getter
}

//go:noinline
func dynamic(g getter) int { called("dynamic"); return g.Get() }

//go:noinline
func dynamicValue(v valuer) int { called("dynamicValue"); return v.Val() }

// runWrappers comes to (*T).Get and T.Val in every way that leads there; each is one call of the method itself.
func runWrappers(i int) {
	t := &T{i}
	dynamic(t)
	dynamic(&FooT{i})
	dynamic(&holder{"h", T{i}})
	dynamic(pointerHolder{"p", t})
	dynamic(&deepHolder{"d", pointerHolder{"p", t}})
	dynamic(interfaceHolder{"i", t})
	dynamicValue(*t)
	dynamicValue(t) // through the pointer wrapper (*T).Val
	dynamicValue(holder{"h", T{i}})
	h := &holder{"h", T{i}}
	h.Get()
	h.Val()

	method := t.Get // a method value: (*T).Get-fm
	keep(method)
	method()
	expression := (*T).Get
	keep2(expression)
	expression(t)
	value := t.Val // T.Val-fm
	keep(value)
	value()
}

var (
	kept  func() int
	kept2 func(*T) int
)

//go:noinline
func keep(f func() int) { kept = f }

//go:noinline
func keep2(f func(*T) int) { kept2 = f }
