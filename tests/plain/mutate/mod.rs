//! Mutated programs and recipes, as `tests/support/mutate/` makes them, and what fuzzing left behind.

mod executable;
mod kept;

use crate::support::mutate::{Kind, all, mutations};
use crate::support::suite::Suite;
use crate::support::trial::trial;

/// All trials.
pub fn suite() -> Suite {
    vec![
        trial("kept", kept::all).alone(),
        mutations(Kind::Program),
        mutations(Kind::Recipe),
        trial("the_executable", || executable::all(if all() { 200 } else { 8 })).alone(),
    ]
    .into()
}
