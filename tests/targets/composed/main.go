// Command composed calls a function with errors whose Error methods put their message together: of constants, of what
// the error has, and of the error inside it; and with others, whose messages are not told.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"gobt.example/truth"
)

// Concatenations.

type missing struct {
	ID   int
	Name string
}

func (e *missing) Error() string { return "user " + e.Name + ": not found" }

type operation struct {
	Op  string
	Err error
}

func (e *operation) Error() string { return e.Op + ": " + e.Err.Error() }
func (e *operation) Unwrap() error { return e.Err }

type byValue struct{ A, B string }

func (e byValue) Error() string { return e.A + "/" + e.B }

type notFound string

func (e notFound) Error() string { return "not found: " + string(e) }

type four struct{ A, B string }

func (e *four) Error() string { return e.A + " and " + e.B + " differ" }

type five struct {
	A, B string
	Err  error
}

func (e *five) Error() string { return e.A + " of " + e.B + ": " + e.Err.Error() }

type many struct{ A, B, C string }

func (e *many) Error() string { return "<" + e.A + ", " + e.B + ", " + e.C + ">" }

type twice struct{ A string }

func (e *twice) Error() string { return e.A + " is not " + e.A }

type careful struct{ A string }

func (e *careful) Error() string {
	if e == nil {
		return "<nil>"
	}
	return "careful: " + e.A
}

type big struct {
	N                   int
	A, B, C, D, E, F, G string
}

func (e big) Error() string { return e.A + "…" + e.G }

type stepwise struct{ A, B string }

func (e *stepwise) Error() string {
	s := "step " + e.A
	s += ", then " + e.B
	return s
}

type wraps struct{ error }

type around struct {
	id int
	missing
}

type labelled[T any] struct {
	Label string
	Of    T
}

func (e *labelled[T]) Error() string { return "label " + e.Label }

type helped struct{ A, B string }

//go:noinline
func (e *helped) text() string { return e.A + "+" + e.B }

func (e *helped) Error() string { return "helped: " + e.text() }

type tail struct{ Err error }

func (e tail) Error() string { return "tail: " + e.Err.Error() }

// Numbers as texts.

type itoa struct{ N int }

func (e *itoa) Error() string { return "code " + strconv.Itoa(e.N) }

type itoa32 struct {
	Before int32
	N      int32
}

func (e itoa32) Error() string { return "code " + strconv.Itoa(int(e.N)) + "!" }

type status int

func (e status) Error() string { return "status " + strconv.Itoa(int(e)) }

type small uint8

func (e small) Error() string { return "small " + strconv.FormatUint(uint64(e), 10) }

type code16 uint16

func (e code16) Error() string { return "code16 " + strconv.FormatInt(int64(e), 10) }

type quoting struct{ Name string }

func (e *quoting) Error() string { return "no " + strconv.Quote(e.Name) + " here" }

// Formats.

type printed struct {
	Name string
	Code int
}

func (e *printed) Error() string { return fmt.Sprintf("user %s not found (%d)", e.Name, e.Code) }

type printedValue struct {
	Name string
	Code int
}

func (e printedValue) Error() string { return fmt.Sprintf("%v: %v", e.Code, e.Name) }

type sizes struct {
	I8  int8
	U8  uint8
	I16 int16
	U16 uint16
	I32 int32
	U32 uint32
	I64 int64
	U64 uint64
	B   bool
}

func (e *sizes) Error() string {
	return fmt.Sprintf("%d %d %d %d %d %d %d %d %v", e.I8, e.U8, e.I16, e.U16, e.I32, e.U32, e.I64, e.U64, e.B)
}

type hexes struct {
	I  int32
	U  uint64
	S  string
	U8 uint8
}

func (e *hexes) Error() string { return fmt.Sprintf("0x%x %x %x %x", e.U, e.I, e.S, e.U8) }

type quoted struct{ S string }

func (e *quoted) Error() string { return fmt.Sprintf("cannot parse %q, 100%%", e.S) }

type inner struct {
	Op  string
	Err error
}

func (e *inner) Error() string { return fmt.Sprintf("inner %s: %v", e.Op, e.Err) }

type innerText struct{ Err error }

func (e *innerText) Error() string { return fmt.Sprintf("text: %s", e.Err) }

type innerValue struct {
	Err error
	N   int
}

func (e innerValue) Error() string { return fmt.Sprintf("%d: %v", e.N, e.Err) }

