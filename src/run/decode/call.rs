//! What a record tells of a call of a tree.

use super::Cell;
use crate::plan::record::TellsOf;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A call began or returned, as a record told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CallEvent {
    /// Nanoseconds since the machine started.
    pub(crate) at: u64,
    /// Which of the plan's trees.
    pub(crate) tree: usize,
    /// What happened.
    pub(crate) what: TellsOf,
    /// Which of the plan's probes.
    pub(crate) probe: usize,
    /// The root that it is under.
    pub(crate) under: Under,
    /// Which of the records of its root, from 1.
    pub(crate) nth: u64,
    /// The goroutine was under another root before, which is left.
    pub(crate) after_left: bool,
    /// Bytes of the goroutine's stack above the call.
    pub(crate) frame: u64,
    /// Of one that begins, the address that it returns to, as in the file; of a goroutine, where its maker goes on; of
    /// a root that returns, not 0 if it is wanted.
    pub(crate) last: u64,
    /// Arguments or results.
    pub(crate) shown: Shown,
    /// The goroutine that is made, or of whose tree this is the beginning.
    pub(crate) made: Option<Made>,
}

/// A goroutine that a goroutine under a root has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) under: Under,
    /// The address of its first function, as in the file.
    pub(crate) function: u64,
}

/// The root that a call is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Under {
    pub(crate) process: u32,
    pub(crate) goroutine: u64,
    /// The root's number.
    pub(crate) root: u64,
}

/// Arguments or results, as people read them and by their names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Shown {
    #[serde(with = "crate::run::text_or_bytes")]
    pub(crate) text: Vec<u8>,
    pub(crate) values: Vec<(String, Cell)>,
}

impl Shown {
    /// The values by their names, for programs.
    pub(crate) fn json(&self) -> Map<String, Json> {
        let values = self.values.iter();
        values
            .map(|(name, cell)| (name.clone(), cell.json.clone()))
            .collect()
    }
}
