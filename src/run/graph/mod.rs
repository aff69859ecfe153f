//! Trees of calls, made of the records of calls that began and returned.

mod family;
mod forest;
mod growing;
pub(crate) mod summary;
#[cfg(test)]
mod tests;

use super::decode::call::{Shown, Under};
pub(crate) use forest::Forest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A root with all that was called under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CallTree {
    /// The name of the tree in the recipe.
    pub(crate) name: String,
    /// The root's goroutine and number.
    pub(crate) under: Under,
    /// The root, and each call behind the one that made it, in the order of time.
    pub(crate) calls: Vec<Call>,
    /// Records were lost, so that calls may be missing.
    pub(crate) is_missing_calls: bool,
    /// Calls that there was no room for.
    pub(crate) without_room: u64,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Call {
    /// How many calls it lies in.
    pub(crate) depth: usize,
    /// The function; none if that was lost.
    pub(crate) function: Option<Arc<str>>,
    /// Where it was called.
    pub(crate) caller: Option<Arc<CallSite>>,
    /// Nanoseconds since the machine started.
    pub(crate) begun: u64,
    /// When it returned, or when it was seen that it had ended.
    pub(crate) ended: Option<u64>,
    pub(crate) ending: Ending,
    pub(crate) arguments: Shown,
    pub(crate) results: Shown,
    /// Calls in it that are deeper than is wanted.
    pub(crate) deeper: u64,
    /// It is no call, but this goroutine: the innermost call around it started it, and what is in it was called there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) starts: Option<Under>,
}

/// A place in the source that calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallSite {
    pub(crate) function: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// It returned.
    Returned,
    /// It went on in the last of its calls, by a jump: both returned at once.
    Jumped,
    /// It was left by a panic or `runtime.Goexit`.
    Left,
    /// It had not ended when the trace did.
    Open,
    /// What came of it was lost.
    Lost,
    /// It was inlined: nothing tells when it ends.
    Inlined,
}

impl Call {
    /// What it is called in a path of calls; none if that was lost.
    pub(crate) fn name(&self) -> Option<Arc<str>> {
        match self.starts {
            Some(_) => Some(format!("go {}", self.function.as_deref().unwrap_or("?")).into()),
            None => self.function.clone(),
        }
    }

    /// How long it took, if it returned.
    pub(crate) fn time(&self) -> Option<u64> {
        let ended = self.ended?;
        matches!(self.ending, Ending::Returned | Ending::Jumped).then(|| ended.saturating_sub(self.begun))
    }
}

impl CallTree {
    /// When each call ended; where that is not known, the last that is known of it.
    pub(crate) fn ends(&self) -> Vec<u64> {
        let mut ends = vec![0; self.calls.len()];
        // The last time that is known of what lies in a call of each depth.
        let mut inside: Vec<u64> = Vec::new();
        for (call, end) in self.calls.iter().zip(&mut ends).rev() {
            let inner = inside.get(call.depth + 1).copied().unwrap_or(0);
            *end = call.ended.unwrap_or_else(|| inner.max(call.begun));
            inside.truncate(call.depth + 1);
            inside.resize(call.depth + 1, 0);
            if let Some(last) = inside.last_mut() {
                *last = (*last).max(*end);
            }
        }
        ends
    }

    /// The goroutine of each call.
    pub(crate) fn goroutines(&self) -> Vec<u64> {
        let mut path: Vec<u64> = Vec::new();
        let of_calls = self.calls.iter().map(|call| {
            path.truncate(call.depth);
            let outer = path.last().copied().unwrap_or(self.under.goroutine);
            let own = call.starts.map_or(outer, |under| under.goroutine);
            path.push(own);
            own
        });
        of_calls.collect()
    }

    pub(crate) fn root(&self) -> Option<&Call> {
        self.calls.first()
    }

    /// Of each call, how long it was not in a call that is shown; unknown if it did not return, or if the end of such a
    /// call is unknown.
    pub(crate) fn own_times(&self) -> Vec<Option<u64>> {
        let mut own: Vec<Option<u64>> = self.calls.iter().map(Call::time).collect();
        let mut path: Vec<usize> = Vec::new();
        for (at, call) in self.calls.iter().enumerate() {
            path.truncate(call.depth);
            if call.starts.is_none()
                && let Some(time) = path.last().and_then(|outer| own.get_mut(*outer))
            {
                let taken = call.ended.map(|ended| ended.saturating_sub(call.begun));
                *time = time.zip(taken).map(|(time, taken)| time.saturating_sub(taken));
            }
            path.push(at);
        }
        own
    }
}
