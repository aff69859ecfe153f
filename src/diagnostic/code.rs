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
        "A line is not formed as the language wants it. The message shows what was read and what could have stood there.",
        "latency main.work by";
    DEBUG_DAMAGED = "E0250", "the debug information is damaged",
        "The program (or its separate debug file) has DWARF sections, but what stands in them cannot be right: a section does not inflate, \
         a unit runs past its end, or an entry refers to something that is not there. Nothing is guessed from such data. Build the program \
         again, or fetch its debug file again. A build without debug information (-ldflags=-w) can still be counted and timed.",
        "";
    NO_DEBUG_ENTRY = "E0251", "the debug information does not know a function",
        "The function has code, but no unit of the debug information describes it: it was written in C, or added by a tool, or the debug \
         information is that of another build. Its calls can be counted and timed; its arguments and results cannot be read.",
        "";
    ASSEMBLY_WITHOUT_TYPES = "E0252", "the arguments of an assembly function are not known",
        "The debug information describes parameters of what Go's compiler compiled. For a function written in assembly they are only known \
         if the compiler made a wrapper around it. Its calls can be counted and timed; to see values, trace the Go function that calls it.",
        "";
    RUNTIME_UNKNOWN = "E0253", "the layout of Go's run time is not known",
        "Goroutine ids, stack bounds and map lengths are read from structures of Go's run time, whose layout changes between releases. For a \
         released Go it is known by version; for a development version, an experiment or a vendor's own Go it is read from the debug \
         information, which this program does not have. Build it with its debug information.",
        "";
    DEBUG_FILE_MISMATCH = "E0254", "a debug file does not belong to the program",
        "Debug information may be kept in a file of its own, found by the program's build id or by the name in its .gnu_debuglink section. \
         The file that was found is of another build: its build id, its checksum or its code differs. It is not used, because its addresses \
         would be wrong. Install the debug file of this very build, or remove the wrong one.",
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
