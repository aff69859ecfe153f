//! Stacks: the frames that the kernel walked by frame pointers, with what such a walk misses put back, and the names of
//! all functions, inlined ones too.

use super::shown::Cell;
use super::{Context, Decoder};
use crate::plan::record::Walk;
use crate::run::show::text::base_name;
use crate::target::{CodeDepth, CodeFrame};
use serde_json::{Value as Json, json};
use std::cell::Cell as Known;

/// Whether the kernel puts the return address into stacks by itself where a probe is on the instruction that pushes the
/// frame pointer. Releases since 6.12 do, and some older ones of distributions: stacks show it.
#[derive(Debug)]
pub(crate) struct Kernel {
    by_release: bool,
    seen: Known<Option<bool>>,
}

impl Kernel {
    /// A kernel of this release.
    pub(crate) fn of_release(release: Option<(u32, u32)>) -> Self {
        Self {
            by_release: release.is_some_and(|release| release >= (6, 12)),
            seen: Known::new(None),
        }
    }

    fn adds_callers(&self) -> bool {
        self.seen.get().unwrap_or(self.by_release)
    }

    /// What stacks have shown so far.
    pub(crate) fn seen(&self) -> Option<bool> {
        self.seen.get()
    }
}

/// A frame as it is shown.
enum Frame {
    Known(CodeFrame),
    Unknown(u64),
    /// There are more, which the kernel did not walk.
    More,
    /// The kernel's table of stacks had no room for this one.
    Lost,
}

/// What leaves the goroutine's stack for a system stack.
const SWITCHES: [&str; 3] = ["runtime.mcall", "runtime.morestack", "runtime.systemstack"];

/// What stands for a stack that was lost.
const LOST: &str = "(stack lost)";

/// The kernel walks no further (`PERF_MAX_STACK_DEPTH` in `include/uapi/linux/perf_event.h`).
const LONGEST: usize = 127;

