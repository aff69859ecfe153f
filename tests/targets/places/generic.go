//go:build go1.18
// +build go1.18

package main

// want since 1.20 main.one[go.shape.string]: bx cx, di | ax bx, cx
// want until 1.19 main.one[go.shape.string_0]: bx cx, di | ax bx, cx
// want since 1.20 main.one[go.shape.float64]: X0, bx | X0, ax
// want until 1.19 main.one[go.shape.float64_0]: X0, bx | X0, ax
//
//go:noinline
func one[T any](a T, b int) (T, int) {
	use(a, b)
	return a, b
}

type pair[K comparable, V any] struct {
	k K
	v V
}

// want since 1.20 main.(*pair[go.shape.string,go.shape.int64]).Set: ax, cx di, si | ax
// want until 1.19 main.(*pair[go.shape.string_0,go.shape.int64_1]).Set: bx, cx di, si | ax
//
//go:noinline
func (p *pair[K, V]) Set(k K, v V) (old V) {
	use(k, v)
	old = p.v
	p.k, p.v = k, v
	return old
}

// want since 1.20 main.pair[go.shape.string,go.shape.int64].Get: ax bx cx, si r8 | ax bx, cx
// want until 1.19 main.pair[go.shape.string_0,go.shape.int64_1].Get: bx cx di, si r8 | ax bx, cx
//
//go:noinline
func (p pair[K, V]) Get(s string) (K, V) {
	use(p, s)
	return p.k, p.v
}

func generic() {
	use(one("x", 1))
	use(one(1.5, 1))
	p := &pair[string, int64]{}
	use(p.Set("x", 1))
	use(p.Get("y"))
}
