//! The stable codes, each with what `gobt explain` says about it.

/// A problem's stable name. Codes are never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// True if not the recipe is at fault, unless a place in it is shown, but what it is compiled from or against: a
    /// file (E0110), the program (E02xx), the command line (no program, a param or release that there is not).
    #[must_use]
    pub fn is_environment(self) -> bool {
        [
            Self::UNREADABLE_RECIPE,
            Self::NO_PROGRAM,
            Self::BAD_PARAM,
            Self::BAD_RELEASE,
            Self::OUTPUT_IS_INPUT,
            Self::PRECIOUS_OUTPUT,
        ]
        .contains(&self)
            || self.0.starts_with("E02")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// What `gobt explain` knows of a code.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// One line.
    pub title: &'static str,
    /// Why it happens and what to do, in full sentences.
    pub text: &'static str,
    /// A recipe or command that shows it; empty where none can be short.
    pub example: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $text:literal, $example:literal;)*) => {
        impl Code {
            $(#[doc = $title] pub const $name: Code = Code($code);)*
        }
        /// Every code, in order.
        pub const EXPLANATIONS: &[Explanation] = &[
            $(Explanation { code: Code::$name, title: $title, text: $text, example: $example },)*
        ];
    };
}

codes! {
    SYNTAX = "E0101", "the recipe cannot be read",
        "A line is not formed as the language wants it. The message says what was read and what could have stood \
         there; the place is that of the first word that does not fit, which may come after the real mistake.",
        "latency main.work by";
    NUMBER = "E0102", "a number, duration or size is not well formed",
        "Numbers are written 42, 0x2a or 1_000 and must fit into 64 bits. Durations are whole numbers with a unit at \
         once behind them: 150ns, 10us, 5ms, 2s, 1m, 1h. Sizes are 512B, 4KiB, 1MiB, 1GiB. There are no fractions: \
         write 1500ms for one and a half seconds.",
        "stop after 5sec";
    TEXT = "E0103", "a text in quotes is not well formed",
        "Texts stand in double quotes and end in the line they begin in. A quote inside is written \\\", a backslash \
         \\\\, a new line \\n, a tab \\t. In a printed text {…} holds a value, and braces themselves are written {{ \
         and }}.",
        "on main.work {\n    print \"never closed\n}";
    NESTING = "E0104", "something is nested too deeply or too long",
        "Brackets, blocks and chains of `else if` may stand in each other at most 64 deep, and one expression may have \
         at most 500 operators. Give a part a name with `let`, or write two recipes.",
        "";
    CHARACTER = "E0105", "the recipe has a character that cannot be seen",
        "Control characters other than tab and new line, and characters that change the direction of writing, make a \
         text look different from what it says, so recipes may not contain them. Remove the character; in a text, \
         write what it stands for.",
        "";
    RESERVED = "E0106", "a word of the language is used as a name",
        "A `let`, a `param` or a `span` cannot be called like a word that means something in its place: the clause \
         words (by, where, as, in, limit, except, including, into, depth, from, to, match, or), true, false, nil, arg, \
         ret, let, print, if, else, return, raw, on. Choose another name. Arguments and fields of the Go program may \
         be called so: `arg \"where\"` is the argument named where.",
        "param limit = 5";
    LABEL = "E0107", "a label stands before something that has no result",
        "`NAME:` names the result of a directive or of an aggregation in a block (count, sum, hist and the like). \
         Other lines have no result to name; remove the label.",
        "slow: target \"/usr/bin/dockerd\"";
    MISPLACED = "E0108", "an item stands where it cannot",
        "Statements (print, let, if, return) stand in the braces of an `on` block; directives, declarations and `on` \
         itself stand outside. Inside `during … { }` stand directives and `on` blocks only. Move the line into or out \
         of the braces.",
        "during main.work {\n    target \"/usr/bin/dockerd\"\n}";
    UNCLOSED = "E0109", "a bracket is not closed, or not open",
        "Every {, ( and [ needs its }, ) or ]. The message shows the bracket that is left alone. A closing brace that \
         is forgotten is often noticed only where the next block begins.",
        "on main.work {\n    print arg n";
    UNREADABLE_RECIPE = "E0110", "the recipe file cannot be read",
        "The file does not exist, may not be read, or is larger than 1 MiB. A Go program is given with --bin, not as \
         the recipe.",
        "gobt check missing.gobt";
    NOT_UTF8 = "E0111", "the recipe is not UTF-8 text",
        "Recipes are UTF-8 text. The message tells the first byte that begins no character, or the encoding that the \
         file has instead. Save it as UTF-8 in the editor, or convert it with iconv.",
        "";
    FILE_UNREADABLE = "E0200", "a file cannot be read",
        "The path leads to nothing, or to something that this user may not read. An executable is named by its path; \
         $PATH is not searched. Reading another user's program may need root.",
        "gobt funcs /no/such/file";
    NOT_A_FILE = "E0201", "the path leads to no regular file",
        "A directory, pipe, socket or device stands where an executable was expected. Name the executable file itself.",
        "gobt funcs /tmp";
    NOT_ELF = "E0202", "the file is not an ELF executable",
        "Only ELF files can be read, the format of programs on Linux. A script that starts a program is not that \
         program: name the program, or let `--pid` find it while it runs. Programs for macOS and Windows have other \
         formats; build them with GOOS=linux.",
        "gobt funcs /usr/bin/ldd";
    WRONG_MACHINE = "E0203", "the program is for another kind of machine",
        "Only programs for linux/amd64 (x86-64, 64 bits, little-endian) are understood. Where arguments are and where \
         probes go is different on every machine. Build the program with GOARCH=amd64.",
        "GOARCH=arm64 go build -o app . && gobt funcs app";
    NOT_EXECUTABLE = "E0204", "the ELF file is no executable",
        "Object files (.o) and core dumps are ELF files too, but nothing can be traced in them. Name the executable \
         that was linked from the one or that left the other behind.",
        "gobt funcs main.o";
    NOT_GO = "E0205", "the program was not written in Go",
        "Go's linker notes in every program which Go it was built by; this file has no such note. Packers such as UPX \
         hide it: trace the program as it was before packing.",
        "gobt funcs /bin/ls";
    GCCGO = "E0206", "the program was built by gccgo",
        "The compiler gccgo gives functions other names, another calling convention and another run time than Go's own \
         compiler. Build the program with the `go` command's default compiler.",
        "gccgo -o app main.go && gobt funcs app";
    GO_UNSUPPORTED = "E0207", "the program was built by a Go that is not understood",
        "What Go 1.17 to 1.27 produce is understood. Older releases pass arguments on the stack and keep no goroutine \
         in a register. Newer ones may lay things out differently, so gobt does not guess: look for a newer gobt.",
        "";
    FILE_DAMAGED = "E0208", "the executable is damaged",
        "A table in the file points outside of it, or does not hold together. A copy that was cut short looks so, and \
         so do programs that went through an obfuscator. Copy or build the program again.",
        "head -c 100000 app > cut && gobt funcs cut";
    NO_PROCESS = "E0209", "there is no such process, or it has no executable",
        "`--pid` takes the number of a running process. Kernel threads have no executable, nor has a process that has \
         just ended.",
        "gobt compile --pid 999999 recipe.gobt";
    PROCESS_UNREADABLE = "E0210", "the process may not be looked at",
        "Reading another user's process needs root (or CAP_SYS_PTRACE), as does tracing it.",
        "gobt compile --pid 1 recipe.gobt";
    PATH_NOT_TEXT = "E0211", "the path is not UTF-8",
        "The path becomes part of the bpftrace program, which is text. Reach the executable by a path that is UTF-8, \
         for example through a symbolic link.",
        "";
    SOURCES_DISAGREE = "E0212", "two tables of the program disagree",
        "Where functions are is written down twice, in the symbol table and in Go's line table (.gopclntab). Here they \
         tell different things of one function, so one of them is wrong. A probe on a wrong address can crash the \
         program, so gobt places none. Build the program again, and do not change it afterwards.",
        "";
    CODE_UNREADABLE = "E0213", "the code of a function cannot be read",
        "Probe sites are found by decoding a function's instructions. These bytes are no instructions, or begin in a \
         way that no Go release does. The file may be damaged, or the function is assembly of a kind that gobt does \
         not know.",
        "";
    PATTERN = "E0214", "a pattern cannot name functions",
        "A pattern is a function's name in which `*` stands for any run of characters (but `(*T)` is Go's pointer \
         receiver) and `[...]` for any type arguments. Brackets have to pair up.",
        "gobt funcs app 'main.Map['";
    NO_FUNCTION = "E0215", "the program has no such function",
        "No function of the program has this name. The message shows names that are close. `gobt funcs BIN PATTERN` \
         lists what there is; a function whose every call was inlined has no code of its own.",
        "gobt inspect app main.mian";
    SEVERAL_FUNCTIONS = "E0216", "the name fits several functions",
        "`gobt inspect` shows one function. The message lists those that the pattern names; give one of these names, \
         or the function's address.",
        "gobt inspect app 'main.*'";
    FILE_CHANGED = "E0217", "the program's file changed while it was read",
        "Somebody wrote to the file, replaced or removed it between the moment when gobt opened it and the moment when \
         it was done. What was read may be of two builds, or of one that is not at its path any more, so nothing is \
         made of it. Run gobt again.",
        "";
    TWO_READINGS = "E0218", "bpftrace could put a probe on another instruction",
        "The number of a probe is an address for bpftrace when a symbol covers it; it then looks the place up again by \
         that symbol's name; without a symbol it takes the number for a place in the file. It reads symbols from \
         .symtab, .dynsym, a debug file that it finds by build id or .gnu_debuglink (whatever build that is of) and \
         .gnu_debugdata. gobt goes through the same steps, and writes no script, and lets none pass `gobt check`, \
         whose numbers would lead to another instruction than the one it has decoded: a breakpoint in the middle of an \
         instruction kills the program. Remove a debug file of another build; trace a program with its whole symbol \
         table, or with none.",
        "";
    DEBUG_DAMAGED = "E0250", "the debug information is damaged",
        "The program (or its separate debug file) has DWARF sections, but what stands in them cannot be right: a \
         section does not inflate, a unit runs past its end, or an entry refers to something that is not there. \
         Nothing is guessed from such data. Build the program again, or fetch its debug file again. A build without \
         debug information (-ldflags=-w) can still be counted and timed.",
        "";
    NO_DEBUG_ENTRY = "E0251", "the debug information does not know a function",
        "The function has code, but no unit of the debug information describes it: it was written in C, or added by a \
         tool, or the debug information is that of another build. Its calls can be counted and timed; its arguments \
         and results cannot be read.",
        "";
    ASSEMBLY_WITHOUT_TYPES = "E0252", "the arguments of an assembly function are not known",
        "The debug information describes parameters of what Go's compiler compiled. For a function written in assembly \
         they are only known if the compiler made a wrapper around it. Its calls can be counted and timed; to see \
         values, trace the Go function that calls it.",
        "";
    RUNTIME_UNKNOWN = "E0253", "the layout of Go's run time is not known",
        "Goroutine ids, stack bounds and map lengths are read from structures of Go's run time, whose layout changes \
         between releases. For a released Go it is known by version; for a development version, an experiment or a \
         vendor's own Go it is read from the debug information, which this program does not have. Build it with its \
         debug information.",
        "";
    DEBUG_FILE_MISMATCH = "E0254", "a debug file does not belong to the program",
        "Debug information may be kept in a file of its own, found by the program's build id or by the name in its \
         .gnu_debuglink section. The file that was found is of another build: its build id, its checksum or its code \
         differs. It is not used, because its addresses would be wrong. Install the debug file of this very build, or \
         remove the wrong one. A file beside the program that nothing in the program names is not used either; \
         `--debug-file FILE` names one, which is compared by build id and the places of its sections.",
        "";
    NO_DEBUG_INFO = "E0244", "the program has no debug information",
        "Arguments, results and fields are found by the program's debug information (DWARF), which -ldflags=-w and -s \
         leave out. Functions can still be counted and timed. Build the program without these flags, name its separate \
         debug file with --debug-file, or put it where gobt looks: under its .gnu_debuglink name beside the program or \
         in .debug/, or under /usr/lib/debug.",
        "";
    FILE_NOTED = "E0245", "the program's file is not quite what it seems",
        "The program that a process runs was deleted or replaced, or its debug information is in a file that does not \
         belong to it. The message says which and what gobt did about it.",
        "";
    NO_SUCH_FUNCTION = "E0301", "a recipe names a function that the program does not have",
        "No function of the program is called so. Names are written as Go prints them in stack traces, with the full \
         import path: `net/http.(*conn).serve`, not `http.(*conn).serve`. The message shows the nearest names; `gobt \
         funcs BIN PATTERN` lists all. Where a name moved between releases of a library, write both: `A or B`.",
        "count main.mian";
    ONLY_INLINED = "E0302", "the function exists only inlined",
        "Every call of this function was replaced by its body, so there is no code of its own to put a probe on. The \
         message lists the places. Trace a function that calls it, or build the program with `//go:noinline` above the \
         function or with `-gcflags=-l`.",
        "count sync.(*Mutex).Lock";
    NO_ARGUMENT = "E0303", "the function has no such argument",
        "Arguments are named as in the function's source, or numbered from 0 without the receiver. The message shows \
         the real signature.",
        "on main.main { print arg nothing }";
    NO_RESULT = "E0304", "the function has no such result",
        "Results are numbered from 0, or named as in the function's source where it names them. The message shows the \
         real signature.",
        "on main.main return { print ret 3 }";
    NO_FIELD = "E0305", "the type has no such field",
        "Fields are looked up as in Go: through pointers, and through embedded structs. The message shows the type's \
         fields. What is in an interface has to be named first: `x.(*pkg.T).Field`.",
        "on net/http.(*Client).do { print arg req.Url }";
    UNKNOWN_NAME = "E0306", "a name is not known here",
        "A name alone is a `let` above it in the same block, a `param`, or a built-in word: elapsed, goroutine, \
         parent, thread, process, cpu, comm, func, caller, stack, recv. Arguments are written `arg NAME`, results `ret \
         NAME`.",
        "count main.main by gorutine";
    UNKNOWN_WORD = "E0307", "a word of the language is not known",
        "Directives, formats, units and the words in `every` blocks come from fixed lists; the reference shows them \
         all.",
        "latencies main.main";
    NOTHING_LEFT = "E0308", "no function is left",
        "The pattern matches functions, but `except` takes all of them away, or none of them can be traced in this \
         way.",
        "count main.* except main.*";
    NO_TYPE = "E0309", "the program has no such type",
        "The type in `.(T)` is written as Go prints it, with its full import path, and `*` where a pointer is in the \
         interface: `err.(*io/fs.PathError)`. A type that the program never puts into an interface has no descriptor \
         to compare with.",
        "on main.f return { print ret 0.(*os.NoError).Op }";
    AMBIGUOUS_INSTANCE = "E0310", "it is not known which instantiation is meant",
        "Go compiles one body for all type arguments with the same underlying type. Without debug information gobt \
         cannot tell which body belongs to a named type, so several are named by the pattern. Name the shape itself, \
         as `gobt funcs` prints it.",
        "count main.Map[main.ID]";
    AMBIGUOUS_TYPE = "E0311", "a type's name means several types",
        "Several packages of the program may have a type that Go prints in the same way, `v1.Pod`, and a generic type \
         has one for each list of type arguments. `type(x) == \"v1.Pod\"` holds for all of them; `x.(T)` reads the \
         fields of one, so write its name in full: the import path, the type arguments.",
        "on main.f { print arg v.(*v1.Pod).Name }";
    MADE_BY_COMPILER = "E0312", "the function was made by the compiler",
        "For a method that is promoted from an embedded field, for one of a value that is called through a pointer or \
         an interface, for a method value (`x.M` without a call), and for `go` and `defer`, Go's compiler makes a \
         function that calls the one that somebody wrote. Only some calls pass there, and the other function sees them \
         again, unless its code was inlined. Patterns leave such functions out where calls are seen elsewhere, so name \
         the function that was written.",
        "count main.(*holder).Get";
    MISMATCHED_TYPES = "E0401", "types do not go together",
        "Both sides of an operator have to be of the same sort, as in Go: numbers with numbers, strings with strings \
         in quotes, durations with durations. The message says what each side is.",
        "on main.f where arg n == \"five\" { count }";
    NOT_A_NUMBER = "E0402", "a number is needed here",
        "Sums, histograms, arithmetic and comparisons with `<` work on numbers. Use a field that is one, or `len(x)`.",
        "on main.f { sum arg name }";
    NOT_SHOWN_SO = "E0403", "the value cannot be shown in that way",
        "Each format takes certain sorts of values: `string` takes strings and bytes, `ip` takes 4 or 16 bytes, `type` \
         and `error` take interfaces, and so on.",
        "on main.f { print arg n as ip }";
    NOT_READABLE = "E0404", "the value cannot be read where the probe is",
        "Probes see the integer registers, the stack and memory. Floating point arguments and results are in vector \
         registers, which the kernel does not hand to probes; parameters that the compiler dropped are nowhere. Floats \
         in structs, behind pointers and in slices can be read.",
        "on main.area { print arg width }";
    NOT_A_CONDITION = "E0405", "a condition is needed here",
        "`where` and `if` take something that is true or false: a comparison, a bool, or several of them with `&&`, \
         `||` and `!`.",
        "count main.f where arg n";
    NOT_COMPUTABLE = "E0406", "this cannot be computed inside the kernel",
        "Probes run in the kernel, which has no floating point arithmetic and a small instruction set.",
        "on main.f where elapsed > 1.5 { }";
    ONLY_AT_RETURN = "E0407", "the value exists only when the call returns",
        "Results and `elapsed` are not there yet when a call begins. Use them inside `return { … }`.",
        "on main.f { print ret 0 }";
    NOT_INDEXABLE = "E0408", "the value has no elements",
        "`[i]` and `[a:b]` work on slices, arrays and strings.",
        "on main.f { print arg n[0] }";
    BAD_NUMBER = "E0409", "a number is out of range",
        "Indexes lie inside the array, shifts are by less than 64 bits, and nothing is divided by zero.",
        "on main.f { print arg n / 0 }";
    BAD_TEXT = "E0410", "a string cannot be used here",
        "Comparisons read strings up to bpftrace's longest string, and no string of bpftrace can hold a NUL byte.",
        "";
    BAD_CALL = "E0411", "a function is given the wrong values",
        "`len`, `cap` and `type` take one value; `stack` takes the number of functions to show.",
        "count main.f by len()";
    NOT_A_KEY = "E0412", "the value cannot be a key",
        "Keys of `by` are numbers, strings, interfaces, stacks and functions. Take a field of a struct, or an element \
         of a slice.",
        "count main.f by arg request";
    IMPOSSIBLE_TYPE = "E0413", "the interface can never hold that type",
        "An interface with methods holds only types that have them all, and the methods of `*T` are not those of `T`: \
         often the pointer is what is in the interface. It is what Go's compiler calls an impossible type assertion. \
         The message names the methods that are missing.",
        "count main.f by arg n where type(ret 1) == \"main.MyError\"";
    INTERFACE_TYPE = "E0414", "an interface never holds an interface",
        "What is in an interface is a value of a concrete type, also when it was put there from another interface. \
         Name that type, as `print type(x)` shows it. Whether a type has certain methods cannot be asked by a probe.",
        "on main.f where type(arg v) == \"error\" { count }";
    LATER = "E0501", "this part of the language is not compiled yet",
        "The language has it, recipes with it are read and formatted, but this release of gobt does not make a script \
         of it.",
        "graph main.f into net/http.*";
    BAD_CLAUSE = "E0502", "a clause does not belong here",
        "Each directive and statement takes certain clauses; the message lists them. Each may stand there once.",
        "count main.f in ms";
    NO_PROGRAM = "E0503", "no program is given",
        "A recipe is compiled against an executable: `target \"PATH\"` in the recipe, `--bin PATH`, or `--pid PID`.",
        "gobt compile probe.gobt";
    REPEATED = "E0504", "something is said twice",
        "A recipe has one `target` and one `stop after`; labels, params and the lets of a block have each their own \
         name.",
        "param a = 1\nparam a = 2";
    BAD_PARAM = "E0505", "a param cannot be set",
        "`-D NAME=VALUE` sets a `param` of the recipe. The value is a number, a duration, a size, true, false, or \
         text, of the same sort as the one in the recipe.",
        "gobt compile -D limti=5 probe.gobt";
    NEVER_RETURNS = "E0506", "the function's return cannot be observed",
        "Returns are observed at the function's RET instructions, and this one has none: it ends in an endless loop or \
         a panic, or it jumps on to another function, which then returns in its place. Trace that function, or use \
         `count`.",
        "latency main.main";
    NO_ENTRY = "E0507", "the function's entry cannot be observed",
        "A probe is placed where an instruction runs exactly once per call. This function begins with a loop, or with \
         instructions that the kernel does not let be probed.",
        "";
    BAD_PLACE = "E0508", "a statement does not belong here",
        "`return` blocks stand directly in an `on` block, not inside `if` or another `return`.",
        "on main.f { if true { return { count } } }";
    BAD_PERIOD = "E0509", "the time cannot be used",
        "`every` and `stop after` take at least a microsecond, `limit` at least one line per second.",
        "every 1ns { print }";
    NO_RESULT_CALLED = "E0510", "no result is called so",
        "`every` prints and clears results by their labels, or by the names they get without one.",
        "every 1s { print calls }";
    BAD_RANGE = "E0511", "a linear range is not one",
        "`A..B step S` takes whole numbers with A < B, S > 0, and at most 1000 steps.",
        "latency main.f as linear 10..0 step 1";
    BAD_PATH = "E0512", "the program's path cannot stand in a script",
        "In paths, bpftrace takes `*`, `?` and `[…]` for patterns, and has no way to write quotes or control \
         characters. Characters that hide or reorder text would make the script look different from what it says. \
         Reach the program by another path, for example through a symbolic link.",
        "";
    BAD_RELEASE = "E0513", "that release of bpftrace cannot be written for",
        "`--bpftrace` takes a release such as 0.23 or 0.23.2, from 0.17 to 0.27.",
        "gobt compile --bpftrace 2.0 probe.gobt";
    NOTHING_TO_DO = "E0514", "the recipe observes nothing",
        "A recipe has at least one directive, `on` block or `raw` block.",
        "target \"/bin/app\"";
    STALE_SCRIPT = "E0515", "a script was made for another build of the program",
        "A script holds addresses and offsets of one build. At its path there is another one now: its build id or \
         version of Go differs, or at the place of a probe stands another instruction than the script says. Tracing it \
         would count something else or show nonsense. Compile the recipe again.",
        "gobt check probe.bt";
    UNKNOWN_SCRIPT = "E0516", "a script does not tell what it was made for",
        "`gobt check` takes recipes, and scripts that gobt made. It knows those by their first lines and their last \
         one, which tell the program's path and build; here they are missing, were changed, or are not of one script. \
         A probe whose number was changed is found too: it is none of those that the last line tells. Compile the \
         recipe again. Probes that somebody added to a script are warned of, since nothing is known of their \
         instructions.",
        "";
    BAD_LABEL = "E0517", "a label cannot be the name of a result",
        "A label becomes the name of a map of bpftrace, which takes the letters a to z and A to Z, digits and `_`. A \
         name of more than 48 characters says nothing more to a reader. Choose another name.",
        "größe: sum arg amount";
    KEY_REFUSED = "E0518", "a release of bpftrace has no room for a key",
        "What is in an interface is a text of one of two lengths: the message of an error, or the name of a type. \
         bpftrace 0.24 to 0.26 bring both to one length on the stack of a probe, which has 512 bytes, and then refuse \
         the script. Earlier and later releases do not.",
        "gobt compile --bpftrace 0.25 probe.gobt    // count main.f by ret 1";
    GOROUTINE_UNKNOWN = "E0521", "the goroutine of an assembly function cannot be told",
        "Code that Go's compiler makes has its goroutine in a register. Assembly need not, and then the goroutine is \
         that of the thread, which keeps it in a thread-local variable. Where that is, is told by the code that loads \
         it, by the symbol runtime.tlsg, and in a shared object by the word that the dynamic loader writes the place \
         into. Where the file does not tell, or two of these disagree, whatever needs the goroutine is refused: by \
         goroutine, latency, what is kept from a call's beginning to its return. Calls can still be counted, and Go \
         functions traced.",
        "latency crypto/md5.block";
    OUTPUT_IS_INPUT = "E0524", "the output is one of the inputs",
        "What a script would be written to is a file that gobt reads: the recipe, the program, its debug file. It is \
         compared by device and inode, so another name for the same file (a link, a path through /proc) makes no \
         difference. Nothing was written; name another file.",
        "gobt compile probe.gobt --bin app -o app";
    PRECIOUS_OUTPUT = "E0525", "the output is a program or a recipe",
        "A file of this name exists, and it is an executable or a recipe, not a script. Nothing was written. Name \
         another file, or remove that one first. Scripts and other texts are replaced without a question.",
        "gobt compile probe.gobt --bin app -o /usr/bin/ls";
    PARTLY_INLINED = "E0590", "some calls are not seen because they were inlined",
        "The function has code of its own, which is traced, but at the places that the message lists its body was \
         copied into the caller. Calls there run no instruction of the function itself and are not counted. Build with \
         `//go:noinline` above the function to see them all.",
        "";
    SKIPPED = "E0591", "some functions of a pattern are left out",
        "A pattern may match functions that cannot be traced in the way that is asked for, such as functions that \
         never return. They are left out; naming one of them alone says why.",
        "latency main.*";
    MANY_PROBES = "E0592", "the script has very many probes",
        "Each probe takes about a tenth of a second to detach, and bpftrace some time to attach. Name fewer functions.",
        "latency *";
    LEAVES_OTHERWISE = "E0593", "some calls end without a return that can be seen",
        "The function has RET instructions, but some of its ends are jumps into another function. Calls that end so \
         are not timed.",
        "";
}

