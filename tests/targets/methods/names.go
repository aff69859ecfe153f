package main

// T, FooT, TFoo and MyT have methods of one name: as patterns of bpftrace, and as substrings, they all match each
// other.

type T struct{ n int }

type FooT struct{ n int }

type TFoo struct{ n int }

type Ţ struct{ n int } // a letter beyond ASCII

//go:noinline
func (t *T) Get() int { called("T.Get"); return t.n }

//go:noinline
func (t *FooT) Get() int { called("FooT.Get"); return t.n }

//go:noinline
func (t *TFoo) Get() int { called("TFoo.Get"); return t.n }

//go:noinline
func (t *Ţ) Get() int { called("Ţ.Get"); return t.n }

//go:noinline
func (t *T) GetAll(more int) int { called("T.GetAll"); return t.n + more }

//go:noinline
func (t *T) get() int { called("T.get"); return t.n }

//go:noinline
func (t T) Val() int { called("T.Val"); return t.n }

//go:noinline
func Get(n int) int { called("Get"); return n }

//go:noinline
func GetT(n int) int { called("GetT"); return n }

func runNames(i int) {
	t, foo, tfoo, letter := &T{i}, &FooT{i}, &TFoo{i}, &Ţ{i}
	t.Get()
	for n := 0; n < 2; n++ {
		foo.Get()
	}
	for n := 0; n < 3; n++ {
		tfoo.Get()
	}
	for n := 0; n < 4; n++ {
		t.GetAll(n)
	}
	for n := 0; n < 5; n++ {
		t.get()
	}
	for n := 0; n < 6; n++ {
		t.Val()
	}
	for n := 0; n < 7; n++ {
		Get(n)
	}
	for n := 0; n < 8; n++ {
		GetT(n)
	}
	letter.Get()
}
