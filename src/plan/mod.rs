//! The plan: what a script does at which address. All names are resolved, and all mistakes of the user were reported
//! before.

pub mod error;
pub mod event;
pub mod format;
pub mod look;
pub mod output;
pub mod print;
pub mod record;
pub mod state;
pub mod tree;
pub(crate) mod trial;
pub mod walk;

pub use error::{
    Bounds, Digits, ErrorPiece, ErrorPieces, ErrorShape, ErrorTest, KnownError, NumberAt, Written,
};
pub use event::{Event, EventKind};
pub use output::{CALLS_NOT_TIMED, Column, Line, Output, Shape, Subject, TimeUnit, Unit};
pub use state::{Bound, State, StateId};
pub use tree::{Happens, Told, Tree};

use crate::gotype::abi::{Register, Slot};
use crate::target::attach::Numbers;
use crate::target::fingerprint::Fingerprint;
use crate::target::{Guard, Identity, Runtime, Site, ThreadLocal};
use std::collections::BTreeSet;

/// Everything a script needs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The recipe's name.
    pub recipe: String,
    /// The path of the script, as a user would name it.
    pub script: String,
    /// The recipe's own lines, comments and blank lines left out, for the header.
    pub summary: Vec<String>,
    /// The program.
    pub identity: Identity,
    /// Facts of the program's run time, if any probe needs the goroutine.
    pub runtime: Option<Runtime>,
    /// How each site's address is written for bpftrace.
    pub numbers: Numbers,
    /// The parts of this build of the program that the script relies on.
    pub relies_on: Fingerprint,
    /// Only this process is traced.
    pub pid: Option<u32>,
    /// The traced functions, in the order in which the recipe names them.
    pub functions: Vec<Function>,
    /// The probes, in the order of the functions; timers last.
    pub probes: Vec<Probe>,
    /// The maps a user sees, in the order of the recipe.
    pub results: Vec<Output>,
    /// What is kept between probes.
    pub state: Vec<State>,
    /// Trees of calls, in the order of the recipe.
    pub trees: Vec<Tree>,
    /// Top-level `raw` blocks.
    pub raw: Vec<String>,
    /// Error types whose messages can be read, found in this program.
    pub errors: Vec<KnownError>,
    /// Go's texts of errno numbers, by number.
    pub errno_texts: Vec<String>,
    /// Address of the run time's table of small numbers, which values below 256 in interfaces point into.
    pub small_numbers: Option<u64>,
    /// Addresses that the loader decides: the link-time address in the file, and the word that the loader writes the
    /// real one into.
    pub bound: std::collections::BTreeMap<u64, u64>,
    /// Names of dynamic types, by the address of their descriptor or itab.
    pub type_names: std::collections::BTreeMap<u64, String>,
    /// True if shown interfaces may hold types that are not in `type_names`.
    pub more_types: bool,
}

impl Value {
    /// True of text that is or was read from memory.
    #[must_use]
    pub fn is_read_as_text(&self) -> bool {
        matches!(
            self,
            Self::Text { .. } | Self::Slice { .. } | Self::Known(Known::AtEntry(_))
        )
    }
}

impl Function {
    /// The maps that something is kept in, in their order.
    #[must_use]
    pub fn kept_in(&self) -> Vec<StateId> {
        let mut ids: Vec<StateId> = self.kept.iter().map(|(_, id)| *id).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The map that has this value of a call from its entry.
    #[must_use]
    pub fn keeps(&self, at_entry: &AtEntry) -> Option<StateId> {
        let found = self.kept.iter().find(|(value, _)| *value == *at_entry.value);
        found.map(|(_, id)| *id)
    }
}

impl Plan {
    /// The function of a probe, if it is of one.
    #[must_use]
    pub fn function_of(&self, probe: &Probe) -> Option<&Function> {
        self.functions.get(probe.event.function()?)
    }

    /// The maps of this sort, in order.
    pub fn states(&self, is_meant: impl Fn(state::Holds) -> bool) -> impl Iterator<Item = &State> {
        self.state.iter().filter(move |state| is_meant(state.holds))
    }

    /// Every result that bpftrace may print: those of the recipe, and the count of calls that were not timed.
    #[must_use]
    pub fn all_results(&self) -> Vec<Output> {
        let mut all = self.results.clone();
        for state in &self.state {
            if let Bound::Counted(_, losses) = &state.bound {
                all.push(Output {
                    columns: vec![Column::new("why", "string", format::Format::String)],
                    ..Output::new(losses.result.clone(), Subject::CallsNotTimed, Unit::Calls)
                });
            }
        }
        all
    }

