//! Types and values that strangers bring: every kind that Go has, under awkward names, and what a recipe has to say of
//! them.
//!
//! Each is a row: Go's type, values of it, and parts that can be named. In a part `{r}` is how the recipe calls the
//! value and `{g}` how Go does; the last column is what a recipe shows where there is no value, because a pointer on
//! the way is nil.

/// One type.
#[derive(Debug)]
pub struct Kind {
    /// As Go writes it.
    pub go: &'static str,
    /// Values, as Go writes them.
    pub values: &'static [&'static str],
    /// What can be named.
    pub parts: &'static [Part],
    /// Conditions that hold for some of the values, in a recipe and in Go.
    pub conditions: &'static [(&'static str, &'static str)],
}

/// In a recipe, Go's verb, in Go, and where there is nothing.
pub type Part = (&'static str, &'static str, &'static str, &'static str);

const fn kind(go: &'static str, values: &'static [&'static str], parts: &'static [Part]) -> Kind {
    Kind {
        go,
        values,
        parts,
        conditions: &[],
    }
}

impl Kind {
    const fn when(self, conditions: &'static [(&'static str, &'static str)]) -> Self {
        Self { conditions, ..self }
    }
}

/// A value that holds a pointer and nothing else lies in an interface itself, and not behind a pointer.
const HELD: [&str; 30] = [
    "nil",
    "Client{&number}",
    "Nested{Client{&number}}",
    "List{&number}",
    "Clients{{&number}}",
    "Lookup{map[string]int{\"a\": 1, \"b\": 2}}",
    "Table{\"a\": 1, \"b\": 2, \"c\": 3}",
    "Pipe(filled(2, 5))",
    "Pipes{filled(1, 3)}",
    "Two{&number, 7}",
    "&number",
    "&Two{nil, -9}",
    "&linux.Struct{Asm: 3}",
    "linux.Struct{Asm: 4}",
    "Level(-3)",
    "Flag(true)",
    "Name(\"held\")",
    "\"text\"",
    "uint64(math.MaxUint64)",
    "int8(-128)",
    "Ratio(1.5)",
    "complex(1.5, -2)",
    "[]int{4, 5}",
    "[3]int16{1, 2, -3}",
    "map[string]int{\"x\": 1}",
    "func() {}",
    "make(chan<- int, 2)",
    "struct{ X, Y int8 }{1, -2}",
    "Box[string]{\"boxed\"}",
    "Wide{1, 2, 3}",
];

/// The kinds. What a value of one is called in an interface is always its own name.
pub const KINDS: &[Kind] = &[
    kind("Flag", &["true", "false"], &[("{r}", "%t", "{g}", "false")]),
    kind(
        "Name",
        &[
            "\"\"",
            "\"a name\"",
            "\"100%\"",
            "\"\\xff\\xfeA\"",
            "\"two\\nlines\"",
            "\"\\\"quoted\\\"\"",
            "\"nul\\x00behind\"",
            "\"\\x00\"",
            "Name(far(20))",
        ],
        &[
            ("{r}", "%s", "shown(string({g}))", ""),
            ("len({r})", "%d", "len({g})", "0"),
        ],
    )
    .when(&[
        ("{r} == \"nul\"", "len({g}) == 3 && {g} == \"nul\""),
        ("{r} == \"\"", "len({g}) == 0"),
        ("{r} == \"a name\"", "len({g}) == 6 && {g} == \"a name\""),
        ("{r} != \"100%\"", "len({g}) != 4 || {g} != \"100%\""),
    ]),
    kind(
        "Blob",
        &["nil", "Blob(\"bytes\")", "Blob(\"a\\x00b\")", "Blob(far(7))"],
        &[
            ("len({r})", "%d", "len({g})", "0"),
            ("{r} as string", "%s", "shown(string({g}))", ""),
        ],
    ),
    kind(
        "Pair",
        &["Pair{math.MinInt32, math.MaxInt32}"],
        &[("{r}[1]", "%d", "{g}[1]", "0"), ("{r}[0]", "%d", "{g}[0]", "0")],
    ),
    kind(
        "Table",
        &["nil", "Table{}", "Table{\"a\": 1, \"b\": 2}"],
        &[
            ("len({r})", "%d", "len({g})", "0"),
            ("{r} == nil", "%t", "{g} == nil", "true"),
        ],
    ),
    kind(
        "<-chan int",
        &["nil", "filled(3, 4)"],
        &[
            ("len({r})", "%d", "len({g})", "0"),
            ("cap({r})", "%d", "cap({g})", "0"),
        ],
    ),
    kind(
        "chan<- Level",
        &["nil", "make(chan Level, 9)"],
        &[("cap({r})", "%d", "cap({g})", "0")],
    ),
    kind(
        "func(int) string",
        &["nil", "func(n int) string { return fmt.Sprint(n + sink) }"],
        &[("{r} == nil", "%t", "{g} == nil", "true")],
    ),
    kind(
        "[][]int16",
        &[
            "nil",
            "[][]int16{{1, -2}, {math.MaxInt16}}",
            "[][]int16{nil, {3, 4, 5}}",
        ],
        &[
            ("len({r})", "%d", "len({g})", "0"),
            ("{r}[1][0]", "%d", "at({g}, 1, 0)", "0"),
            ("{r}[0][1]", "%d", "at({g}, 0, 1)", "0"),
            ("len({r}[1])", "%d", "length({g}, 1)", "0"),
        ],
    ),
    kind(
        "[]Two",
        &["nil", "[]Two{{nil, 5}, {&number, math.MaxInt16}}"],
        &[
            ("{r}[1].N", "%d", "second({g}).N", "0"),
            ("{r}[1].P == nil", "%t", "second({g}).P == nil", "true"),
        ],
    ),
    kind(
        "[2]Wide",
        &["[2]Wide{{1, 2, 3}, {-4, math.MaxUint32, -6}}"],
        &[
            ("{r}[1].B", "%d", "{g}[1].B", "0"),
            ("{r}[0].C", "%d", "{g}[0].C", "0"),
            ("{r}[1].A", "%d", "{g}[1].A", "0"),
        ],
    ),
    kind(
        "struct {\n\tX, Y int8\n\tZ  string\n}",
        &["struct {\n\tX, Y int8\n\tZ  string\n}{-1, 127, \"unnamed\"}"],
        &[
            ("{r}.Y", "%d", "{g}.Y", "0"),
            ("{r}.Z", "%s", "{g}.Z", ""),
            ("{r}.X", "%d", "{g}.X", "0"),
        ],
    ),
    kind(
        "Box[string]",
        &["Box[string]{\"boxed\"}"],
        &[("{r}.V", "%s", "{g}.V", "")],
    ),
    kind(
        "*Box[Pair]",
        &["nil", "&Box[Pair]{Pair{6, -7}}"],
        &[
            ("{r}.V[1]", "%d", "boxed({g})[1]", "0"),
            ("{r} == nil", "%t", "{g} == nil", "true"),
        ],
    ),
    // Embedded by value and by pointer, several deep, and fields that shadow others.
    kind(
        "Top",
        &[
            "Top{}",
            "Top{Middle: &Middle{Bottom{1, 2, \"low\"}, -3}, Shade: 4}",
            "Top{Shadow: 5, Other: Other{6}}",
        ],
        &[
            ("{r}.Shade", "%d", "{g}.Shade", "0"),
            ("{r}.Shadow", "%d", "{g}.Shadow", "0"),
            ("{r}.Middle.Shadow", "%d", "{g}.middle().Shadow", "0"),
            ("{r}.Low", "%s", "{g}.middle().Low", ""),
            ("{r}.Depth", "%d", "{g}.middle().Depth", "0"),
            ("{r}.Far", "%d", "{g}.Far", "0"),
            ("{r}.Middle == nil", "%t", "{g}.Middle == nil", "true"),
        ],
    ),
    kind(
        "Deep",
        &[
            "Deep{}",
            "Deep{&Top{Shade: 7}, 1}",
            "Deep{&Top{Middle: &Middle{Bottom{8, 9, \"deep\"}, 10}}, -1}",
        ],
        &[
            ("{r}.Own", "%d", "{g}.Own", "0"),
            ("{r}.Shade", "%d", "{g}.top().Shade", "0"),
            ("{r}.Low", "%s", "{g}.top().middle().Low", ""),
            ("{r}.Depth", "%d", "{g}.top().middle().Depth", "0"),
            ("{r}.Top == nil", "%t", "{g}.Top == nil", "true"),
        ],
    ),
    // What cannot be seen in registers, and what lies beside it.
    kind(
        "Real",
        &[
            "Real{}",
            "Real{-1, 5e-324, 1e-45, 2}",
            "Real{3, -123.999, 16777216, -4}",
            "Real{5, 9.2e18, -1.5, 6}",
            "Real{7, math.Copysign(0, -1), 0.99999994, 8}",
            "Real{9, -9007199254740993, 3e9, 10}",
        ],
        &[
            ("{r}.Before", "%d", "{g}.Before", "0"),
            ("{r}.After", "%d", "{g}.After", "0"),
        ],
    ),
    kind(
        "*Real",
        &[
            "nil",
            "&Real{1, -123.999, 16777217, -4}",
            "&Real{2, 5e-324, 1e-45, 2}",
            "&Real{3, 1e18, -2.5, 6}",
            "&Real{4, 0.1, 0.3, 7}",
            "&Real{5, 1.0 / 3, 123456.789, 8}",
            "&Real{6, 0.00012345, 1e10, 9}",
        ],
        &[
            ("{r}.Double", "%v", "real64({g}).Double", "0"),
            ("{r}.Single", "%v", "real64({g}).Single", "0"),
            ("{r}.Double as int", "%d", "int64(real64({g}).Double)", "0"),
            ("{r}.Single as int", "%d", "int64(real64({g}).Single)", "0"),
            ("{r}.After", "%d", "real64({g}).After", "0"),
        ],
    ),
    kind(
        "*Odd",
        &[
            "nil",
            "&Odd{-1, math.NaN(), 2, complex(math.Inf(1), math.NaN()), 3}",
            "&Odd{4, math.Inf(-1), -5, complex(1.5, -2), 6}",
            "&Odd{7, math.SmallestNonzeroFloat64, -8, 0, 9}",
        ],
        &[
            ("{r}.Double", "%v", "odd({g}).Double", "0"),
            ("{r}.Pair", "%v", "odd({g}).Pair", "(0+0i)"),
            ("{r}.Before", "%d", "odd({g}).Before", "0"),
            ("{r}.Between", "%d", "odd({g}).Between", "0"),
            ("{r}.After", "%d", "odd({g}).After", "0"),
        ],
    ),
    kind("complex64", &["complex(1, 2)", "complex64(complex(math.Inf(1), -0.5))"], &[]),
    // Arrays of arrays, and what takes no room.
    kind(
        "[2][3]int16",
        &["[2][3]int16{{1, 2, 3}, {-4, math.MaxInt16, math.MinInt16}}"],
        &[
            ("{r}[1][2]", "%d", "{g}[1][2]", "0"),
            ("{r}[0][0]", "%d", "{g}[0][0]", "0"),
            ("{r}[1][1]", "%d", "{g}[1][1]", "0"),
        ],
    ),
    kind(
        "*[2][2]string",
        &["nil", "&[2][2]string{{\"a\", \"b\"}, {\"c\", \"d\"}}"],
        &[
            ("{r}[1][0]", "%s", "texts({g})[1][0]", ""),
            ("len({r}[0][1])", "%d", "len(texts({g})[0][1])", "0"),
        ],
    ),
    kind(
        "[][2]Wide",
        &["nil", "[][2]Wide{{{1, 2, 3}, {-4, 5, -6}}, {{7, 8, 9}, {-10, 11, -12}}}"],
        &[
            ("{r}[1][1].C", "%d", "wides({g}, 1)[1].C", "0"),
            ("{r}[0][0].B", "%d", "wides({g}, 0)[0].B", "0"),
        ],
    ),
    kind(
        "Hollow",
        &["Hollow{}", "Hollow{A: 1, B: -2, C: 3}"],
        &[
            ("{r}.A", "%d", "{g}.A", "0"),
            ("{r}.B", "%d", "{g}.B", "0"),
            ("{r}.C", "%d", "{g}.C", "0"),
        ],
    ),
    kind(
        "[]struct{}",
        &["nil", "make([]struct{}, 5, 9)"],
        &[("len({r})", "%d", "len({g})", "0"), ("cap({r})", "%d", "cap({g})", "0")],
    ),
    kind(
        "map[[2]int]struct{}",
        &["nil", "map[[2]int]struct{}{{1, 2}: {}}"],
        &[("len({r})", "%d", "len({g})", "0")],
    ),
    kind("*struct{}", &["nil", "&struct{}{}"], &[("{r} == nil", "%t", "{g} == nil", "true")]),
    // Words of C, of its compilers, of bpftrace and of gobt.
    kind(
        "*Awkward",
        &[
            "nil",
            "&Awkward{-1, \"unixes\", 3, \"strings\", true, -6, 7, -8, 9, 10, \"größer\", 12, 13}",
        ],
        &[
            ("{r}.linux", "%d", "awkward({g}).linux", "0"),
            ("{r}.unix", "%s", "awkward({g}).unix", ""),
            ("{r}.asm", "%d", "awkward({g}).asm", "0"),
            ("{r}.string", "%s", "awkward({g}).string", ""),
            ("{r}.buffer", "%t", "awkward({g}).buffer", "false"),
            ("{r}.gap0", "%d", "awkward({g}).gap0", "0"),
            ("{r}.comm", "%d", "awkward({g}).comm", "0"),
            ("{r}.pid", "%d", "awkward({g}).pid", "0"),
            ("{r}.delete", "%d", "awkward({g}).delete", "0"),
            ("{r}.by", "%d", "awkward({g}).by", "0"),
            ("{r}.Größe", "%s", "awkward({g}).Größe", ""),
            ("{r}.uint64", "%d", "awkward({g}).uint64", "0"),
            ("{r}.print", "%d", "awkward({g}).print", "0"),
        ],
    ),
    kind(
        "linux.Struct",
        &["linux.Struct{Asm: -5, Inner: linux.Union{Volatile: \"signed\"}}"],
        &[
            ("{r}.Asm", "%d", "{g}.Asm", "0"),
            ("{r}.Inner.Volatile", "%s", "{g}.Inner.Volatile", ""),
        ],
    ),
    kind(
        "time.Time",
        &["time.Unix(1700000000, 123456789).UTC()", "time.Unix(1, 0)"],
        &[("{r}", "%s", "moment({g})", "0001-01-01 00:00:00.000000000 UTC")],
    ),
    kind(
        "error",
        &[
            "nil",
            "errors.New(\"plain\")",
            "fmt.Errorf(\"wrapped: %w\", errors.New(\"inner\"))",
            "syscall.ENOENT",
            "&Late{3}",
            "(*Late)(nil)",
            "Early{\"e\"}",
            "&fs.PathError{Op: \"open\", Path: \"/a b\", Err: syscall.EACCES}",
            "fmt.Errorf(\"no verb 100%%\")",
            "errors.New(\"\")",
            "fmt.Errorf(\"a: %w\", fmt.Errorf(\"b: %w\", fmt.Errorf(\"c: %w\", syscall.EPERM)))",
            "fmt.Errorf(\"late: %w\", &Late{4})",
            "fmt.Errorf(\"two: %w, %w\", errors.New(\"one\"), errors.New(\"other\"))",
            "&fs.PathError{Op: \"read\", Path: \"x\", Err: fmt.Errorf(\"in: %w\", errors.New(\"deep\"))}",
            "&fs.PathError{Op: \"stat\", Path: \"y\", Err: &fs.PathError{Op: \"open\", Path: \"z\", Err: syscall.EIO}}",
            "&fs.PathError{Op: \"late\", Path: \"z\", Err: &Late{5}}",
            "os.NewSyscallError(\"mmap\", syscall.ENOMEM)",
            "joined(errors.New(\"one\"), errors.New(\"other\"))",
            "fmt.Errorf(\"joined: %w\", joined(errors.New(\"one\"), errors.New(\"other\")))",
        ],
        &[
            ("{r}", "%s", "message({g})", "nil"),
            ("type({r})", "%s", "kind({g})", "nil"),
            ("{r} == nil", "%t", "{g} == nil", "true"),
        ],
    )
    .when(&[
        ("{r} != nil", "{g} != nil"),
        ("type({r}) == \"*main.Late\"", "kind({g}) == \"*main.Late\""),
    ]),
    // What an interface holds: its name, and the thing itself.
    kind(
        "interface{}",
        &HELD,
        &[
            ("{r}", "%s", "kind({g})", "nil"),
            ("{r}.(main.Client).P.N", "%d", "client({g})", "0"),
            ("{r}.(main.Nested).C.P.N", "%d", "nested({g})", "0"),
            ("{r}.(main.Lookup).M == nil", "%t", "!isLookup({g})", "true"),
        ],
    )
    .when(&[
        ("type({r}) == \"main.Two\"", "kind({g}) == \"main.Two\""),
        (
            "type({r}) == \"main.Client\" && {r}.(main.Client).P.N == 8",
            "kind({g}) == \"main.Client\"",
        ),
    ]),
    kind(
        "Any",
        &HELD,
        &[
            ("type({r})", "%s", "kind({g})", "nil"),
            ("{r}.(main.List)[0].N", "%d", "list({g})", "0"),
            ("len({r}.(main.Lookup).M)", "%d", "lookup({g})", "0"),
            ("len({r}.(main.Pipe))", "%d", "pipe({g})", "0"),
            ("{r}.(main.Two).N", "%d", "two({g})", "0"),
        ],
    ),
    kind(
        "interface{ Error() string }",
        &["nil", "&Late{8}", "Early{\"early\"}"],
        &[
            ("type({r})", "%s", "kind({g})", "nil"),
            ("{r}.(*main.Late).By", "%d", "late({g})", "0"),
        ],
    ),
];

/// What the kinds need in the program.
pub const DECLARATIONS: &str = r#"
var (
	_ = math.Pi
	_ fs.FileMode
	_ syscall.Errno
	_ linux.Union
)

func message(err error) string {
	switch err.(type) {
	case nil:
		return "nil"
	case *Late, Early:
		return kind(err) // only their own code knows what they say
	}
	if kind(err) == "*errors.joinError" {
		return kind(err)
	}
	if path, ok := err.(*fs.PathError); ok {
		inner := kind(path.Err)
		if inner != "*fs.PathError" {
			inner = message(path.Err)
		}
		return path.Op + " " + path.Path + ": " + inner // one error within another is followed
	}
	return err.Error()
}

// far gives text on pages that nobody has touched.
func far(length int) string {
	file, err := os.Open("/proc/self/exe")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	pages, err := syscall.Mmap(int(file.Fd()), 0, 1<<16, syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := syscall.Madvise(pages, syscall.MADV_DONTNEED); err != nil {
		panic(err)
	}
	text := struct {
		data   *byte
		length int
	}{&pages[4096], length}
	fars[text.data] = true
	return *(*string)(unsafe.Pointer(&text))
}

var fars = map[*byte]bool{}

// shown is what a probe reads of a text.
func shown(text string) string {
	if fars[*(**byte)(unsafe.Pointer(&text))] {
		return "…"
	}
	if nul := strings.IndexByte(text, 0); nul >= 0 {
		return text[:nul] + "…"
	}
	return text
}
type (
	Flag    bool
	Name    string
	Blob    []byte
	Ratio   float64
	Pair    [2]int32
	Table   map[string]int
	Pipe    chan int
	Pipes   [1]chan int
	Any     interface{}
	Number  struct{ Before, N int32 }
	Client  struct{ P *Number }
	Nested  struct{ C Client }
	List    [1]*Number
	Clients [1]Client
	Lookup  struct{ M map[string]int }
	Two     struct {
		P *Number
		N int16
	}
	Wide struct {
		A int64
		B uint32
		C int8
	}
	Box[T any] struct{ V T }
	Bottom     struct {
		Shadow int64
		Depth  uint16
		Low    string
	}
	Middle struct {
		Bottom
		Shadow int32
	}
	Other struct{ Far int }
	Top   struct {
		*Middle
		Other
		Shadow, Shade int8
	}
	Awkward struct {
		linux  int8
		unix   string
		asm    uint16
		string string
		buffer bool
		gap0   int64
		comm   uint8
		pid    int32
		delete uint64
		by     int
		Größe  string
		uint64 uint64
		print  int8
	}
	Deep struct {
		*Top
		Own int8
	}
	Real struct {
		Before int16
		Double float64
		Single float32
		After  int8
	}
	Odd struct {
		Before  int16
		Double  float64
		Between int8
		Pair    complex128
		After   int32
	}
	Hollow struct {
		A     int8
		Empty struct{}
		B     int16
		None  [0]int64
		C     int8
		Last  struct{}
	}
	Cell[T any] struct {
		Before int16
		V      T
		After  int32
	}
	Late  struct{ By int }
	Early struct{ Why string }
)

var number = Number{1, 8}

// A recipe can name a type that some variable has.
var all struct {
	a Client
	b Nested
	c List
	d Lookup
	e Pipe
	f Two
	g *Late
	h Early
}

func init() { keep(&all) }

func (l *Late) Error() string { return "late" }
func (e Early) Error() string { return "early" }

func (t Top) middle() *Middle {
	if t.Middle == nil {
		return &Middle{}
	}
	return t.Middle
}

func (d Deep) top() Top {
	if d.Top == nil {
		return Top{}
	}
	return *d.Top
}

func real64(r *Real) Real {
	if r == nil {
		return Real{}
	}
	return *r
}

func odd(o *Odd) Odd {
	if o == nil {
		return Odd{}
	}
	return *o
}

func texts(t *[2][2]string) [2][2]string {
	if t == nil {
		return [2][2]string{}
	}
	return *t
}

func wides(w [][2]Wide, i int) [2]Wide {
	if i < len(w) {
		return w[i]
	}
	return [2]Wide{}
}

func at(s [][]int16, i, j int) int16 {
	if i < len(s) && j < len(s[i]) {
		return s[i][j]
	}
	return 0
}

func length(s [][]int16, i int) int {
	if i < len(s) {
		return len(s[i])
	}
	return 0
}

func second(s []Two) Two {
	if len(s) < 2 {
		return Two{}
	}
	return s[1]
}

func boxed(b *Box[Pair]) Pair {
	if b == nil {
		return Pair{}
	}
	return b.V
}

func awkward(a *Awkward) Awkward {
	if a == nil {
		return Awkward{}
	}
	return *a
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000000000 UTC") }

func client(v interface{}) int32 {
	if c, ok := v.(Client); ok {
		return c.P.N
	}
	return 0
}

func nested(v interface{}) int32 {
	if c, ok := v.(Nested); ok {
		return c.C.P.N
	}
	return 0
}

func list(v interface{}) int32 {
	if l, ok := v.(List); ok {
		return l[0].N
	}
	return 0
}

func isLookup(v interface{}) bool {
	_, ok := v.(Lookup)
	return ok
}

func lookup(v interface{}) int {
	l, _ := v.(Lookup)
	return len(l.M)
}

func pipe(v interface{}) int {
	p, _ := v.(Pipe)
	return len(p)
}

func two(v interface{}) int16 {
	t, _ := v.(Two)
	return t.N
}

func late(v interface{}) int {
	if l, ok := v.(*Late); ok {
		return l.By
	}
	return 0
}
"#;

/// Errors that are joined: as text in a file, what constraint it has and what it holds.
pub const JOINED: [(&str, &str); 2] = [
    (
        "joined.go",
        "//go:build go1.20\n\npackage main\n\nimport \"errors\"\n\nfunc joined(all ...error) error { return errors.Join(all...) }\n",
    ),
    (
        "joined_before.go",
        "//go:build !go1.20\n\npackage main\n\nfunc joined(all ...error) error { return all[0] }\n",
    ),
];

/// A package with a name that a C compiler defines, `linux/linux.go`.
pub const LINUX: &str = "// Package linux has a name that C compilers know.
package linux

// Struct is no struct of C.
type Struct struct {
	Asm   int16
	Inner Union
}

// Union neither.
type Union struct {
	Volatile string
}
";
