//go:build go1.18

package main

import (
	av1 "gobt.example/awkward/a/v1"
	bv1 "gobt.example/awkward/b/v1"
)

type pair[A, B any] struct {
	First  A
	Second B
}

type cell[T any] struct{ p *T }

func generic() []interface{} {
	n := 9
	return []interface{}{
		pair[int, string]{3, "three"}, &pair[int, string]{4, "four"}, pair[av1.Pod, *bv1.Pod]{}, cell[int]{&n}, []cell[int]{},
		pair[[]byte, map[string]any]{},
	}
}