    /// The result for keys whose text was not read whole, beside the result `name`.
    #[must_use]
    pub fn not_whole(&self, name: &str) -> Option<&str> {
        let result = self.results.iter().find(|result| result.name == name)?;
        result.not_whole.as_deref()
    }
}

/// An event, its site, and the steps at it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What happens.
    pub event: Event,
    /// The site in the program; none for events of time.
    pub sites: Vec<Site>,
    /// Which executions of the site's instruction count.
    pub guard: Guard,
    /// The function checks its stack, and the site is behind (or on the jump of) that check.
    pub checked: bool,
    /// What is done.
    pub steps: Vec<Step>,
}

/// A traced function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Go's name.
    pub name: String,
    /// It belongs to the run time's package, so it may run on g0, without a user's goroutine.
    pub on_system_stack: bool,
    /// Where the goroutine is found.
    pub goroutine: GoroutineSource,
    /// Link-time address of the first byte.
    pub address: u64,
    /// Signature and places, for the comment above the probe; one line each.
    pub signature: Vec<String>,
    /// Names for variables that hold words of arguments, by register or stack slot.
    pub argument_words: Vec<(Slot, String)>,
    /// Names for variables that hold words of results, likewise.
    pub result_words: Vec<(Slot, String)>,
    /// Source file and line.
    pub declared: Option<(String, u32)>,
    /// Returns are paired with entries: the time of entry is kept.
    pub paired: bool,
    /// Where its probes are the stack pointer points at what it returns to.
    pub has_return_address: bool,
    /// What is kept from entry to return, and where.
    pub kept: Vec<(Value, StateId)>,
    /// The kept values that are addresses of memory that is read at the return. Such an address may be in the
    /// goroutine's stack, which may have moved by then.
    pub addresses: BTreeSet<StateId>,
}

/// Where a probe finds `runtime.g`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoroutineSource {
    /// In its own register, in code that follows Go's internal ABI, or has loaded it.
    Register,
    /// In a thread-local variable, for assembly.
    ThreadLocal(ThreadLocal),
    /// Nobody knows where the threads keep it; nothing needs it.
    Unknown,
}

/// One thing that is done at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Keep a value until the call returns.
    Keep(StateId, Value),
    /// Add to a result.
    Aggregate {
        /// Which map, without `@`.
        map: String,
        /// How.
        how: Aggregation,
        /// The keys.
        keys: Vec<Value>,
        /// The recipe's text of the value, if a value is aggregated.
        value: Option<Column>,
        /// The recipe's text of the keys.
        columns: Vec<Column>,
    },
    /// Add 1 or a number to a state that holds a total.
    AddTo(String, Option<Value>),
    /// Write a line.
    Print(Line, Option<Limit>),
    /// Tell of a call of a tree.
    Tell(Told),
    /// Do some steps only when a condition holds.
    If(Value, Vec<Step>, Vec<Step>),
    /// Text passed through; holes are already expressions.
    Raw(Vec<RawPart>),
    /// Remember that a call began (`@entered`).
    Enter,
    /// Forget it again: the recipe does not want this call.
    Skip,
    /// A line for a person who edits the script.
    Remark(String),
    /// Write the time of day.
    TimeOfDay,
    /// Print a result.
    Show(String),
    /// Empty a result.
    Clear(String),
    /// End the script.
    Stop,
}

/// At most this many lines a second, per probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Lines per second.
    pub per_second: u64,
    /// The map that counts the lines of this second.
    pub lines: String,
    /// The map that counts what was dropped.
    pub dropped: String,
}

/// A part of `raw` text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawPart {
    /// As written.
    Text(String),
    /// The value of a hole.
    Value(Value),
}

/// A part of a printed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Characters.
    Text(String),
    /// A value, shown in a way.
    Shown(Value, crate::plan::format::Format),
    /// The time of day.
    Clock,
    /// The first parts if the value is not nil, the second ones if it is.
    Unless(Value, Vec<Part>, Vec<Part>),
    /// A pointer to something small: `nil`, or what it points at.
    Pointee(Value, Vec<Part>),
    /// The first elements of a slice, as many as there are: its length, then the parts of each element.
    Elements {
        /// Number of elements.
        len: Value,
        /// One entry per element that can be shown.
        each: Vec<Vec<Part>>,
        /// There may be more than these.
        open_ended: bool,
    },
    /// All elements of a slice or array, for a record: as many as are read.
    Each(Each),
    /// Values that are put together when a record is read.
    Composed(Composed, Vec<Value>),
}

