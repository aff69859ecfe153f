package main

import "math"

type reading struct {
	Wide  float64
	Slim  float32
	Array [2]float64
	inner struct{ Slim float32 }
}

//go:noinline
func measure(r *reading, list []float32) int { return len(list) }

func runFloats() {
	for _, x := range []float64{
		0, 1.5, -2.75, 0.99, -0.5, 1e6, -123456789.875, 4503599627370497.5, 9007199254740993, 1e18, -9.2e18,
		9223372036854775808, -9223372036854775808, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324,
	} {
		r := &reading{Wide: x, Slim: float32(x), Array: [2]float64{-x, x / 2}}
		r.inner.Slim = float32(-x)
		measure(r, []float32{float32(x)})
	}
}