type plainKind int

type kind struct{ Kind plainKind }

func (e *kind) Error() string { return fmt.Sprintf("kind %d", e.Kind) }

type textKind string

type textual struct{ Kind textKind }

func (e *textual) Error() string { return fmt.Sprintf("kind %s", e.Kind) }

type constants struct{ Name string }

func (e *constants) Error() string { return fmt.Sprintf("%s: %s (%d)", "constant", e.Name, 7) }

type printedMany struct{ A, B, C, D, E string }

func (e *printedMany) Error() string {
	return fmt.Sprintf("%s %s %s %s %s", e.A, e.B, e.C, e.D, e.E)
}

type printedInner struct{ Err error }

func (e *printedInner) Error() string { return fmt.Sprintf("said: %s", e.Err.Error()) }

type widened struct{ N int32 }

func (e *widened) Error() string { return fmt.Sprintf("wide %d", int64(e.N)) }

type mixed struct {
	Line, Col int
	Msg       string
}

func (e *mixed) Error() string { return fmt.Sprintf("%d:%d: ", e.Line, e.Col) + e.Msg }

type boolean bool

func (e boolean) Error() string { return fmt.Sprintf("it is %t", bool(e)) }

type exotic struct {
	A, B int32
}

func (e exotic) Error() string { return fmt.Sprintf("%d and %d", e.A, e.B) }

type position struct {
	File      string
	Line, Col uint16
}

type placed struct {
	Before [3]int
	At     position
	Err    error
}

func (e *placed) Error() string {
	return fmt.Sprintf("%s:%d:%d", e.At.File, e.At.Line, e.At.Col) + ": " + e.Err.Error()
}

type numbered struct{ S stringer }

func (e *numbered) Error() string { return fmt.Sprintf("numbered %d", e.S) }

type chosen struct{ Name string }

// Both ways say the same.
func (e *chosen) Error() string {
	if e.Name == "" {
		return "chosen " + e.Name
	}
	return "chosen " + e.Name
}

type checked struct{ Name string }

func (e *checked) Error() string {
	if e.Name == "" {
		panic("no name")
	}
	return "checked " + e.Name
}

type saidFormatter struct{ Err error }

func (e *saidFormatter) Error() string { return "said " + e.Err.Error() }

type far struct {
	Much [1000]byte
	Name string
	N    int16
}

func (e *far) Error() string { return fmt.Sprintf("far %s %d", e.Name, e.N) }

type nothing struct{ Name string }

func (e *nothing) Error() string { return "" }

type onlyConstants struct{}

func (onlyConstants) Error() string { return fmt.Sprintf("only %s, %d and %v", "constants", 5, true) }

// What changes the error, or does more than to put texts together, is not told; what only takes a part of a number is.

type locked struct {
	mu   sync.Mutex
	Name string
}

func (e *locked) Error() string { e.mu.Lock(); defer e.mu.Unlock(); return "locked " + e.Name }

type deferred struct{ Name string }

func (e *deferred) Error() (s string) {
	defer func() { s += "!" }()
	return "deferred " + e.Name
}

type swapping struct{ A, B string }

func (e *swapping) Error() string { e.A, e.B = e.B, e.A; return e.A + e.B }

type changing struct{ A, B string }

func (e changing) Error() string { e.A = "x" + e.B; return e.A + ":" + e.B }

type negated struct{ A int }

func (e *negated) Error() string { return "neg " + strconv.Itoa(-e.A) }

type shifted struct{ A uint32 }

func (e *shifted) Error() string { return fmt.Sprintf("shift %d", e.A>>4) }

type masked struct{ A uint32 }

func (e *masked) Error() string { return fmt.Sprintf("mask %d", e.A&0xff) }

type truncated struct{ A uint32 }

func (e *truncated) Error() string { return fmt.Sprintf("trunc %d", uint8(e.A)) }

type extended struct{ A int64 }

func (e *extended) Error() string { return fmt.Sprintf("trunc %d %d", int16(e.A), uint64(int32(e.A))) }

type signedLonger struct{ A int8 }

func (e *signedLonger) Error() string {
	return fmt.Sprintf("ext %d %d %d", int64(e.A), uint32(e.A), int32(e.A))
}

type unsignedLonger struct{ A uint8 }

func (e *unsignedLonger) Error() string {
	return fmt.Sprintf("ext %d %d %d", int64(e.A), uint32(e.A), int8(e.A))
}