/// What some values are put together to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composed {
    /// A complex number: both parts.
    Complex,
    /// `netip.Addr`: both halves, what is 0 if it is none, whether it is of version 6, the zone.
    Addr,
    /// `netip.AddrPort`: the same, and the port.
    AddrPort,
    /// `netip.Prefix`: the same, and the number of bits and one; 0 if it is none.
    Prefix,
    /// `net.IPNet`: address and mask.
    Network,
    /// `net.TCPAddr` and `net.UDPAddr`: address, zone, port.
    Endpoint,
    /// `net.IPAddr`: address and zone.
    Host,
    /// `url.URL`: scheme, what is opaque, host, path, raw path, raw query, fragment, raw fragment, whether there is a
    /// query though it is empty; the user's name, password, and whether there is one; whether an empty host is left
    /// out, if this build has that.
    Url,
}

/// The elements of a list, all of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    /// The list: a slice, or an array that is given by its bytes.
    pub list: Value,
    /// Number of elements of an array.
    pub fixed: Option<u64>,
    /// Bytes of one element.
    pub size: u64,
    /// What is shown of the one at [`Expr::Element`] of this level; nothing where only their number is.
    pub element: Vec<Part>,
    /// So many lists are around this one.
    pub level: usize,
    /// What is shown of each of the first ones, by its own address: of all of a short array, and for releases that
    /// cannot do the same for each.
    pub first: Vec<Vec<Part>>,
}

/// How a value is aggregated in a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// `count()`
    Count,
    /// `sum(v)`
    Sum(Value),
    /// `min(v)`
    Min(Value),
    /// `max(v)`
    Max(Value),
    /// `avg(v)`
    Avg(Value),
    /// `stats(v)`
    Stats(Value),
    /// `hist(v)`
    Hist(Value),
    /// `hist(v, 5)`: fine enough to tell percentiles from.
    Percentiles(Value),
    /// `lhist(v, low, high, step)`
    Linear(Value, i64, i64, i64),
}

/// A typed value: what `analyze` made of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number in 64 bits.
    Number(Number),
    /// Text in the target's memory.
    Text {
        /// Address of its bytes.
        data: Box<Expr>,
        /// How many.
        len: Box<Expr>,
    },
    /// Text that was copied on entry, or is known when compiling.
    Known(Known),
    /// A slice.
    Slice {
        /// Address of the elements.
        data: Box<Expr>,
        /// How many.
        len: Box<Expr>,
        /// The elements are bytes.
        bytes: bool,
    },
    /// An array of bytes: its address, or its pieces.
    Bytes {
        /// Where it is.
        data: Box<Expr>,
        /// How many.
        len: u64,
    },
    /// An interface.
    Interface {
        /// Its first word: itab, or type for an interface without methods.
        tab: Box<Expr>,
        /// Its second word.
        data: Box<Expr>,
        /// The first word is an itab.
        methods: bool,
        /// The interface's type, as the target knows it.
        ty: crate::gotype::TypeRef,
    },
    /// The name of an interface's dynamic type.
    TypeOf(Box<Value>),
    /// `time.Time`.
    Time {
        /// `wall`
        wall: Box<Expr>,
        /// `ext`
        ext: Box<Expr>,
    },
    /// A stack: `ustack(N)`.
    Stack(Option<u64>),
    /// An address in code, shown by symbol.
    Code(Box<Expr>),
    /// `comm`.
    Comm,
}

/// A number and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value, widened to 64 bits.
    pub expr: Expr,
    /// It may be negative.
    pub signed: bool,
    /// What it counts.
    pub kind: NumberKind,
}

/// What a number means, which decides how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// Just a number.
    Plain,
    /// True or false.
    Bool,
    /// Nanoseconds.
    Duration,
    /// An address.
    Pointer,
    /// The bits of a `float32` or `float64`, with its size in bytes.
    Float(u64),
}

/// Text that is not in the target's memory (any more).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A constant.
    Constant(String),
    /// As it was when the call began.
    AtEntry(AtEntry),
}

/// A number or text as it was when the call began, for when it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtEntry {
    /// What it is where the call begins.
    pub value: Box<Value>,
    /// What the recipe calls it.
    pub name: String,
}

impl AtEntry {
    /// This value, by a name.
    #[must_use]
    pub fn new(value: Value, name: &str) -> Self {
        AtEntry {
            value: Box::new(value),
            name: name.to_owned(),
        }
    }
}