impl Decoder<'_> {
    /// A stack, one function a line.
    pub(super) fn stack(&self, walk: &Walk, context: &Context<'_>) -> Cell {
        let fields = context.fields;
        let walked = fields.stack(walk.addresses);
        let addresses = self.with_caller(walked, fields.number(walk.caller), context.base);
        let below: Vec<u64> = walk.below.iter().map(|field| fields.number(*field)).collect();
        let (addresses, is_cut) = self.with_goroutine(addresses, &below, context.base);
        let mut frames = self.frames(&addresses, context.base);
        if walked.is_empty() {
            frames.push(Frame::Lost);
        }
        let is_end =
            |frame: &Frame| matches!(frame, Frame::Known(known) if known.function == "runtime.goexit");
        let has_end = frames.last().is_some_and(is_end);
        if has_end && frames.len() > 1 {
            frames.pop();
        }
        if let Some(most) = walk.most.and_then(|most| usize::try_from(most).ok()) {
            frames.truncate(most);
        } else if (is_cut || walked.len() >= LONGEST) && !has_end {
            frames.push(Frame::More);
        }
        let mut text = String::from("\n");
        let mut all = Vec::new();
        for frame in frames {
            let (line, object) = match frame {
                Frame::Known(frame) => (shown(&frame), object(&frame)),
                Frame::Unknown(address) => {
                    let address = format!("{address:#x}");
                    (address.clone(), json!({ "address": address }))
                }
                Frame::Lost => (LOST.to_owned(), json!({ "lost": true })),
                Frame::More => ("…".to_owned(), json!({ "more": true })),
            };
            text.push_str(&format!("        {line}\n"));
            all.push(object);
        }
        let created = walk.created.map(|field| fields.number(field));
        if let Some(frame) = created.and_then(|at| self.creation(at, context.base)) {
            text.push_str(&format!("        created by {}\n", shown(&frame)));
            let mut object = object(&frame);
            if let Json::Object(object) = &mut object {
                object.insert("created".to_owned(), Json::Bool(true));
            }
            all.push(object);
        }
        Cell::new(text, Json::Array(all))
    }

    /// The addresses with that of the caller, which a walk by frame pointers passes over where the function has no
    /// frame (yet, or any more).
    fn with_caller(&self, walked: &[u64], caller: u64, base: u64) -> Vec<u64> {
        let mut all = walked.to_vec();
        let Some(site) = walked.first() else {
            return all;
        };
        let depth = self.names.depth(site.wrapping_sub(base));
        let Some(CodeDepth {
            bytes: 0,
            pushes_frame,
        }) = depth
        else {
            return all;
        };
        if caller == 0 {
            return all;
        }
        let second = walked.get(1).copied();
        if pushes_frame && let Some(second) = second {
            // What calls itself may be the caller of its caller as well.
            let is_other =
                || self.function_at(site.wrapping_sub(base)) != self.function_at(before(caller, base));
            if second != caller {
                self.kernel.seen.set(Some(false));
            } else if self.kernel.seen().is_none() && is_other() {
                self.kernel.seen.set(Some(true));
            }
        }
        if !(pushes_frame && self.kernel.adds_callers() && second == Some(caller)) {
            all.insert(1, caller);
        }
        all
    }

    /// The addresses with those of the goroutine below a system stack: what `mcall` and `morestack` leave of it the
    /// walk does not reach since Go 1.21, and before it passes over those that call them without a frame. True if there
    /// may be more than was read of it.
    fn with_goroutine(&self, mut all: Vec<u64>, below: &[u64], base: u64) -> (Vec<u64>, bool) {
        let [goes_on, at_stack, callers @ ..] = below else {
            return (all, false);
        };
        let is = |address: &u64, names: &[&str]| {
            let function = self.function_at(before(*address, base));
            function.is_some_and(|function| names.contains(&function.as_str()))
        };
        let Some(at) = all.iter().skip(1).position(|address| is(address, &SWITCHES)) else {
            return (all, false);
        };
        let switch = at + 1;
        let Some(address) = all.get(switch).copied().filter(|_| *goes_on != 0) else {
            return (all, false);
        };
        let missed: &[u64] = if is(&address, &["runtime.mcall"]) {
            &[*goes_on]
        } else if is(&address, &["runtime.morestack"]) {
            // A function that begins again has no frame yet.
            &[*goes_on, *at_stack]
        } else {
            let depth = self.names.depth(before(address, base));
            let is_frameless = depth.is_some_and(|depth| depth.bytes == 0);
            if is_frameless { &[*at_stack] } else { &[] }
        };
        let is_last = all.len() == switch + 1;
        if all.get(switch + 1) != missed.first() {
            all.splice(switch + 1..switch + 1, missed.iter().copied());
        }
        let walks_on = is_last && !missed.is_empty();
        if walks_on {
            all.extend(callers.iter().take_while(|caller| **caller != 0));
        }
        let is_cut = walks_on && callers.last().is_some_and(|caller| *caller != 0);
        (all, is_cut)
    }

    /// The function that has the code at an address.
    fn function_at(&self, address: u64) -> Option<String> {
        self.names
            .frames(address)
            .last()
            .map(|frame| frame.function.clone())
    }

    /// The frames of addresses as the run time's stack traces have them (`tracebackPCs` in `src/runtime/traceback.go`):
    /// without the functions that the compiler made to call others.
    fn frames(&self, addresses: &[u64], base: u64) -> Vec<Frame> {
        let mut frames = Vec::new();
        // What the frame before this one is of.
        let mut called = String::new();
        for (depth, address) in addresses.iter().enumerate() {
            let is_exact = depth == 0 || is_injected(&called);
            // What begins again has no frame yet; its caller was put back.
            let begins_again = called == "runtime.morestack";
            let linked = if is_exact {
                address.wrapping_sub(base)
            } else {
                before(*address, base)
            };
            let here = self.names.frames(linked);
            if here.is_empty() {
                frames.push(Frame::Unknown(*address));
                called.clear();
                continue;
            }
            let own;
            let here: &[CodeFrame] = if depth == 0 {
                own = self.traced(linked, &here);
                &own
            } else {
                &here
            };
            for frame in here {
                if depth == 0 || !frame.wrapper || is_panic(&called) {
                    frames.push(Frame::Known(frame.clone()));
                }
                called.clone_from(&frame.function);
            }
            let is_last = depth + 1 == addresses.len();
            if depth > 0 && !is_last && !is_exact && !begins_again && self.hides_its_caller(linked, &called) {
                frames.push(Frame::More);
            }
        }
        frames
    }

    /// The function that a call at this address is of has no frame, so that the walk passes over its caller: before Go
    /// 1.21 those marked `//go:nosplit` that have no variables.
    fn hides_its_caller(&self, call: u64, function: &str) -> bool {
        let depth = self.names.depth(call);
        depth.is_some_and(|depth| depth.bytes == 0) && !SWITCHES.contains(&function)
    }

    /// The functions that a site is traced for, out of those that its instruction belongs to: that may be of something
    /// that was inlined at the function's beginning, and the first instruction of something inlined may be of what is
    /// around it.
    fn traced(&self, site: u64, here: &[CodeFrame]) -> Vec<CodeFrame> {
        let probes = self.sites.get(&site).into_iter().flatten();
        let functions: Vec<_> = probes
            .filter_map(|probe| self.plan.function_of(self.plan.probes.get(*probe)?))
            .collect();
        let is_traced = |frame: &CodeFrame| functions.iter().any(|f| f.name == frame.function);
        match (here.iter().position(is_traced), functions.first()) {
            (Some(first), _) => here.iter().skip(first).cloned().collect(),
            (None, None) => here.to_vec(),
            (None, Some(function)) => {
                let inlined = CodeFrame {
                    function: function.name.clone(),
                    line: None,
                    inlined: true,
                    wrapper: false,
                };
                let around = here.iter().filter(|frame| !frame.inlined).cloned();
                [inlined].into_iter().chain(around).collect()
            }
        }
    }

    /// Where the `go` statement of a goroutine is.
    fn creation(&self, address: u64, base: u64) -> Option<CodeFrame> {
        if address == 0 {
            return None;
        }
        let frames = self.names.frames(before(address, base));
        let frame = frames.first()?.clone();
        // The program's first goroutine is created by assembly, which reaches `runtime.newproc` through a wrapper.
        (!["runtime.rt0_go", "runtime.newproc"].contains(&frame.function.as_str())).then_some(frame)
    }

    /// A function by its address.
    pub(super) fn code(&self, address: u64, base: u64, is_return: bool) -> Cell {
        if address == 0 {
            return Cell::nil();
        }
        let linked = if is_return {
            before(address, base)
        } else {
            address.wrapping_sub(base)
        };
        let frames = self.names.frames(linked);
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            return Cell::new(format!("{address:#x}"), json!(format!("{address:#x}")));
        };
        // A function's address is that function, whatever is inlined at its beginning.
        let shown = if is_return { first } else { last };
        let mut place = shown
            .line
            .as_ref()
            .map(|(file, line)| format!("{}:{line}", base_name(file)));
        let mut object = object(shown);
        if shown.inlined {
            place = Some(match place {
                Some(place) => format!("{place}, in {}", last.function),
                None => format!("in {}", last.function),
            });
            if let Json::Object(object) = &mut object {
                object.insert("inlined_into".to_owned(), json!(last.function));
            }
        }
        let text = match place {
            Some(place) => format!("{} ({place})", shown.function),
            None => shown.function.clone(),
        };
        Cell::new(text, object)
    }
}