type element struct{ A [3]string }

func (e *element) Error() string { return "arr " + e.A[1] }

type nested struct {
	E struct{ E struct{ A, B string } }
}

func (e *nested) Error() string { return e.E.E.B + e.E.E.A }

type ordered struct{ A, B string }

func (e *ordered) Error() string {
	if e.A < e.B {
		return e.A + e.B
	}
	return e.B + e.A
}

type repeated struct{ A string }

func (e *repeated) Error() string { return "lit " + strings.Repeat(e.A, 2) }

type logical struct{ A, B bool }

func (e *logical) Error() string { return fmt.Sprintf("b %v %t", e.A && e.B, !e.A) }

type textBehind struct{ P *string }

func (e *textBehind) Error() string { return "ptr " + *e.P }

type calling struct{ F func() string }

func (e *calling) Error() string { return "fn " + e.F() }

type mapped map[string]string

func (e mapped) Error() string { return "map " + e["x"] }

type channel chan int

func (e channel) Error() string { return "chan " + strconv.Itoa(len(e)) }

type function func() string

func (e function) Error() string { return "fu " + e() }

type cutText string

func (e cutText) Error() string { return "cs " + string(e[:2]) }

type reused struct{ A, B string }

func (e *reused) Error() string { x := e.A + "."; y := x + e.B; return y + x }

type lenOf struct{ A string }

func (e *lenOf) Error() string { return "len " + strconv.Itoa(len(e.A)) }

type capacity struct{ A []byte }

func (e *capacity) Error() string { return "cap " + strconv.Itoa(cap(e.A)) + strconv.Itoa(len(e.A)) }

type sprintln struct{ A string }

func (e *sprintln) Error() string { return fmt.Sprintf("%s", fmt.Sprint("x", e.A)) }

type errorBehind struct{ E *inner }

func (e *errorBehind) Error() string { return "pp " + e.E.Error() }

type asserted struct{ E any }

func (e *asserted) Error() string { return "any " + e.E.(error).Error() }

type onStack struct {
	A, B, C, D, E, F string
	N                int
	Err              error
}

func (e onStack) Error() string { return fmt.Sprintf("%s %d %v %s", e.F, e.N, e.Err, e.A) }

type twiceInside struct{ Err error }

func (e twiceInside) Error() string { return fmt.Sprintf("%v|%v", e.Err, e.Err) }

type doubled struct{ Err error }

func (e *doubled) Error() string { s := e.Err.Error(); return s + s }

var unnamed = errors.New("global")

type globalError struct{ A string }

func (e *globalError) Error() string { return e.A + unnamed.Error() }

type formatOfItsOwn struct{ F, A string }

func (e *formatOfItsOwn) Error() string { return fmt.Sprintf(e.F, e.A) }

type variadic struct{ A []any }

func (e *variadic) Error() string { return fmt.Sprintf("v %v", e.A...) }

type conditional struct {
	A string
	B bool
}

func (e *conditional) Error() string {
	s := "no"
	if e.B {
		s = "yes"
	}
	return e.A + s
}

type absolute struct{ N int }

func (e *absolute) Error() string {
	n := e.N
	if n < 0 {
		n = -n
	}
	return "abs " + strconv.Itoa(n)
}

type eitherError struct{ A, B error }

func (e *eitherError) Error() string {
	x := e.A
	if x == nil {
		x = e.B
	}
	return fmt.Sprintf("either %v", x)
}

// The messages of these are not told.

type tooFar struct {
	Much [2000]byte
	Name string
}

func (e *tooFar) Error() string { return "too far " + e.Name }

type formatted int

func (f formatted) Format(state fmt.State, _ rune) { io.WriteString(state, "formatted") }

type formattedOperand struct{ F formatted }

func (e *formattedOperand) Error() string { return fmt.Sprintf("operand %d", e.F) }

type errorOperand struct{ S notFound }

func (e *errorOperand) Error() string { return fmt.Sprintf("operand %s", e.S) }

type wider interface {
	error
	Code() int
}

type widerOperand struct{ Err wider }

func (e *widerOperand) Error() string { return fmt.Sprintf("wider %v", e.Err) }

type bytesOperand struct{ B []byte }

func (e *bytesOperand) Error() string { return fmt.Sprintf("bytes %s", e.B) }

type slicing struct{ B []byte }

