//! The calls of a root, or of a goroutine that was started, while it has not ended: they lie in each other like their
//! frames.

use super::{Call, Ending};
use crate::run::decode::call::{CallEvent, Shown};
use std::collections::BTreeMap;
use std::time::Instant;

/// A root that has not ended.
#[derive(Default)]
pub(super) struct Growing {
    pub(super) calls: Vec<Call>,
    /// The calls that are open, the root first.
    pub(super) path: Vec<Frame>,
    /// How many of its records were taken in.
    pub(super) nth: u64,
    /// Records that came before others that belong before them.
    pub(super) early: BTreeMap<u64, CallEvent>,
    /// Since when it waits for records.
    pub(super) waits: Option<Instant>,
    /// Another root of the goroutine began then.
    pub(super) followed: Option<Followed>,
    pub(super) is_missing_calls: bool,
    pub(super) without_room: u64,
    /// There was no room for a call, so those that it made would not be where they belong.
    pub(super) is_full: bool,
    /// Of a goroutine that a root started, how many calls it lies in.
    pub(super) lies_in: Option<usize>,
}

/// What is known of the root that followed on another one.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    pub(super) at: u64,
    /// When that was noticed.
    pub(super) since: Instant,
    /// The one before was left.
    pub(super) after_left: bool,
}

/// A call that is open.
pub(super) struct Frame {
    /// Its place among the calls.
    pub(super) at: usize,
    /// Bytes of the goroutine's stack above it.
    pub(super) frame: u64,
    pub(super) returns_to: u64,
    pub(super) function: Option<usize>,
}

impl Growing {
    /// A call begins.
    pub(super) fn begin(&mut self, mut call: Call, frame: u64, returns_to: u64, function: Option<usize>) {
        call.depth = self.path.len();
        self.path.push(Frame {
            at: self.calls.len(),
            frame,
            returns_to,
            function,
        });
        self.calls.push(call);
    }

    /// The innermost call, if it is not the root.
    pub(super) fn innermost(&self) -> Option<&Frame> {
        if self.path.len() > 1 {
            self.path.last()
        } else {
            None
        }
    }

    /// What nothing is put into: a goroutine that was started, or a call that was inlined.
    pub(super) fn leaf(&mut self, mut call: Call) {
        call.depth = self.path.len();
        self.calls.push(call);
    }

    /// How many calls the next one lies in.
    pub(super) fn depth(&self) -> usize {
        self.lies_in.unwrap_or(0) + self.path.len()
    }

    /// The innermost call is as deep as is wanted, and so has one more that is not shown.
    pub(super) fn deeper(&mut self) {
        let last = self.path.last().map(|last| last.at);
        if let Some(outer) = last.and_then(|at| self.calls.get_mut(at)) {
            outer.deeper += 1;
        }
    }

    /// Ends the innermost call.
    pub(super) fn end_innermost(&mut self, ending: Ending, at: Option<u64>) {
        if let Some(frame) = self.path.pop()
            && let Some(call) = self.calls.get_mut(frame.at)
        {
            call.ending = ending;
            call.ended = at;
        }
    }

    /// Ends calls that are inside of a frame: they were left.
    pub(super) fn leave_inside(&mut self, frame: u64, at: u64) {
        while self.innermost().is_some_and(|last| last.frame > frame) {
            self.end_innermost(Ending::Left, Some(at));
        }
    }

    /// Records before this one are missing: nothing is known of calls that are open, but that they are in the root.
    pub(super) fn check_order(&mut self, nth: u64) {
        if nth != self.nth + 1 {
            while self.innermost().is_some() {
                self.end_innermost(Ending::Lost, None);
            }
            self.is_missing_calls = true;
        }
        self.nth = nth;
    }

    /// The call that begins goes on in the frame of the innermost one, which jumped to it; or that one has ended.
    pub(super) fn enter_frame(&mut self, frame: u64, returns_to: u64, at: u64) {
        let is_left = |last: &Frame| last.frame == frame && last.returns_to != returns_to;
        if self.innermost().is_some_and(is_left) {
            self.end_innermost(Ending::Left, Some(at));
        }
    }

    /// A function returns from a frame. What else is in the frame jumped to it. The results are given back if the
    /// call is not found in the frame, or is the root.
    pub(super) fn leave_frame(
        &mut self,
        frame: u64,
        function: usize,
        at: u64,
        results: Shown,
    ) -> Option<Shown> {
        let mut results = Some(results);
        while let Some(last) = self.innermost().filter(|last| last.frame == frame) {
            let (at_call, is_of_function) = (last.at, last.function == Some(function));
            let ending = if is_of_function && results.is_some() {
                if let Some(call) = self.calls.get_mut(at_call) {
                    call.results = results.take().unwrap_or_default();
                }
                Ending::Returned
            } else {
                Ending::Jumped
            };
            self.end_innermost(ending, Some(at));
        }
        results
    }

    /// Ends all calls.
    pub(super) fn end(&mut self, ending: Ending, at: Option<u64>) {
        let of_inner = match ending {
            Ending::Returned | Ending::Jumped => Ending::Left,
            other => other,
        };
        while self.innermost().is_some() {
            self.end_innermost(of_inner, at);
        }
        self.end_innermost(ending, at);
    }
}