/// The call before a return address, as linked: behind it another function, or another line, may begin.
fn before(address: u64, base: u64) -> u64 {
    address.wrapping_sub(base).wrapping_sub(1)
}

/// The run time makes it look as if the interrupted instruction had called this function: what it returns to is that
/// instruction, not the one behind a call.
fn is_injected(function: &str) -> bool {
    ["runtime.sigpanic", "runtime.asyncPreempt", "runtime.debugCallV2"].contains(&function)
}

/// A wrapper that called this one is to blame for the panic, and stays (`elideWrapperCalling`).
fn is_panic(function: &str) -> bool {
    ["runtime.gopanic", "runtime.sigpanic", "runtime.panicwrap"].contains(&function)
}

/// A frame in a line.
fn shown(frame: &CodeFrame) -> String {
    let mut text = frame.function.clone();
    if let Some((file, line)) = &frame.line {
        text.push_str(&format!(" {}:{line}", base_name(file)));
    }
    if frame.inlined {
        text.push_str(" (inlined)");
    }
    text
}

fn object(frame: &CodeFrame) -> Json {
    let mut object = json!({
        "function": frame.function,
        "file": frame.line.as_ref().map(|(file, _)| file),
        "line": frame.line.as_ref().map(|(_, line)| line),
    });
    if let Json::Object(object) = &mut object
        && frame.inlined
    {
        object.insert("inlined".to_owned(), Json::Bool(true));
    }
    object
}
