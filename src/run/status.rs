//! How a run stands, and how it ended.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How a run stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Status {
    /// Instructions that probes are attached to.
    pub(crate) sites: usize,
    /// Since the probes were there.
    pub(crate) elapsed: Duration,
    /// Hits in the last second, if the kernel counts them.
    pub(crate) hits_per_second: Option<f64>,
    /// The same of what the results count, by their names: lately, if somebody watches.
    #[serde(skip)]
    pub(crate) rates: Vec<(String, f64)>,
    /// Of each second, how long programs of the kernel ran because of it, all processors together, if the kernel
    /// measures that.
    pub(crate) busy: Option<Duration>,
    /// What was lost so far.
    pub(crate) lost: Losses,
}

/// What was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Losses {
    /// Records that there was no room for on their way.
    pub(crate) events: u64,
    /// Lines that a limit kept back.
    pub(crate) dropped: u64,
    /// Samples whose keys there was no room for.
    pub(crate) keys: u64,
    /// Samples whose keys two processors made at the same moment.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) made_meanwhile: u64,
    /// Calls that were not timed.
    pub(crate) calls: u64,
    /// Why, and how many each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reasons: Vec<(String, u64)>,
    /// The final results were not waited for: those that there are are older.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) untold: bool,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Losses {
    /// Nothing was lost.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What was lost, a sentence each.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut add = |count: u64, one: &str, many: &str| match count {
            0 => {}
            1 => out.push(format!("1 {one}")),
            n => out.push(format!("{n} {many}")),
        };
        add(
            self.events,
            "record was lost: the buffer was full",
            "records were lost: the buffer was full",
        );
        add(
            self.dropped,
            "line was left out by `limit`",
            "lines were left out by `limit`",
        );
        add(
            self.keys,
            "sample had a key that there was no room for",
            "samples had keys that there was no room for",
        );
        add(
            self.made_meanwhile,
            "sample was lost: two processors made its key at the same moment, which bpftrace before 0.23.3 cannot",
            "samples were lost: two processors made their keys at the same moment, which bpftrace before 0.23.3 cannot",
        );
        if self.untold {
            out.push(
                "the final results were not waited for: what stands here is older, or nothing".to_owned(),
            );
        }
        let calls = |count: u64| match count {
            1 => "1 call was not timed".to_owned(),
            n => format!("{n} calls were not timed"),
        };
        for (why, count) in &self.reasons {
            out.push(format!("{} ({why})", calls(*count)));
        }
        if self.calls > 0 && self.reasons.is_empty() {
            out.push(calls(self.calls));
        }
        out
    }
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    /// Somebody wanted it.
    Asked,
    /// The time is over.
    Time,
    /// The recipe says so.
    Recipe,
    /// The process that was traced ended.
    TargetEnded,
    /// All processes ended that ran the traced file.
    TargetsEnded,
    /// The command ended, with this code.
    CommandEnded(i32),
    /// More hits a second than are allowed.
    TooManyHits {
        /// That were seen.
        seen: u64,
        /// That are allowed.
        most: u64,
    },
    /// Somebody ended bpftrace, which told its results.
    Interrupted,
    /// bpftrace ended by itself, and said this.
    Failed(String),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) why: Why,
    pub(crate) status: Status,
}
