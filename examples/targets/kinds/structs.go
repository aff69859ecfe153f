package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// Base is embedded.
type Base struct {
	ID      uint32
	Created time.Time
}

// Address is where somebody lives.
type Address struct {
	Street string
	City   *string
	Zip    [5]byte
}

// Person has fields of all sorts.
type Person struct {
	Base
	*Address
	Name   string
	Age    uint8
	Height float32
	Tags   []string
	Friend *Person
	Extra  any
	Err    error
	Notes  map[string]string
	Wait   time.Duration
	Call   func(int) int
	// Words that mean something to bpftrace or to a recipe.
	pid, str, nsecs, where int
	Größe                  int
}

// Point is small.
type Point struct{ X, Y int32 }

// Wide does not fit into registers.
type Wide struct {
	A, B, C, D, E, F, G, H, I, J, K int
	Name                            string
}

//go:noinline
func (p *Person) Greet(other *Person, loud bool) string { return p.Name + other.Name }

//go:noinline
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

//go:noinline
func (w Wide) Sum(more Wide) (int, Wide) { return w.A + more.K, more }

//go:noinline
func Move(p *Point, by Point, path **Point) Point { return Point{p.X + by.X, p.Y + by.Y + (*path).X} }

func structures() {
	city := "Paris"
	ada := &Person{Base: Base{ID: 1}, Address: &Address{City: &city}, Name: "Ada", Age: 36}
	ada.Greet(&Person{Name: "Grace", Friend: ada}, true)
	point := &Point{1, 2}
	Point{1, 2}.Add(Point{3, 4})
	Wide{A: 1}.Sum(Wide{K: 2})
	Move(point, Point{1, 1}, &point)
}

// Refused is an error of this program.
type Refused struct {
	Code int
	Why  string
}

func (r *Refused) Error() string { return r.Why }

// Shape has an area.
type Shape interface{ Area() int }

//go:noinline
func (p Point) Area() int { return int(p.X * p.Y) }

//go:noinline
func Dynamic(v any, s Shape, err error) (any, error) {
	if s != nil && s.Area() < 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v, &Refused{Code: 7, Why: "no"}
}

//go:noinline
func Open(name string) error {
	_, err := os.Open(name)
	return err
}

func interfaces() {
	_, _ = Dynamic(1, Point{1, 2}, nil)
	_, _ = Dynamic("x", nil, errors.New("plain"))
	_, _ = Dynamic(&Point{}, &Point{}, &fs.PathError{Op: "open", Path: "/", Err: syscall.ENOENT})
	_ = Open("/nowhere")
}
