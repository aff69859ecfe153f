package main

import (
	"fmt"
	"math"
	"math/rand"

	"gobt.example/truth"
)

type place struct {
	Name string
	Lat  float64
	Lon  float32
	Turn complex128
	Slim complex64
}

type bundle struct {
	List    []float64
	Array   [3]float32
	Place   place
	Far     *place
	Any     interface{}
	Slimmer interface{}
}

//go:noinline
func locate(p *place) int { return len(p.Name) }

//go:noinline
func carry(b *bundle) int { return len(b.List) }

// runDecimals passes floats for which the shortest decimal number takes every way there is to it.
func runDecimals() {
	numbers := []float64{
		0, math.Copysign(0, -1), 1, -1, 1.5, -2.5, 0.1, 1.0 / 3, 2.0 / 3, 100, 123456, 1234567, 1e6, 1e20, 1e21, 1e22, 1e23,
		0.0001, 0.00001, 0.00012345, -0.012, 12.05, 99999.5, 999999.5, 123456.789, 1e100, 1e-100, 1e300,
		math.Pi, math.E, math.MaxFloat64, math.SmallestNonzeroFloat64, 2.2250738585072014e-308, 2.225073858507201e-308,
		math.Inf(1), math.Inf(-1), math.NaN(), 1 << 53, 1<<53 + 2, 9007199254740993, 4503599627370497.5, 1732800000.25,
		0.3, 0.1 + 0.2, 5e-324, 4.35, 2.675, 1e15, 1e16, 123456789012345, 0.000001, 250595.409, 1.0000000001, 999999.9999999999,
		float64(math.MaxFloat32), float64(math.SmallestNonzeroFloat32), 1.17549435e-38, 16777216, 16777217, 8388608.5,
	}
	random := rand.New(rand.NewSource(7))
	for i := 0; i < 40; i++ {
		numbers = append(numbers, math.Float64frombits(random.Uint64()), random.Float64()*1000, math.Round(random.Float64()*1e6)/1e3,
			float64(math.Float32frombits(random.Uint32())))
	}
	for i, x := range numbers {
		p := &place{"here", x, float32(x), complex(-x, x), complex(float32(x), -float32(x))}
		locate(p)
		truth.Text(fmt.Sprintf("shown%d", i), fmt.Sprintln(p.Lat, p.Lon, p.Turn, p.Slim)[:len(fmt.Sprintln(p.Lat, p.Lon, p.Turn, p.Slim))-1])
	}
	carry(&bundle{
		[]float64{1.5, -2.25, 1e-9}, [3]float32{0.1, 0.2, 0.3}, place{"near", 7.5, -8.5, 2i, 1},
		&place{"far", -0.5, 1e10, complex(1.5, -2), complex(0.25, 4)}, 2.75, float32(0.7),
	})
}