func (e *slicing) Error() string { return "slicing " + string(e.B) }

type tooMany struct{ A, B, C, D, E, F, G, H, I string }

func (e *tooMany) Error() string {
	return e.A + e.B + e.C + e.D + e.E + e.F + e.G + e.H + e.I
}

type named struct{ Err interface{ Name() string } }

func (e *named) Error() string { return "named " + e.Err.Name() }

type hasName string

func (n hasName) Name() string { return "its name is " + string(n) }

type formattedTwice struct{ A, B error }

func (e *formattedTwice) Error() string { return fmt.Sprintf("%v, %v", e.A, e.B) }

type indexed struct{ S string }

func (e *indexed) Error() string { return fmt.Sprintf("%[1]s %[1]s", e.S) }

type wrapping struct{ Err error }

func (e *wrapping) Error() string { return fmt.Sprintf("wrapping %w", e.Err) }

type characters struct{ R rune }

func (e *characters) Error() string { return fmt.Sprintf("character %q %c", e.R, e.R) }

type nilSafe struct{ Err error }

func (e *nilSafe) Error() string {
	if e.Err == nil {
		return "nil safe"
	}
	return "nil safe: " + e.Err.Error()
}

type switching struct{ N int }

func (e *switching) Error() string {
	switch e.N {
	case 1:
		return "one of " + strconv.Itoa(e.N)
	case 2:
		return "two"
	}
	return "many"
}

type looping struct{ All []string }

func (e *looping) Error() string {
	s := "all: "
	for _, one := range e.All {
		s += one
	}
	return s
}

type optional struct {
	Name string
	Err  error
}

func (e *optional) Error() string {
	if e.Err != nil {
		return e.Name + ": " + e.Err.Error()
	}
	return e.Name
}

type stringer int

func (s stringer) String() string { return "stringer" }

type operand struct{ S stringer }

func (e *operand) Error() string { return fmt.Sprintf("operand %v", e.S) }

type plus struct{ P struct{ A, B int } }

func (e *plus) Error() string { return fmt.Sprintf("plus %+v", e.P) }

type width struct{ N int }

func (e *width) Error() string { return fmt.Sprintf("width %5d", e.N) }

type counting struct {
	N    int
	Name string
}

func (e *counting) Error() string {
	e.N++
	return "counting " + e.Name + strconv.Itoa(e.N)
}

type wrong struct{ Name string }

func (e *wrong) Error() string { return fmt.Sprintf("wrong %d", e.Name) }

type fewer struct{ Name string }

func (e *fewer) Error() string {
	format := "fewer %s"
	return fmt.Sprintf(format+" %s", e.Name)
}

type upper struct{ Name string }

func (e *upper) Error() string { return "upper " + strings.ToUpper(e.Name) }

type speaker struct{ S fmt.Stringer }

func (e *speaker) Error() string { return "speaker " + e.S.String() }

type anything struct{ Of any }

func (e *anything) Error() string { return fmt.Sprintf("anything %v", e.Of) }

type pointed struct{ To *missing }

func (e *pointed) Error() string { return "pointed " + e.To.Name }

type added struct{ N int }

func (e *added) Error() string { return "line " + strconv.Itoa(e.N+1) }

type joined struct{ All []string }

func (e *joined) Error() string { return "joined " + strings.Join(e.All, ", ") }

type global struct{ Name string }

var prefix = "prefix "

func (e *global) Error() string { return prefix + e.Name }

type cutting struct{ Name string }

func (e *cutting) Error() string { return "cut " + e.Name[1:] }

type two struct{ A, B error }

func (e *two) Error() string { return e.A.Error() + " and " + e.B.Error() }

type floating struct{ F float64 }

func (e *floating) Error() string { return fmt.Sprintf("floating %v", e.F) }

type formatter struct{}

func (formatter) Error() string                  { return "formatter" }
func (formatter) Format(state fmt.State, _ rune) { io.WriteString(state, "formatted") }

func pointerTo[T any](value T) *T { return &value }

var calls int64

//go:noinline
func failed(err error) { calls++ }

