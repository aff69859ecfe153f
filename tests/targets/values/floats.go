package main

type measured struct {
	Value float64
	Small float32
	Unit  string
	Z     complex128
}

func runFloats() {
	float(3.5, -0.25)
	mixed(1, 2.5, 3, "four")
	complexes(complex(1, -2), complex(3, 4))
	measure(&measured{2.75, -1.5, "kg", complex(1, 2)})
	measureValue(measured{1.25, 0.5, "m", 0})
	floatSlice([]float64{1.5, -2.5})
}

//go:noinline
func float(a float64, b float32) float64 { return a + float64(b) }

//go:noinline
func mixed(a int, b float64, c int, d string) int { return a + c + len(d) + int(b) }

//go:noinline
func complexes(a complex128, b complex64) complex128 { return a + complex128(b) }

//go:noinline
func measure(m *measured) string { return m.Unit }

//go:noinline
func measureValue(m measured) string { return m.Unit }

//go:noinline
func floatSlice(f []float64) int { return len(f) }