impl Value {
    /// A number without a sign that is nothing but a number.
    #[must_use]
    pub fn plain(expr: Expr) -> Self {
        Value::Number(Number {
            expr,
            signed: false,
            kind: NumberKind::Plain,
        })
    }

    /// The number that it is, if that is known.
    #[must_use]
    pub fn constant(&self) -> Option<i128> {
        match self {
            Value::Number(Number {
                expr: Expr::Int(number),
                ..
            }) => Some(*number),
            _ => None,
        }
    }

    /// Something that is true or false.
    #[must_use]
    pub fn truth(expr: Expr) -> Self {
        Value::Number(Number {
            expr,
            signed: false,
            kind: NumberKind::Bool,
        })
    }
}

impl Expr {
    /// `a op b` of numbers without a sign.
    #[must_use]
    pub fn op(op: Op, a: Expr, b: Expr) -> Self {
        Expr::Binary {
            op,
            a: Box::new(a),
            b: Box::new(b),
            signed: false,
        }
    }

    /// `base + bytes`
    #[must_use]
    pub fn plus(self, bytes: u64) -> Self {
        if bytes == 0 {
            return self;
        }
        Expr::op(Op::Add, self, Expr::Int(i128::from(bytes)))
    }

    /// The word of `size` bytes at `base + offset`.
    #[must_use]
    pub fn load(base: Expr, offset: u64, size: u64) -> Self {
        Expr::Load(Box::new(Load {
            base,
            object: None,
            offset,
            size,
            signed: false,
        }))
    }

    /// `then` if the condition holds, else 0.
    #[must_use]
    pub fn only_if(condition: Expr, then: Expr) -> Self {
        Expr::Choose(Box::new(condition), Box::new(then), Box::new(Expr::Int(0)))
    }
}

/// An expression that computes a number when a step runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A constant.
    Int(i128),
    /// A link-time address; moved to where the program is loaded.
    Address(u64),
    /// An argument or result register, all 64 bits.
    Register(Register),
    /// The stack pointer.
    StackPointer,
    /// The closure object, from the context's register.
    Context,
    /// The address of the element that is looked at, of the list that so many lists are around.
    Element(usize),
    /// A number as it was when the call began.
    AtEntry(AtEntry),
    /// A number read from memory.
    Load(Box<Load>),
    /// The low bytes of a wider value, with the sign spread if it has one.
    Narrow {
        /// The value.
        of: Box<Expr>,
        /// How many bytes count: 1, 2 or 4.
        size: u64,
        /// Whether the top bit is a sign.
        signed: bool,
    },
    /// `a op b`; operands and result have the same signedness.
    Binary {
        /// The operator.
        op: Op,
        /// Left.
        a: Box<Expr>,
        /// Right.
        b: Box<Expr>,
        /// Numbers may be negative.
        signed: bool,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `^x` in Go
    Complement(Box<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `c ? a : b`
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Two texts are the same: address, length, constant.
    TextIs(Box<Expr>, Box<Expr>, String),
    /// 0 for text at this address, of this length, that can be read whole; of other text a number that tells it from
    /// others.
    Digest(Box<Expr>, Box<Expr>),
    /// Text that was copied is this constant.
    KnownIs(Known, String),
    /// True for one call of so many, by chance; `by` tells the sample from others of the same probe.
    Chosen {
        /// Of how many.
        one_of: u64,
        /// Which sample it is.
        by: usize,
    },
    /// Nanoseconds since the call began.
    Elapsed,
    /// `goid`.
    Goroutine,
    /// `parentGoid`.
    Parent,
    /// Process id.
    Process,
    /// Thread id.
    Thread,
    /// Processor.
    Cpu,
    /// The address this call returns to.
    ReturnAddress,
    /// The count or sum in a map without keys, with a sign.
    Total(String),
}

/// A read of the target's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Address of the object.
    pub base: Expr,
    /// What the object is, if it is a struct with names: it is then shown as `base->path`.
    pub object: Option<Object>,
    /// Bytes from the object's beginning.
    pub offset: u64,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u64,
    /// The top bit is a sign.
    pub signed: bool,
}

/// A struct in memory and the way to one of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The Go type's name.
    pub name: String,
    /// Fields from the outermost in: name, offset in the one before.
    pub path: Vec<PathStep>,
}

/// One step of a path through structs that lie in one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The field.
    pub field: String,
    /// Bytes from the beginning of the struct that holds it.
    pub offset: u64,
    /// The field's size in bytes.
    pub size: u64,
    /// Go name of the field's own type, when it is a struct that the path goes on into.
    pub inner: Option<String>,
}

/// Operators on numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it does")]
pub enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Both,
    Either,
}
