// Package box has the names of the main package's methods once more, behind another path.
package box

// Called counts.
var Called func(name string)

// T is another T.
type T struct{ N int }

// Get is another Get.
//
//go:noinline
func (t *T) Get() int { Called("box.T.Get"); return t.N }

// Get is another one still.
//
//go:noinline
func Get(n int) int { Called("box.Get"); return n }
