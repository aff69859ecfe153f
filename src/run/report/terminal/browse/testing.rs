//! Trees for tests.

use crate::run::decode::call::{Shown, Under};
use crate::run::graph::{Call, CallTree, Ending};

/// A tree of the directive `graph`, of depths, functions and times.
pub(crate) fn tree(begun: u64, calls: &[(usize, &str, u64)]) -> CallTree {
    let calls = calls.iter().map(|(depth, function, time)| Call {
        depth: *depth,
        function: Some((*function).into()),
        caller: None,
        begun,
        ended: Some(begun + time),
        ending: Ending::Returned,
        arguments: Shown::default(),
        results: Shown::default(),
        deeper: 0,
        starts: None,
    });
    CallTree {
        name: "graph".to_owned(),
        under: Under {
            process: 7,
            goroutine: 18,
            root: begun,
        },
        calls: calls.collect(),
        is_missing_calls: false,
        without_room: 0,
    }
}
