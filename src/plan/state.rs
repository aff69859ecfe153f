//! State that is kept between probes: maps of the script's own, each with its key and its value.

/// The map with the start time of each open call.
pub const ENTERED: &str = "entered";

/// The map of goroutines that will start a call again after their stack has grown.
pub const RESTARTS: &str = "restarts";

/// How many keys a map may hold: calls that are open at once, and keys of a result. bpftrace's own limit is 4,096.
pub const MOST_KEYS: u64 = 65536;

/// A map of the script's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name without `@`.
    pub name: String,
    /// Its key.
    pub keyed_by: Key,
    /// Its value.
    pub holds: Holds,
    /// How it stays bounded.
    pub bound: Bound,
}

/// How many entries a state may have, and how losses are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No limit is needed: keys are goroutines whose stacks grow, or probes.
    Few,
    /// At most this many. A loss is reported by another state that loses the same calls.
    Entries(u64),
    /// At most this many, and a result counts the losses.
    Counted(u64, Losses),
}

impl Bound {
    /// The most entries, if that is a number.
    #[must_use]
    pub fn entries(&self) -> Option<u64> {
        match self {
            Self::Few => None,
            Self::Entries(most) | Self::Counted(most, _) => Some(*most),
        }
    }
}

/// How losses of a full state are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Losses {
    /// The result, without `@`.
    pub result: String,
    /// Which calls are lost, if the release of bpftrace can drop the oldest.
    pub lost: Lost,
}

/// Which calls are lost if too many are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The oldest. They are counted when they return: since every call is kept, a return without an entry is a lost
    /// one.
    Oldest,
    /// The newest: they are not kept, and are counted when they begin. This is so if a condition decides which calls
    /// are kept, so that a return without an entry is normal; or if the map cannot drop its oldest entries.
    Newest,
}

impl Lost {
    /// Why calls are not timed, as a key of the result; `most` is the limit of open calls.
    #[must_use]
    pub fn why(self, most: u64) -> String {
        match self {
            Self::Oldest => format!("begun before the trace or over {most} open at once"),
            Self::Newest => format!("more than {most} were open at once"),
        }
    }
}

/// Names a [`State`] by its place in `Plan::state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub usize);

/// The key of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A call: process, goroutine and frame. Its entry is deleted when the call returns. Entries of unwound calls stay
    /// until the next call in the same frame overwrites them, or until the map drops its oldest entries.
    Call,
    /// A goroutine, until it reaches the same site again.
    Goroutine,
    /// A probe. The map is cleared every second.
    Probe,
    /// There is one value.
    Nothing,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// When the call began.
    Beginning,
    /// The frame of the call that starts again.
    Restart,
    /// A number that the recipe uses.
    Number,
    /// Text that the recipe uses, and the map that has its [`Expr::Digest`](super::Expr::Digest).
    Text(StateId),
    /// How many lines were written.
    Lines,
    /// A count or sum of all keys of a result.
    Total,
    /// The root of a call tree that the goroutine is under.
    Root,
    /// Where that root returns to.
    ReturnAddress,
    /// How many calls and returns were told of it.
    Told,
}

impl Holds {
    /// It is what the recipe keeps of a call.
    #[must_use]
    pub fn is_value(self) -> bool {
        matches!(self, Holds::Number | Holds::Text(_))
    }
}
