//! The stable codes, each with what `gobt explain` says about it.

/// A problem's stable name. Codes are never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

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
        "A line is not formed as the language wants it. The message says what was read and what could have stood there; the place is that of the first word that does not fit, which may come after the real mistake.",
        "latency main.work by";
    NUMBER = "E0102", "a number, duration or size is not well formed",
        "Numbers are written 42, 0x2a or 1_000 and must fit into 64 bits. Durations are whole numbers with a unit at once behind them: 150ns, 10us, 5ms, 2s, 1m, 1h. Sizes are 512B, 4KiB, 1MiB, 1GiB. There are no fractions: write 1500ms for one and a half seconds.",
        "stop after 5sec";
    TEXT = "E0103", "a text in quotes is not well formed",
        "Texts stand in double quotes and end in the line they begin in. A quote inside is written \\\", a backslash \\\\, a new line \\n, a tab \\t. In a printed text {…} holds a value, and braces themselves are written {{ and }}.",
        "on main.work {\n    print \"never closed\n}";
    NESTING = "E0104", "something is nested too deeply or too long",
        "Brackets, blocks and chains of `else if` may stand in each other at most 64 deep, and one expression may have at most 500 operators. Give a part a name with `let`, or write two recipes.",
        "";
    CHARACTER = "E0105", "the recipe has a character that cannot be seen",
        "Control characters other than tab and new line, and characters that change the direction of writing, make a text look different from what it says, so recipes may not contain them. Remove the character; in a text, write what it stands for.",
        "";
    RESERVED = "E0106", "a word of the language is used as a name",
        "A `let`, a `param` or a `span` cannot be called like a word that means something in its place: the clause words (by, where, as, in, limit, except, including, into, depth, from, to, match, or), true, false, nil, arg, ret, let, print, if, else, return, raw, on. Choose another name. Arguments and fields of the Go program may be called so: `arg \"where\"` is the argument named where.",
        "param limit = 5";
    LABEL = "E0107", "a label stands before something that has no result",
        "`NAME:` names the result of a directive or of an aggregation in a block (count, sum, hist and the like). Other lines have no result to name; remove the label.",
        "slow: target \"/usr/bin/dockerd\"";
    MISPLACED = "E0108", "an item stands where it cannot",
        "Inside `during … { }` stand directives and `on` blocks only. Move the line out of the braces.",
        "during main.work {\n    target \"/usr/bin/dockerd\"\n}";
    UNCLOSED = "E0109", "a bracket is not closed, or not open",
        "Every {, ( and [ needs its }, ) or ]. The message shows the bracket that is left alone. A closing brace that is forgotten is often noticed only where the next block begins.",
        "on main.work {\n    print arg n";
    UNREADABLE_RECIPE = "E0110", "the recipe file cannot be read",
        "The file does not exist, may not be read, is not UTF-8 text, or is larger than 16 MiB. Recipes are UTF-8 text; a Go program is given with --bin, not as the recipe.",
        "gobt check missing.gobt";
    FILE_UNREADABLE = "E0200", "a file cannot be read",
        "The path leads to nothing, or to something that this user may not read. An executable is named by its path; $PATH is not searched. \
         Reading another user's program may need root.",
        "gobt funcs /no/such/file";
    NOT_A_FILE = "E0201", "the path leads to no regular file",
        "A directory, pipe, socket or device stands where an executable was expected. Name the executable file itself.",
        "gobt funcs /tmp";
    NOT_ELF = "E0202", "the file is not an ELF executable",
        "gobt reads ELF files, the format of programs on Linux. A script that starts a program is not that program: name the program, or \
         let `--pid` find it while it runs. Programs for macOS and Windows have other formats; build them with GOOS=linux.",
        "gobt funcs /usr/bin/ldd";
    WRONG_MACHINE = "E0203", "the program is for another kind of machine",
        "gobt understands programs for linux/amd64 (x86-64, 64 bits, little-endian). Where arguments are and where probes go is different on \
         every machine. Build the program with GOARCH=amd64.",
        "GOARCH=arm64 go build -o app . && gobt funcs app";
    NOT_EXECUTABLE = "E0204", "the ELF file is no executable",
        "Object files (.o) and core dumps are ELF files too, but nothing can be traced in them. Name the executable that was linked from \
         the one or that left the other behind.",
        "gobt funcs main.o";
    NOT_GO = "E0205", "the program was not written in Go",
        "Go's linker notes in every program which Go it was built by; this file has no such note. Packers such as UPX hide it: trace the \
         program as it was before packing.",
        "gobt funcs /bin/ls";
    GCCGO = "E0206", "the program was built by gccgo",
        "gccgo gives functions other names, another calling convention and another run time than Go's own compiler. Build the program with \
         the `go` command's default compiler.",
        "gccgo -o app main.go && gobt funcs app";
    GO_UNSUPPORTED = "E0207", "the program was built by a Go that is not understood",
        "gobt understands what Go 1.17 to 1.27 produce. Older releases pass arguments on the stack and keep no goroutine in a register. Newer \
         ones may lay things out differently, so gobt does not guess: look for a newer gobt.",
        "";
    FILE_DAMAGED = "E0208", "the executable is damaged",
        "A table in the file points outside of it, or does not hold together. A copy that was cut short looks so, and so do programs that went \
         through an obfuscator. Copy or build the program again.",
        "head -c 100000 app > cut && gobt funcs cut";
    NO_PROCESS = "E0209", "there is no such process, or it has no executable",
        "`--pid` takes the number of a running process. Kernel threads have no executable, nor has a process that has just ended.",
        "gobt compile --pid 999999 recipe.gobt";
    PROCESS_UNREADABLE = "E0210", "the process may not be looked at",
        "Reading another user's process needs root (or CAP_SYS_PTRACE), as does tracing it.",
        "gobt compile --pid 1 recipe.gobt";
    PATH_NOT_TEXT = "E0211", "the path is not UTF-8",
        "The path becomes part of the bpftrace program, which is text. Reach the executable by a path that is UTF-8, for example through a \
         symbolic link.",
        "";
    SOURCES_DISAGREE = "E0212", "two tables of the program disagree",
        "Where functions are is written down twice, in the symbol table and in Go's line table (.gopclntab). Here they tell different things \
         of one function, so one of them is wrong. A probe on a wrong address can crash the program, so gobt places none. Build the program \
         again, and do not change it afterwards.",
        "";
    CODE_UNREADABLE = "E0213", "the code of a function cannot be read",
        "Probe sites are found by decoding a function's instructions. These bytes are no instructions, or begin in a way that no Go release \
         does. The file may be damaged, or the function is assembly of a kind that gobt does not know.",
        "";
    PATTERN = "E0214", "a pattern cannot name functions",
        "A pattern is a function's name in which `*` stands for any run of characters (but `(*T)` is Go's pointer receiver) and `[...]` for any \
         type arguments. Brackets have to pair up.",
        "gobt funcs app 'main.Map['";
    NO_FUNCTION = "E0215", "the program has no such function",
        "No function of the program has this name. The message shows names that are close. `gobt funcs BIN PATTERN` lists what there is; a \
         function whose every call was inlined has no code of its own.",
        "gobt inspect app main.mian";
    SEVERAL_FUNCTIONS = "E0216", "the name fits several functions",
        "`gobt inspect` shows one function. The message lists those that the pattern names; give one of these names, or the function's address.",
        "gobt inspect app 'main.*'";
    DEBUG_DAMAGED = "E0250", "the debug information is damaged",
        "The program (or its separate debug file) has DWARF sections, but what stands in them cannot be right: a section does not inflate, \
         a unit runs past its end, or an entry refers to something that is not there. Nothing is guessed from such data. Build the program \
         again, or fetch its debug file again. A build without debug information (-ldflags=-w) can still be counted and timed.",
        "";
    NO_DEBUG_ENTRY = "E0251", "the debug information does not know a function",
        "The function has code, but no unit of the debug information describes it: it was written in C, or added by a tool, or the debug \
         information is that of another build. Its calls can be counted and timed; its arguments and results cannot be read.",
        "";
    RUNTIME_UNKNOWN = "E0253", "the layout of Go's run time is not known",
        "Goroutine ids, stack bounds and map lengths are read from structures of Go's run time, whose layout changes between releases. For a \
         released Go it is known by version; for a development version, an experiment or a vendor's own Go it is read from the debug \
         information, which this program does not have. Build it with its debug information.",
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