/// The explanation of `code` (`E0301` or `e301`), if there is such a code.
#[must_use]
pub fn explain(code: &str) -> Option<&'static Explanation> {
    let digits = code.trim().trim_start_matches(['E', 'e']);
    let digits = digits.parse::<u16>().ok()?;
    EXPLANATIONS
        .iter()
        .find(|e| e.code.0.strip_prefix('E').and_then(|d| d.parse::<u16>().ok()) == Some(digits))
}

#[cfg(test)]
mod tests {
    use super::{EXPLANATIONS, explain};
    use crate::source::Source;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_explained() {
        let codes: BTreeSet<_> = EXPLANATIONS.iter().map(|e| e.code).collect();
        assert_eq!(codes.len(), EXPLANATIONS.len());
        for explanation in EXPLANATIONS {
            let code = explanation.code.0;
            assert!(
                code.len() == 5 && code.starts_with('E') && code[1..].bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
            assert!(
                explanation.title.starts_with(|c: char| !c.is_uppercase())
                    && !explanation.title.ends_with('.'),
                "{code}"
            );
            assert!(
                explanation
                    .text
                    .starts_with(|c: char| c.is_uppercase() || c == '`'),
                "{code}"
            );
            assert!(explanation.text.ends_with('.'), "{code}");
            assert_eq!(explain(code).map(|found| found.code), Some(explanation.code));
        }
    }

    #[test]
    fn codes_are_found_however_written() {
        for written in ["E0101", "e0101", "E101", "101", " E0101 "] {
            assert_eq!(explain(written).map(|e| e.code.0), Some("E0101"), "{written}");
        }
        for written in ["", "E", "E9999", "E-101", "E99999999999", "latency", "é"] {
            assert!(explain(written).is_none(), "{written}");
        }
    }

    /// An example of a syntax error shows that very error.
    #[test]
    fn examples_of_syntax_errors_show_them() {
        let recipes = EXPLANATIONS
            .iter()
            .filter(|e| e.code.0.starts_with("E01") && !e.code.is_environment());
        for explanation in recipes.filter(|e| !e.example.is_empty()) {
            let (_, problems) = crate::syntax::parse(&Source::new("example.gobt", explanation.example));
            let found: Vec<_> = problems.sorted().iter().map(|problem| problem.code).collect();
            assert_eq!(found, [explanation.code], "{}", explanation.example);
        }
    }
}
