//go:build go1.18

package main

func largest[T int | float64 | string](a, b T) T {
	maxs++
	if a > b {
		return a
	}
	return b
}

//go:noinline
func generics(n int) {
	opaque()
	sink += largest(n, 7)
	for i := 0; i < 3; i++ {
		if largest(float64(i), 1.5) > 1.7 {
			sink++
		}
	}
	sink += len(largest("a", "b"))
}