func main() {
	eof := errors.New("end of \"it\"")
	told := []error{
		&missing{1, "bob"}, &missing{2, ""}, &operation{"open", eof}, &operation{"outer", &operation{"inner", eof}},
		byValue{"one", "two"}, notFound("thing"), &four{"a", "b"}, &five{"a", "b", eof}, &many{"a", "b", "c"},
		&twice{"this"}, &careful{"indeed"}, big{A: "first", G: "last"}, &stepwise{"one", "two"}, wraps{eof},
		&around{1, missing{3, "eve"}}, &labelled[int]{"seven", 7}, &labelled[string]{"text", "x"},
		&helped{"x", "y"}, tail{eof}, fmt.Errorf("around: %w", &missing{4, "carol"}),
		&itoa{-42}, &itoa{1 << 62}, itoa32{1, -2}, status(404), status(-1), status(3), small(200), code16(65535),
		&quoting{"a \"b\"\n"},
		&printed{"dave", 404}, printedValue{"dave", -7},
		&sizes{-8, 8, -16, 16, -32, 1 << 31, -64, 1 << 63, true}, &sizes{127, 255, 32767, 65535, 1, 2, 3, 4, false},
		&hexes{-255, 255, "az", 16}, &quoted{"tab\t"}, &inner{"read", eof}, &inner{"read", nil}, &innerText{eof},
		&innerText{nil}, innerValue{eof, 5}, &kind{3}, &textual{"textual"}, &constants{"name"},
		&printedMany{"a", "b", "c", "d", "e"}, &printedInner{eof}, &widened{-5}, &mixed{3, 14, "here"},
		boolean(true), boolean(false), exotic{0, 7}, exotic{7, -1},
		&placed{[3]int{1, 2, 3}, position{"a.go", 10, 65535}, eof}, &numbered{5}, &chosen{"this"}, &checked{"that"},
		&saidFormatter{eof}, &saidFormatter{formatter{}}, &far{Name: "away", N: -3}, onlyConstants{},
		&byValue{"three", "four"}, pointerTo(notFound("behind")), pointerTo(status(17)),
		&inner{"outer", &inner{"between", &missing{5, "dan"}}}, &inner{"errno", syscall.ENOENT},
		&printed{strings.Repeat("long ", 20), 1}, &operation{"stat", &fs.PathError{Op: "open", Path: "/x", Err: eof}},
		itoa32{5, -2}, changing{"a", "b"}, &masked{0x1234}, &truncated{0x1234}, &unsignedLonger{253}, &element{[3]string{"a", "b", "c"}},
		&nested{}, &reused{"a", "b"}, onStack{A: "a", F: "f", N: 7, Err: eof}, &onStack{A: "a", F: "f", N: 8},
	}
	typed := []error{
		&switching{1}, &looping{[]string{"a"}}, &optional{"name", eof}, &operand{1}, &plus{}, &width{3},
		&counting{1, "c"}, &wrong{"w"}, &fewer{"f"}, &upper{"u"}, &speaker{nil}, &anything{1},
		&pointed{&missing{1, "p"}}, &added{1}, &joined{[]string{"a", "b"}}, &global{"g"}, &cutting{"cut"},
		&two{eof, eof}, &floating{1.5}, &tooFar{Name: "away"}, &formattedOperand{1}, &errorOperand{"x"},
		&widerOperand{nil}, &bytesOperand{nil}, &slicing{nil}, &tooMany{}, &named{hasName("x")},
		&formattedTwice{eof, nil}, &indexed{"i"}, &wrapping{eof}, &characters{'c'}, &nilSafe{nil},
		&locked{Name: "l"}, &deferred{"d"}, &swapping{"a", "b"}, &negated{3}, &shifted{0x1234}, &extended{-70000},
		&signedLonger{-3}, &ordered{"b", "a"}, &repeated{"x"}, &logical{true, false}, &textBehind{new(string)},
		&calling{func() string { return "f" }}, mapped{"x": "y"}, make(channel),
		function(func() string { return "f" }), cutText("abc"), &lenOf{"abc"}, &capacity{nil}, &sprintln{"a"},
		&errorBehind{&inner{"in", eof}}, &asserted{eof}, twiceInside{eof}, &doubled{eof}, &globalError{"g"},
		&formatOfItsOwn{"%s", "x"}, &variadic{[]any{1}}, &conditional{"a", true}, &absolute{-4},
		&eitherError{nil, eof},
	}
	truth.Begin()
	truth.Errors(failed, told, typed)
	failed(&inner{"odd", formatter{}})
	truth.Told(len(told)+len(typed), "inner odd: main.formatter")
	truth.Number("calls", calls)
	truth.End()
}
