//! Call trees: which calls are roots, and which are told below them.

use super::{Line, Value};

/// A tree of calls that a recipe asks for (`graph`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Its name.
    pub name: String,
    /// The recipe's text of it, for people.
    pub words: String,
    /// The maps of the goroutines that are under a root.
    pub maps: TreeMaps,
    /// So many calls below one another are shown, the root among them; all if none.
    pub depth: Option<u64>,
    /// Whether a root is wanted is known only when it returns.
    pub is_chosen_late: bool,
    /// Goroutines that are started under a root belong to it. This is the address that the first function of each
    /// returns to.
    pub follows_go: Option<u64>,
}

/// Added to how many were told of a root if the goroutine was under another one, which is left.
pub const AFTER_ONE_THAT_WAS_LEFT: u64 = 1 << 32;

/// The function that each goroutine runs last (`src/runtime/proc.go`).
pub const LAST_OF_GOROUTINE: &str = "runtime.goexit1";

/// The function that makes each goroutine, on the system stack, and gives back its `runtime.g`
/// (`src/runtime/proc.go`).
pub const MAKER_OF_GOROUTINES: &str = "runtime.newproc1";

/// The function that the first one of each goroutine returns to, so many bytes behind its beginning
/// (`abi.FuncPCABI0(goexit) + sys.PCQuantum` in `src/runtime/proc.go`).
pub const BELOW_GOROUTINES: (&str, u64) = ("runtime.goexit", 1);

/// The maps of a tree, without `@`. Their keys are process and goroutine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeMaps {
    /// The root that the goroutine is under: its frame in the upper bits, when it began in the lower 34.
    pub root: String,
    /// Where the root returns to.
    pub returns_to: String,
    /// How many calls and returns were told of the root, for records.
    pub told: String,
    /// How many of its calls are open, for lines.
    pub open: String,
    /// The frame of each open call, by its number too.
    pub frames: String,
    /// When it began.
    pub begun: String,
}

/// Of the number of a root, how far its frame is shifted. A stack has at most 2^30 bytes (`runtime.maxstacksize`,
/// `src/runtime/proc.go`), so the frame fits above.
pub const FRAME_SHIFT: u32 = 34;

/// The time in the number of a root has units of 2^8 ns, of which two roots of one goroutine never begin in the same.
pub const TIME_SHIFT: u32 = 8;

/// A call of a tree begins or returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which of the plan's trees.
    pub tree: usize,
    /// What happens.
    pub what: Happens,
    /// Its arguments or results.
    pub line: Line,
}

/// What happens in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happens {
    /// A call begins that is a root if the goroutine is under none yet, and the condition holds.
    Root(Option<Value>),
    /// A call begins.
    Call,
    /// A call that was inlined, with what it would return to otherwise. Nothing tells when it ends.
    Inlined(u64),
    /// A call returns. Of a root, a condition may tell now whether it is wanted.
    Return(Option<Value>),
    /// The goroutine ends, which leaves all its calls.
    End,
    /// The goroutine has made another one, which is under the same root from now on.
    Start,
}

impl Happens {
    /// The condition that is looked at, if there is one.
    #[must_use]
    pub fn condition(&self) -> Option<&Value> {
        match self {
            Self::Root(condition) | Self::Return(condition) => condition.as_ref(),
            Self::Call | Self::Inlined(_) | Self::End | Self::Start => None,
        }
    }
}
