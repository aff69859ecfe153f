package main

type inner struct {
	Word string
	Wide complex128
	Slim complex64
}

type waves struct {
	Wide  complex128
	Slim  complex64
	List  []complex128
	Array [2]complex64
	Inner inner
	inner
	Far *inner
}

func runComplex() {
	far := &inner{"far", complex(31, -32), complex(33, -34)}
	w := &waves{
		complex(1, 2), complex(3, 4),
		[]complex128{complex(5, 6), complex(-7, -8)},
		[2]complex64{complex(9, 10), complex(11, 12)},
		inner{"in", complex(13, 14), complex(15, 16)},
		inner{"em", complex(17, 18), complex(19, 20)},
		far,
	}
	wave(w, w.List, &w.Wide, &w.Slim)
	waveInner(w.Inner, 7)
}

//go:noinline
func wave(w *waves, list []complex128, wide *complex128, slim *complex64) {
	if w != nil {
		sink = w
		w.Wide, w.Slim = 0, 0
	}
}

//go:noinline
func waveInner(in inner, n int) int { return n + len(in.Word) }

// sink keeps the compiler from dropping what is only passed.
var sink interface{}
