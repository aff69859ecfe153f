//! What is kept between probes: maps that nobody asked for, each with what it goes by and what it holds.

/// Where it is kept when each open call began.
pub const ENTERED: &str = "entered";

/// Where it is kept which goroutines are about to begin a call again, now with more stack.
pub const RESTARTS: &str = "restarts";

/// A map of the script's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name without `@`.
    pub name: String,
    /// What it goes by.
    pub keyed_by: Key,
    /// What it has for each.
    pub holds: Holds,
}

/// Names a [`State`] by its place in `Plan::state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub usize);

/// What something is kept for, and how the map stays bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A call: process, goroutine and frame. Forgotten when it returns; of calls that are unwound, with the oldest
    /// where the release can do that, or else they stay and further calls are counted as not kept.
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
