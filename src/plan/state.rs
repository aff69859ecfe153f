//! What is kept between probes: maps that nobody asked for, each with what it goes by and what it holds.

/// Where it is kept when each open call began.
pub const ENTERED: &str = "entered";

/// Where it is kept which goroutines are about to begin a call again, now with more stack.
pub const RESTARTS: &str = "restarts";

/// How many keys a map may hold: calls that are open at once, and keys of a result. bpftrace's own limit is 4,096.
pub const MOST_KEYS: u64 = 65536;

/// A map of the script's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name without `@`.
    pub name: String,
    /// What it goes by.
    pub keyed_by: Key,
    /// What it has for each.
    pub holds: Holds,
    /// How it stays bounded.
    pub bound: Bound,
}

/// How many entries a state has, and what is said of what does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Few by themselves: goroutines of which the stack grows, or probes.
    Few,
    /// At most so many. What is lost then was lost with something else that says so.
    Entries(u64),
    /// At most so many, and a result counts what is lost.
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

/// Where it is counted what a state has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Losses {
    /// The result, without `@`.
    pub result: String,
    /// What makes room, where the release of bpftrace can do that.
    pub lost: Lost,
}

/// What is lost of calls of which too many are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The oldest. They are counted when they return, which is told from a return without a beginning: every call is
    /// kept.
    Oldest,
    /// The newest: not kept, and counted when they begin. A condition decides which calls are kept, so a return without
    /// a beginning says nothing; or the map cannot drop what is in it.
    Newest,
}

impl Lost {
    /// Why calls are not timed, as the result says it, where so many can be open.
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

/// What something is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A call: process, goroutine and frame. Forgotten when it returns; calls that are unwound stay until they are
    /// lost.
    Call,
    /// A goroutine, until it passes the same place again.
    Goroutine,
    /// A probe. All of it is forgotten every second.
    Probe,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// When the call began.
    Beginning,
    /// Where the call begins that is begun again.
    Restart,
    /// A number of the recipe's.
    Number,
    /// Text of the recipe's, and where its [`Expr::Digest`](super::Expr::Digest) is kept.
    Text(StateId),
    /// How many lines were written.
    Lines,
}

impl Holds {
    /// It is what the recipe keeps of a call.
    #[must_use]
    pub fn is_value(self) -> bool {
        matches!(self, Holds::Number | Holds::Text(_))
    }
}
