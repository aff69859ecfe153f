//! Code for tests: bytes become the body of a function.

use super::Listing;
use super::sites::Body;
use crate::arch::{Code, Processor};

/// Where it begins.
pub(super) const START: u64 = 0x1000;

/// Asks for something about the body that these bytes are.
pub(super) fn of_body<T>(bytes: &[u8], ask: impl FnOnce(&Body<'_>) -> T) -> T {
    let mut listing = Listing::default();
    listing.decode(Processor::Amd64, bytes, START, false).unwrap();
    ask(&Body {
        processor: Processor::Amd64,
        code: Code {
            instructions: &listing.instructions,
            bytes,
            address: START,
        },
    })
}

/// A jump so many bytes further.
pub(super) fn jmp(distance: i8) -> [u8; 2] {
    [0xeb, distance.cast_unsigned()]
}
