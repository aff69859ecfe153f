package main

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"gobt.example/truth"
)

type note struct {
	Title string
	Body  []byte
	Tags  []string
}

// untouched gives text in pages of its own that nobody has read or written: reads of a probe fail there.
func untouched() string {
	file, err := os.Open("/proc/self/exe")
	if err != nil {
		panic(err)
	}
	size := 1 << 16
	pages, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := syscall.Madvise(pages, syscall.MADV_DONTNEED); err != nil {
		panic(err)
	}
	return pointed(pages)
}

func runTexts() {
	far := untouched()
	long := strings.Repeat("long ", 200)
	errFar := errors.New(far[8:30])
	plain := []string{"plain", "", "naïve €", "8 bytes.", "nul", "16 bytes exactly", long}
	for _, t := range plain {
		said(t, []byte(t))
	}
	nuls := []string{
		"nul\x00byte", "nul\x00other", "\x00first", "last\x00", "a NUL after sixteen bytes: \x00 here", "\x00", "\x00\x00", "nul\x00",
		"nul\x00bytf", "aaaaaaaXaaaaaaaY\x00", "aaaaaaaYaaaaaaaX\x00", "a NUL after sixteen bytes: \x00 herf", long[:40] + "\x00", long[:40] + "\x01\x00",
	}
	for at, t := range nuls {
		// Equal texts are one, wherever they lie.
		for moved := 0; moved < 3; moved++ {
			t := strings.Repeat("x", at+moved) + t + "x"
			t = t[at+moved : len(t)-1]
			said(t, []byte(t))
		}
	}
	truth.Number("plain", int64(len(plain)))
	truth.Number("nuls", int64(3*len(nuls)))
	truth.Number("kinds", int64(len(nuls)+6))
	for i := 0; i < 3; i++ {
		said(far[i*4096:i*4096+20], []byte("x"))
		// The second half lies in the page that was not read.
		said(far[8192+i*8192-10:8192+i*8192+10], nil)
	}
	truth.Number("far", 6)
	noted(&note{"a\x00b", []byte{0, 0, 0}, []string{"one", "t\x00o", far[40960:40970]}}, errFar)
	noted(&note{far[45056:45066], []byte(far[:0]), nil}, errors.New("near"))
	bytesOf([]byte("near"), &[4]byte{1, 2, 3, 4})
	zeros := [64]byte{63: 1}
	bytesOf(zeros[:8], &[4]byte{})
	bytesOf(bytesAt(far[49152:49160]), &[4]byte{4, 3, 2, 1})
}

//go:noinline
func said(t string, b []byte) string {
	if len(b) > 0 {
		return t
	}
	return "nothing"
}

//go:noinline
func noted(n *note, err error) error { return err }

//go:noinline
func bytesOf(b []byte, a *[4]byte) int { return len(b) }
