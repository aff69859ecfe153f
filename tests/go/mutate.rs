//! Mutated programs as several Go releases build them. Those that need no Go are in `tests/plain/mutate/`.

use crate::support::mutate::{Kind, mutations};
use crate::support::suite::Suite;

/// All trials.
pub fn suite() -> Suite {
    vec![mutations(Kind::Built)].into()
}
