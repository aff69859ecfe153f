//! The stable codes, each with what `gobt explain` says about it.

/// A problem's stable name. Codes are never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// True for problems of the environment, which are not the recipe's fault unless a place in the recipe is shown: an
    /// unreadable recipe file (E0110), the program (E02xx), the command line (no program, an unknown param or release,
    /// a wrong output), and of a run (E07xx).
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
            || self.0.starts_with("E07")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// What `gobt explain` says about a code.
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
        "A line does not have the form that the language requires. The message says what was found and what was \
         expected. It points at the first word that does not fit; the real mistake may stand before it.",
        "latency main.work by";
    NUMBER = "E0102", "a number, duration or size is not well formed",
        "Numbers are written 42, 0x2a or 1_000 and must fit into 64 bits. Durations are whole numbers directly \
         followed by a unit: 150ns, 10us, 5ms, 2s, 1m, 1h. Sizes are 512B, 4KiB, 1MiB, 1GiB. There are no fractions: \
         write 1500ms for one and a half seconds.",
        "stop after 5sec";
    TEXT = "E0103", "a text in quotes is not well formed",
        "A text stands in double quotes and ends in the line in which it begins. Inside it, a quote is written \\\", a \
         backslash \\\\, a new line \\n, a tab \\t. In a text for `print`, {…} holds a value, and a brace itself is \
         written {{ or }}.",
        "on main.work {\n    print \"never closed\n}";
    NESTING = "E0104", "something is nested too deeply or too long",
        "Brackets, blocks and chains of `else if` may be nested at most 64 deep, and one expression may have at most \
         500 operators. Name a part of the expression with `let`, or write two recipes.",
        "";
    CHARACTER = "E0105", "the recipe has a character that cannot be seen",
        "Recipes may not contain control characters other than tab and new line, nor characters that change the \
         direction of writing, because with them a recipe looks different from what it does. Remove the character.",
        "";
    RESERVED = "E0106", "a word of the language is used as a name",
        "The name of a `let`, a `param` or a `span` cannot be a word of the language: the clause words (by, where, as, \
         in, limit, except, including, into, depth, from, to, match, or), true, false, nil, arg, ret, let, print, if, \
         else, return, raw, on. Choose another name. Arguments and fields of the Go program may have such names: `arg \
         \"where\"` is the argument named where.",
        "param limit = 5";
    LABEL = "E0107", "a label stands before something that has no result",
        "`NAME:` names the result of a directive or of an aggregation in a block (count, sum, hist and the like). \
         Other lines have no result that could be named; remove the label.",
        "slow: target \"/usr/bin/dockerd\"";
    MISPLACED = "E0108", "an item stands where it cannot",
        "Statements (print, let, if, return) belong inside the braces of an `on` block; directives, declarations and \
         `on` itself belong outside. `during … { }` holds directives and `on` blocks only. Move the line into the \
         braces or out of them.",
        "during main.work {\n    target \"/usr/bin/dockerd\"\n}";
    UNCLOSED = "E0109", "a bracket is not closed, or not open",
        "Every {, ( and [ needs its }, ) or ]. The message shows the bracket that has no partner. A missing closing \
         brace is often noticed only where the next block begins.",
        "on main.work {\n    print arg n";
    UNREADABLE_RECIPE = "E0110", "the recipe file cannot be read",
        "The file does not exist, this user may not read it, or it is larger than 1 MiB. If you meant a Go program, \
         name it with --bin.",
        "gobt check missing.gobt";
    NOT_UTF8 = "E0111", "the recipe is not UTF-8 text",
        "Recipes are UTF-8 text. The message shows the first byte that is not UTF-8, or names the encoding that the \
         file has. Save the file as UTF-8 in the editor, or convert it with iconv.",
        "";
    FILE_UNREADABLE = "E0200", "a file cannot be read",
        "No file has this path, or this user may not read the file. An executable is named by its path; $PATH is not \
         searched. Reading another user's program may need root.",
        "gobt funcs /no/such/file";
    NOT_A_FILE = "E0201", "the path leads to no regular file",
        "The path is that of a directory, pipe, socket or device. Name the executable file itself.",
        "gobt funcs /tmp";
    NOT_ELF = "E0202", "the file is not an ELF executable",
        "Programs on Linux are ELF files, and gobt reads only these. If the file is a shell script that starts the \
         program, name the program itself, or let `--pid` find it while it runs. Programs for macOS and Windows have \
         other formats; build them with GOOS=linux.",
        "gobt funcs /usr/bin/ldd";
    WRONG_MACHINE = "E0203", "the program is for another kind of machine",
        "Only programs for linux/amd64 (x86-64, 64 bits, little-endian) can be read, because the registers of \
         arguments and the places of probes differ between processors. Build the program with GOARCH=amd64.",
        "GOARCH=arm64 go build -o app . && gobt funcs app";
    NOT_EXECUTABLE = "E0204", "the ELF file is no executable",
        "Object files (.o) and core dumps are ELF files too, but they cannot be traced. Name the executable that the \
         object file was linked into, or the one that dumped the core.",
        "gobt funcs main.o";
    NOT_GO = "E0205", "the program was not written in Go",
        "Go's linker writes the release of Go into every program; this file has no such note. Packers such as UPX hide \
         it: trace the program as it was before it was packed.",
        "gobt funcs /bin/ls";
    GCCGO = "E0206", "the program was built by gccgo",
        "The compiler gccgo names functions differently than Go's own compiler, and uses another calling convention \
         and another run time. Build the program with the `go` command's default compiler.",
        "gccgo -o app main.go && gobt funcs app";
    GO_UNSUPPORTED = "E0207", "gobt does not support the release of Go that built the program",
        "Go 1.17 to 1.27 are supported. Older releases pass arguments on the stack and keep no goroutine in a \
         register: build the program with a newer Go. Newer releases may lay out data differently, so gobt does not \
         guess: look for a newer gobt.",
        "";
    FILE_DAMAGED = "E0208", "the executable is damaged",
        "A table in the file points outside of the file or contradicts itself. That happens when a copy was cut short, \
         or when the program went through an obfuscator. Copy or build the program again.",
        "head -c 100000 app > cut && gobt funcs cut";
    NO_PROCESS = "E0209", "there is no such process, or it has no executable",
        "`--pid` takes the id of a running process. Kernel threads have no executable, and neither has a process that \
         has just ended.",
        "gobt compile --pid 999999 recipe.gobt";
    PROCESS_UNREADABLE = "E0210", "the process may not be looked at",
        "Reading the executable of another user's process needs root (or CAP_SYS_PTRACE), as does tracing the \
         process.",
        "gobt compile --pid 1 recipe.gobt";
    PATH_NOT_TEXT = "E0211", "the path is not UTF-8",
        "The path becomes part of the bpftrace script, which is text. Name the executable by a path that is UTF-8, for \
         example that of a symbolic link.",
        "";
    SOURCES_DISAGREE = "E0212", "two tables of the program disagree",
        "A Go program records the addresses of its functions twice: in the symbol table and in Go's line table \
         (.gopclntab). Here the two tables disagree about a function, so one of them is wrong. A probe on a wrong \
         address can crash the program, so gobt places none. Build the program again, and do not change it \
         afterwards.",
        "";
    CODE_UNREADABLE = "E0213", "the code of a function cannot be read",
        "To find the probe sites of a function, gobt decodes its instructions. These bytes are not instructions, or \
         they begin as no function does that a known Go release compiles. The file may be damaged, or the function may \
         be assembly of a kind that gobt does not know.",
        "";
    PATTERN = "E0214", "a pattern cannot name functions",
        "A pattern is a function's name in which `*` stands for any characters (but `(*T)` is Go's pointer receiver) \
         and `[...]` for any type arguments. Every bracket needs its partner.",
        "gobt funcs app 'main.Map['";
    NO_FUNCTION = "E0215", "the program has no such function",
        "No function of the program has this name. The message shows names that are close. `gobt funcs BIN PATTERN` \
         lists what there is; a function whose every call was inlined has no code of its own.",
        "gobt inspect app main.mian";
    SEVERAL_FUNCTIONS = "E0216", "the name fits several functions",
        "`gobt inspect` shows one function. The message lists those that the pattern matches; give one of their names, \
         or the function's address.",
        "gobt inspect app 'main.*'";
    FILE_CHANGED = "E0217", "the program's file changed while it was read",
        "While gobt read the file, another process wrote to it, replaced it or removed it. gobt may have read parts of \
         two builds, or a build that is no longer at this path, so it writes nothing. Run gobt again.",
        "";
    TWO_READINGS = "E0218", "bpftrace could put a probe on another instruction",
        "In a script, the number behind a program's path says where a probe goes. If a symbol covers the number, \
         bpftrace takes it for an address, and then looks the place up again by that symbol's name. If no symbol \
         covers it, bpftrace takes it for an offset in the file. It reads symbols from .symtab, .dynsym, \
         .gnu_debugdata and a debug file that it finds by build id or .gnu_debuglink, even if that is of another \
         build. gobt follows the same steps. If a number would lead to another instruction than the one that gobt \
         decoded, it writes no script, and `gobt check` fails: a breakpoint in the middle of an instruction kills the \
         program. Remove a debug file of another build; trace a program with its whole symbol table, or with none.",
        "";
    DEBUG_DAMAGED = "E0250", "the debug information is damaged",
        "The program (or its separate debug file) has DWARF sections, but their contents are invalid: a section does \
         not inflate, a unit runs past its end, or a DIE refers to one that does not exist. gobt does not guess from \
         such data. Build the program again, or fetch its debug file again. Functions of a build without debug \
         information (-ldflags=-w) can still be counted and timed.",
        "";
    NO_DEBUG_ENTRY = "E0251", "the debug information does not know a function",
        "The function has code, but no unit of the debug information has a subprogram for it: it was written in C, it \
         was added by a tool, or the debug information is of another build. Its calls can be counted and timed; its \
         arguments and results cannot be read.",
        "";
    ASSEMBLY_WITHOUT_TYPES = "E0252", "the arguments of an assembly function are not known",
        "The debug information describes the parameters of functions that Go's compiler compiled. Those of a function \
         written in assembly are known only if the compiler made a wrapper around it. The function's calls can be \
         counted and timed; to see values, trace the Go function that calls it.",
        "";
    RUNTIME_UNKNOWN = "E0253", "the layout of Go's run time is not known",
        "Goroutine ids, stack bounds and map lengths are read from structures of Go's run time, whose layout changes \
         between releases. gobt knows the layouts of released versions of Go. For a development version, an experiment \
         or a vendor's own Go it reads them from the debug information, which this program does not have. Build the \
         program with its debug information.",
        "";
    DEBUG_FILE_MISMATCH = "E0254", "a debug file does not belong to the program",
        "Debug information may be in a file of its own, which is found by the program's build id or by the name in its \
         .gnu_debuglink section. The file that was found is of another build: its build id, its checksum or its code \
         differs. gobt does not use it, because its addresses would be wrong. Install the debug file of this build, or \
         remove the wrong one. `--debug-file FILE` names a debug file that the program does not name itself; gobt then \
         compares its build id and the addresses of its sections with the program's.",
        "";
    NO_DEBUG_INFO = "E0244", "the program has no debug information",
        "To find arguments, results and fields, gobt needs the program's debug information (DWARF), which -ldflags=-w \
         and -s leave out. Functions can still be counted and timed. Build the program without these flags, name its \
         separate debug file with --debug-file, or put the debug file where gobt looks for it: under its \
         .gnu_debuglink name beside the program or in .debug/, or under /usr/lib/debug.",
        "";
    FILE_NOTED = "E0245", "the program's file or debug file is not the expected one",
        "The executable of the process was deleted or replaced after the process started, or a debug file that was \
         found does not belong to the program. The message says which of these it is and how gobt continued.",
        "";
    NO_SUCH_FUNCTION = "E0301", "a recipe names a function that the program does not have",
        "No function of the program has this name. Names are written as Go prints them in stack traces, with the full \
         import path: `net/http.(*conn).serve`, not `http.(*conn).serve`. The message shows similar names; `gobt funcs \
         BIN PATTERN` lists all that match a pattern. If the name differs between releases of a library, write both \
         names: `A or B`.",
        "count main.mian";
    ONLY_INLINED = "E0302", "all calls of the function were inlined",
        "The compiler replaced every call of this function by the function's body, so the function has no code of its \
         own to put a probe on. The message lists the places of these calls. Trace a function that calls it, or build \
         the program with `//go:noinline` above the function or with `-gcflags=-l`.",
        "count sync.(*Mutex).Lock";
    NO_ARGUMENT = "E0303", "the function has no such argument",
        "Arguments are named as in the function's source, or numbered from 0; the receiver has no number. The message \
         shows the function's signature.",
        "on main.main { print arg nothing }";
    NO_RESULT = "E0304", "the function has no such result",
        "Results are numbered from 0; results that have a name in the function's source can be named. The message \
         shows the function's signature.",
        "on main.main return { print ret 3 }";
    NO_FIELD = "E0305", "the type has no such field",
        "Fields are looked up as in Go: through pointers, and through embedded structs. The message shows the type's \
         fields. To reach a field of the value in an interface, name the value's type first: `x.(*pkg.T).Field`.",
        "on net/http.(*Client).do { print arg req.Url }";
    UNKNOWN_NAME = "E0306", "a name is not known here",
        "A single name is a `let` above it in the same block, a `param`, or a built-in word: elapsed, goroutine, \
         parent, thread, process, cpu, comm, func, caller, stack, recv. Arguments are written `arg NAME`, results `ret \
         NAME`.",
        "count main.main by gorutine";
    UNKNOWN_WORD = "E0307", "a word of the language is not known",
        "Directives, formats, units and the words in `every` blocks come from fixed lists, which docs/language.md \
         shows.",
        "latencies main.main";
    NOTHING_LEFT = "E0308", "no function is left",
        "The pattern matches functions, but `except` excludes all of them, or none of them can be traced in the way \
         that the directive needs.",
        "count main.* except main.*";
    NO_TYPE = "E0309", "the program has no such type",
        "The type in `.(T)` is written as Go prints it, with its full import path, and `*` where a pointer is in the \
         interface: `err.(*io/fs.PathError)`. A type that the program never puts into an interface has no type \
         descriptor, so no interface can hold it.",
        "on main.f return { print ret 0.(*os.NoError).Op }";
    AMBIGUOUS_INSTANCE = "E0310", "the pattern may match other instantiations too",
        "Go compiles one body for all type arguments with the same underlying type. Without debug information gobt \
         cannot tell which body belongs to a named type, so the pattern matches several. Name the shape itself, as \
         `gobt funcs` prints it.",
        "count main.Map[main.ID]";
    AMBIGUOUS_TYPE = "E0311", "several types have this name",
        "Several packages of a program may have a type that Go prints as `v1.Pod`, and a generic type is a different \
         type for each list of type arguments. `type(x) == \"v1.Pod\"` is true for all of them. `x.(T)` reads the \
         fields of one, so write that type's full name, with import path and type arguments.",
        "on main.f { print arg v.(*v1.Pod).Name }";
    MADE_BY_COMPILER = "E0312", "the function was made by the compiler",
        "Go's compiler makes functions that only call another function: for a method promoted from an embedded field, \
         for a value's method that is called through a pointer or an interface, for a method value (`x.M` without a \
         call), and for `go` and `defer`. Only some calls go through such a wrapper, and a probe on the called \
         function sees these calls too, unless the called function was inlined into the wrapper. Patterns leave \
         wrappers out where the calls are seen elsewhere. Name the function that is in the source.",
        "count main.(*holder).Get";
    MISMATCHED_TYPES = "E0401", "types do not go together",
        "Both sides of an operator have to be of the same sort, as in Go: two numbers, two durations, or a string of \
         the program and a text in quotes. The message says what each side is.",
        "on main.f where arg n == \"five\" { count }";
    NOT_A_NUMBER = "E0402", "a number is needed here",
        "Sums, histograms, arithmetic and comparisons with `<` work on numbers. Use a field that is a number, or \
         `len(x)`.",
        "on main.f { sum arg name }";
    NOT_SHOWN_SO = "E0403", "the value cannot be shown in this format",
        "Each format is for certain sorts of values: `string` for strings and bytes, `ip` for 4 or 16 bytes, `type` \
         and `error` for interfaces, and so on. Without `as`, the value's Go type decides how it is shown.",
        "on main.f { print arg n as ip }";
    NOT_READABLE = "E0404", "the value cannot be read where the probe is",
        "Probes can read the integer registers, the stack and memory. Floating point arguments and results are in \
         vector registers, which the kernel does not show to probes, and parameters that the compiler dropped exist \
         nowhere. Floats in structs, behind pointers and in slices can be read.",
        "on main.area { print arg width }";
    NOT_A_CONDITION = "E0405", "a condition is needed here",
        "`where` and `if` take something that is true or false: a comparison, a bool, or several of them with `&&`, \
         `||` and `!`.",
        "count main.f where arg n";
    NOT_COMPUTABLE = "E0406", "this cannot be computed inside the kernel",
        "Probes run in the kernel, which has no floating point arithmetic and a small set of instructions for \
         probes.",
        "on main.f where elapsed > 1.5 { }";
    ONLY_AT_RETURN = "E0407", "the value exists only when the call returns",
        "Results and `elapsed` do not exist yet when a call begins. Use them inside `return { … }`.",
        "on main.f { print ret 0 }";
    NOT_INDEXABLE = "E0408", "the value has no elements",
        "`[i]` and `[a:b]` work on slices, arrays and strings.",
        "on main.f { print arg n[0] }";
    BAD_NUMBER = "E0409", "a number is out of range",
        "An index has to be inside the array, a shift has to be by less than 64 bits, and a divisor cannot be zero.",
        "on main.f { print arg n / 0 }";
    BAD_TEXT = "E0410", "a string cannot be used here",
        "A comparison cannot use a text that is longer than bpftrace's longest string, or one with a NUL byte, which \
         ends a string in bpftrace.",
        "";
    BAD_CALL = "E0411", "a function has the wrong arguments",
        "`len`, `cap` and `type` take one value; `stack` takes the number of functions to show.",
        "count main.f by len()";
    NOT_A_KEY = "E0412", "the value cannot be a key",
        "Keys of `by` are numbers, strings, interfaces, stacks and functions. Use a field of the struct, or an element \
         of the slice.",
        "count main.f by arg request";
    IMPOSSIBLE_TYPE = "E0413", "the interface can never hold that type",
        "An interface with methods holds only types that have all of them. `T` does not have the methods of `*T`, so \
         often the interface holds the pointer `*T`. Go's compiler calls this an impossible type assertion. The \
         message names the missing methods.",
        "count main.f by arg n where type(ret 1) == \"main.MyError\"";
    INTERFACE_TYPE = "E0414", "an interface never holds an interface",
        "An interface holds a value of a concrete type, even if the value was assigned from another interface. Name \
         the concrete type, as `print type(x)` shows it. A probe cannot test whether a type has certain methods.",
        "on main.f where type(arg v) == \"error\" { count }";
    LATER = "E0501", "this part of the language is not compiled yet",
        "The language has this construct, and gobt reads and formats recipes with it, but this release of gobt cannot \
         compile it.",
        "graph main.f into net/http.*";
    BAD_CLAUSE = "E0502", "a clause does not belong here",
        "Each directive and statement takes certain clauses, each of them at most once. The message lists them.",
        "count main.f in ms";
    NO_PROGRAM = "E0503", "no program is given",
        "A recipe is compiled against an executable: `target \"PATH\"` in the recipe, `--bin PATH`, or `--pid PID`.",
        "gobt compile probe.gobt";
    REPEATED = "E0504", "something is said twice",
        "A recipe has at most one `target`, one `stop after` and one `stop when`. Two labels cannot have the same name, nor two params, \
         nor two `let`s of a block.",
        "param a = 1\nparam a = 2";
    BAD_PARAM = "E0505", "a param cannot be set",
        "`-D NAME=VALUE` sets a `param` of the recipe. The value has to be of the same sort as the one in the recipe: \
         a number, a duration, a size, true or false, or a text.",
        "gobt compile -D limti=5 probe.gobt";
    NEVER_RETURNS = "E0506", "the function's return cannot be observed",
        "Returns are observed at the function's RET instructions, and this function has none: it ends in an endless \
         loop or a panic, or it ends by jumping into another function, which returns in its place. Trace that other \
         function, or use `count`.",
        "latency main.main";
    NO_ENTRY = "E0507", "the function's entry cannot be observed",
        "The entry probe is on an instruction that runs exactly once per call. This function begins with a loop, or \
         with instructions on which the kernel allows no probe.",
        "";
    BAD_PLACE = "E0508", "a statement does not belong here",
        "A `return` block belongs directly into an `on` block, not into an `if` or another `return`.",
        "on main.f { if true { return { count } } }";
    BAD_PERIOD = "E0509", "the period or limit is too small",
        "`every` and `stop after` take at least a microsecond, `limit` at least one line per second.",
        "every 1ns { print }";
    BAD_STOP = "E0526", "this is no condition to stop at",
        "`stop when CONDITION` compares counts and sums of the recipe, by their names, with numbers: all keys of a \
         result together. What else is to end the trace can be counted: `slow: count main.f where elapsed > 100ms` \
         and `stop when slow > 0`.",
        "calls: count main.f\nstop when arg n > 5";
    NO_RESULT_CALLED = "E0510", "no result has this name",
        "`every` prints and clears results by their labels; a result without a label has a default name, such as \
         `count` or `latency_us`.",
        "every 1s { print calls }";
    BAD_RANGE = "E0511", "the range of `linear` is not valid",
        "`A..B step S` takes whole numbers with A < B, S > 0, and at most 1000 steps.",
        "latency main.f as linear 10..0 step 1";
    BAD_PATH = "E0512", "the program's path cannot stand in a script",
        "In a path, bpftrace takes `*`, `?` and `[…]` for patterns, and a path in a script cannot contain quotes or \
         control characters. Characters that hide or reorder text would make the script look different from what it \
         does. Name the program by another path, for example that of a symbolic link.",
        "";
    BAD_RELEASE = "E0513", "gobt does not write scripts for this release of bpftrace",
        "`--bpftrace` takes a release such as 0.23 or 0.23.2, from 0.17 to 0.27.",
        "gobt compile --bpftrace 2.0 probe.gobt";
    NOTHING_TO_DO = "E0514", "the recipe observes nothing",
        "A recipe needs at least one directive, `on` block or `raw` block.",
        "target \"/bin/app\"";
    STALE_SCRIPT = "E0515", "a script was made for another build of the program",
        "A script holds addresses and offsets of one build. The program at the script's path is now another build: its \
         build id or its version of Go differs, or at the place of a probe there is another instruction than the \
         script says. Tracing it would count something else or show wrong values. Compile the recipe again.",
        "gobt check probe.bt";
    UNKNOWN_SCRIPT = "E0516", "a script's record of its program is missing or was changed",
        "`gobt check` takes recipes, and scripts that gobt made. The first lines and the last line of such a script \
         record the program's path and build. In this script they are missing, were changed, or come from two scripts; \
         or the address of a probe was changed, so that it is not in the last line's list. Compile the recipe again. \
         Probes that somebody added to a script only bring a warning, because gobt has not checked their \
         instructions.",
        "";
    BAD_LABEL = "E0517", "a label cannot be the name of a result",
        "A label becomes the name of a bpftrace map. It may have the letters a to z and A to Z, digits and `_`, and at \
         most 48 characters. Choose another name.",
        "größe: sum arg amount";
    KEY_REFUSED = "E0518", "a release of bpftrace has no room for a key",
        "An interface is shown as the message of an error or as the name of a type, and these texts have two different \
         maximum lengths. As a key, bpftrace 0.24 to 0.26 copy both to one length on the probe's stack, which has 512 \
         bytes, and then refuse the script. Earlier and later releases take it.",
        "gobt compile --bpftrace 0.25 probe.gobt    // count main.f by ret 1";
    GOROUTINE_UNKNOWN = "E0521", "the goroutine of an assembly function is not known",
        "Code that Go's compiler generates has its goroutine in a register. An assembly function may use that register \
         for something else; its goroutine is then read from a thread-local variable. gobt finds the place of this \
         variable in the code that loads it, in the symbol runtime.tlsg, and in a shared object in the relocation for \
         the dynamic loader. If none of these is in the file, or two of them disagree, gobt refuses everything that \
         needs the goroutine: `by goroutine`, `latency`, and values kept from a call's entry to its return. Calls can \
         still be counted, and Go functions can be traced.",
        "latency crypto/md5.block";
    OUTPUT_IS_INPUT = "E0524", "the output is one of the inputs",
        "The output file is one of the files that gobt reads: the recipe, the program or its debug file. Files are \
         compared by device and inode, so another name for the same file (a link, a path through /proc) makes no \
         difference. Nothing was written; name another output file.",
        "gobt compile probe.gobt --bin app -o app";
    PRECIOUS_OUTPUT = "E0525", "the output is a program or a recipe",
        "The output file exists, and it is an executable or a recipe, not a script. Nothing was written. Name another \
         output file, or remove this one first. gobt replaces existing scripts and other text files without asking.",
        "gobt compile probe.gobt --bin app -o /usr/bin/ls";
    INLINED_HAS_NO_END = "E0530", "an inlined call has no return",
        "`including inlined` probes calls where the compiler inlined them. Such a call begins at a certain instruction, \
         but it has no return: its last instructions are mixed with those of the function around it. So `latency`, \
         `trace`, `return` blocks, `ret` and `elapsed` cannot include inlined calls. `count` and `on` blocks without \
         `return` can.",
        "latency main.get including inlined";
    PARTLY_INLINED = "E0590", "some calls are not seen because they were inlined",
        "The function has code of its own, which is traced. At the places that the message lists, the compiler copied \
         the function's body into the caller instead of calling it; a probe on the function does not see these calls. \
         To see all calls, build with `//go:noinline` above the function.",
        "";
    SKIPPED = "E0591", "some functions of a pattern are left out",
        "A pattern may match functions that cannot be traced as the recipe asks, such as functions that never return \
         in a `latency` directive. They are left out. To learn why, name one of them alone.",
        "latency main.*";
    MANY_PROBES = "E0592", "the script has very many probes",
        "Detaching takes about a tenth of a second for each probe, and attaching takes time too. Name fewer \
         functions.",
        "latency *";
    LEAVES_OTHERWISE = "E0593", "some calls end without a return that can be seen",
        "The function has RET instructions, but it can also end by jumping into another function. Calls that end with \
         such a jump are not timed.",
        "";
    INLINED_LEFT_OUT = "E0594", "some inlined calls are not traced",
        "With `including inlined`, calls are seen where the compiler inlined them, at an instruction that each call \
         executes exactly once. The compiler moves, joins and removes instructions, so some copies have none; and a \
         value may not be known to be anywhere where a copy begins. These copies are left out, and the message lists \
         places. To see all calls, build with `//go:noinline` above the function.",
        "";
    INLINED_WITHOUT_TRACE = "E0595", "some inlined calls may have left no trace",
        "Of an inlined call the compiler may leave no instruction at all: it computes the call together with what is \
         around it, or drops a store because another one follows. Nothing in the program tells of such a call, so it is \
         not counted. This happens to functions that write nothing and call nothing, and up to Go 1.20 to calls that \
         are no more than the first instruction of a function. To see all calls, build with `//go:noinline` above the \
         function.",
        "";
    CANNOT_RUN = "E0701", "nothing can be traced here",
        "`gobt run` needs bpftrace 0.17 to 0.27 on the path, the rights to use it, and a kernel with uprobes. The \
         message says what is missing, and what bpftrace itself said stands below it. `gobt doctor` checks all of that \
         beforehand. Where bpftrace cannot be, compile the recipe and run the script on another machine.",
        "";
    CANNOT_SAVE = "E0705", "the answer cannot be saved",
        "`--save FILE` writes the answer of a run to a file, in the form that the end of its name tells: `.txt` for text, \
         `.json` for an object a line, `.csv` for a spreadsheet, `.rec` for `gobt show`. The file has another name beside \
         its own until it is whole, so its directory has to be writable and the disk must have room.",
        "";
    NOT_GUARDED = "E0791", "hits are not counted",
        "`gobt run` takes its probes away when they are hit too often (`--max-rate`), and tells how busy the kernel is \
         with them. The kernel counts for it, which needs Linux 5.8 and CAP_SYS_ADMIN, or an administrator who has \
         switched it on: `sysctl kernel.bpf_stats_enabled=1`.",
        "gobt run probe.gobt --pid 4711";
    HOT_FUNCTION = "E0790", "a function is called all the time",
        "Functions that allocate memory, copy it, or schedule goroutines run millions of times a second. A probe makes \
         each of these calls slower, so the program may become much slower while it is traced. `gobt run` takes the \
         probes away when they are hit more often than `--max-rate` allows. `sample 1/N` does not help the program: the \
         probe is hit by every call.",
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
