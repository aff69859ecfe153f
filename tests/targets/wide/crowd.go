package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gobt.example/truth"
)

type span struct{ From, To time.Time }

type entry struct {
	Name   string
	Bytes  int
	Tags   []string
	Reader io.Reader
	Any    interface{}
	Err    error
	At     time.Time
	Took   time.Duration
	Next   *entry
	Spans  []span
	Flag   bool
	Ratio  int32
	Rune   rune
	Host   string
	Kinds  map[string]int
	Last   uint64
	Beyond string
}

// crowd calls functions that are given more than what a line has room for.
func crowd() {
	day := time.Date(2024, 2, 29, 23, 59, 58, 7, time.UTC)
	at := func(days int) time.Time { return day.AddDate(0, 0, days) }
	err := errors.New("plain")
	reader := io.Reader(strings.NewReader("x"))
	word := func(n int) string { return fmt.Sprintf("word%d", n) }
	w := [30]string{}
	for i := range w {
		w[i] = word(i)
	}
	spans := []span{{at(0), at(1)}, {at(2), at(3)}, {at(4), at(5)}, {at(6), at(7)}, {at(8), at(9)}}
	e := &entry{"first", 7, w[:5], reader, day, err, at(1), 1500 * time.Microsecond, nil, spans, true, -4, 'x', "host", nil, 1 << 63, "beyond"}
	io.Discard.Write([]byte(fmt.Sprintf("%T %T %T %T", reader, day, err, e))) // the names of types are in memory
	truth.Begin()
	texts(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14],
		w[15], w[16], w[17], w[18], w[19], w[20], w[21], w[22], w[23], w[24], w[25], w[26], w[27], w[28], w[29])
	faces(1, "two", nil, day, 5.5, err, nil, reader, strings.NewReader("y"), nil)
	moments(at(0), at(1), at(2), at(3), at(4), at(5), err, nil, io.EOF)
	periods(spans)
	periods(spans[:2])
	whole(*e)
	lists([]int{1, 2}, []int{3}, nil, []int{4}, []int{5, 6, 7, 8, 9}, nil, w[:1], w[1:3], nil, w[4:5], w[5:10], nil)
	truth.Number("calls", 7)
	truth.End()
}

//go:noinline
func texts(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd string) {
	seen++
}

//go:noinline
func faces(a, b, c, d, e interface{}, f, g error, h, i, j io.Reader) { seen++ }

//go:noinline
func moments(a, b, c, d, e, f time.Time, g, h, i error) { seen++ }

//go:noinline
func periods(s []span) { seen++ }

//go:noinline
func whole(e entry) { seen++ }

//go:noinline
func lists(a, b, c, d, e, f []int, g, h, i, j, k, l []string) { seen++ }
