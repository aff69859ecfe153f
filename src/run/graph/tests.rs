//! Trees that are made of records in any order, whole or not.

use super::summary::Summing;
use super::{CallTree, Ending, Forest};
use crate::plan::EventKind;
use crate::plan::record::TellsOf;
use crate::plan::tree::FRAME_SHIFT;
use crate::run::decode::Decoder;
use crate::run::decode::call::{CallEvent, Made, Shown, Under};
use crate::run::decode::tests::{decoder, recorded};

const RECIPE: &str = "graph main.take into main.*";

/// Frames of the root and of what it calls, by how deep they are.
const FRAMES: [u64; 4] = [0x100, 0x200, 0x300, 0x400];

/// Records of one root, or of a goroutine that it started.
struct Records<'d, 'a> {
    decoder: &'d Decoder<'a>,
    goroutine: u64,
    root: u64,
    at: u64,
    nth: u64,
}

impl<'d, 'a> Records<'d, 'a> {
    fn of(decoder: &'d Decoder<'a>, begun: u64) -> Self {
        Self {
            decoder,
            goroutine: 7,
            root: FRAMES[0] << FRAME_SHIFT | begun >> 8,
            at: begun,
            nth: 0,
        }
    }

    fn record(&mut self, what: TellsOf, function: &str, depth: usize, last: u64) -> CallEvent {
        let kind = match what {
            TellsOf::Begin => EventKind::Entry,
            _ => EventKind::Return,
        };
        let plan = self.decoder.plan;
        let is_meant = |probe: &crate::plan::Probe| {
            let name = plan.function_of(probe).map(|function| function.name.as_str());
            name == Some(function) && probe.event.kind() == kind
        };
        self.at += 1000;
        self.nth += 1;
        CallEvent {
            at: self.at,
            tree: 0,
            what,
            probe: plan.probes.iter().position(is_meant).unwrap(),
            under: Under {
                process: 1,
                goroutine: self.goroutine,
                root: self.root,
            },
            nth: self.nth,
            after_left: false,
            frame: FRAMES[depth],
            last,
            shown: Shown::default(),
            made: None,
        }
    }

    /// The goroutine makes another one, and its records.
    fn start(&mut self, goroutine: u64) -> (CallEvent, Self) {
        let at = self.at + 1000;
        let started = Self {
            decoder: self.decoder,
            goroutine,
            root: FRAMES[0] << FRAME_SHIFT | at >> 8,
            at,
            nth: 1,
        };
        let mut event = self.record(TellsOf::Start, "runtime.newproc1", 3, 0);
        let under = Under {
            process: 1,
            goroutine,
            root: started.root,
        };
        event.made = Some(Made {
            under,
            function: 0x1000,
        });
        (event, started)
    }

    fn begin(&mut self, function: &str, depth: usize) -> CallEvent {
        self.record(TellsOf::Begin, function, depth, 0x1000 + depth as u64)
    }

    fn end(&mut self, function: &str, depth: usize) -> CallEvent {
        self.record(TellsOf::Return, function, depth, 1)
    }
}

/// `take:2000(put:1000)`, with how a call ended where it did not return.
fn drawn(tree: &CallTree) -> String {
    let mut out = String::new();
    for call in &tree.calls {
        let end = match (call.ending, call.time()) {
            (Ending::Returned, Some(time)) => time.to_string(),
            (ending, _) => format!("{ending:?}"),
        };
        let name = call.name();
        let name = name.as_deref().unwrap_or("?").replace("main.", "");
        out.push_str(&format!("{}{name}:{end} ", ">".repeat(call.depth)));
    }
    out.trim_end().to_owned()
}

fn all(events: Vec<CallEvent>, decoder: &Decoder<'_>) -> Vec<String> {
    let mut forest = Forest::default();
    let mut out: Vec<String> = events
        .into_iter()
        .filter_map(|event| forest.take(event, decoder))
        .map(|tree| drawn(&tree))
        .collect();
    out.extend(forest.rest(decoder).iter().map(drawn));
    out
}

#[test]
fn records_may_come_in_any_order() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut records = Records::of(&decoder, 0x10_0000);
    let events = vec![
        records.begin("main.take", 0),
        records.begin("main.put", 1),
        records.begin("main.put", 2),
        records.end("main.put", 2),
        records.end("main.put", 1),
        records.begin("main.put", 1),
        records.end("main.put", 1),
        records.end("main.take", 0),
    ];
    let tree = "take:7000 >put:3000 >>put:1000 >put:1000";
    assert_eq!(all(events.clone(), &decoder), [tree]);
    for shuffled in shuffled(&events) {
        assert_eq!(all(shuffled, &decoder), [tree]);
    }
}

fn shuffled(events: &[CallEvent]) -> impl Iterator<Item = Vec<CallEvent>> {
    (1..40_usize).map(|seed| {
        let mut shuffled = events.to_vec();
        for at in 0..shuffled.len() {
            shuffled.swap(at, (at * 31 + seed * 17) % events.len());
        }
        shuffled
    })
}

#[test]
fn goroutines_that_are_started_have_their_place() {
    let made = recorded("graph main.take into main.* following go");
    let decoder = decoder(&made);
    let mut root = Records::of(&decoder, 0x10_0000);
    let mut events = vec![root.begin("main.take", 0), root.begin("main.put", 1)];
    let (event, mut first) = root.start(8);
    events.push(event);
    events.push(first.begin("main.put", 1));
    let (event, mut second) = first.start(9);
    events.push(event);
    events.extend([root.end("main.put", 1), root.end("main.take", 0)]);
    events.extend([second.begin("main.take", 0), second.end("main.take", 0)]);
    events.extend([
        first.end("main.put", 1),
        first.record(TellsOf::End, "main.put", 0, 0),
    ]);
    let tree = "take:4000 >put:2000 >>go ?:4000 >>>put:2000 >>>>go ?:2000 >>>>>take:1000";
    assert_eq!(all(events.clone(), &decoder), [tree]);
    for shuffled in shuffled(&events) {
        assert_eq!(all(shuffled, &decoder), [tree]);
    }
    // What goes on when the trace ends.
    let open = "take:4000 >put:2000 >>go ?:Open >>>put:Open >>>>go ?:2000 >>>>>take:1000";
    events.truncate(events.len() - 2);
    assert_eq!(all(events.clone(), &decoder), [open]);
    // The root was there before all probes were.
    let mut forest = Forest::default();
    forest.begin(0x10_0000 + 500);
    let told = events
        .into_iter()
        .filter_map(|event| forest.take(event, &decoder));
    assert_eq!(told.count() + forest.rest(&decoder).len(), 0);
}

#[test]
fn own_times_are_without_goroutines_that_were_started() {
    let made = recorded("graph main.take into main.* following go");
    let decoder = decoder(&made);
    let mut root = Records::of(&decoder, 0x10_0000);
    let mut forest = Forest::default();
    let begin = root.begin("main.take", 0);
    let (start, mut started) = root.start(8);
    let events = [
        begin,
        start,
        started.begin("main.put", 1),
        started.end("main.put", 1),
        root.end("main.take", 0),
        started.record(TellsOf::End, "main.put", 3, 0),
    ];
    let mut trees = events
        .into_iter()
        .filter_map(|event| forest.take(event, &decoder));
    let tree = trees.next().unwrap();
    // It ended by Goexit, in a frame of its own.
    assert_eq!(drawn(&tree), "take:2000 >go ?:Left >>put:1000");
    assert_eq!(tree.own_times(), [Some(2000), None, Some(1000)]);
    assert_eq!(tree.goroutines(), [7, 8, 8]);
}

#[test]
fn what_is_inside_of_a_frame_that_goes_on_was_left() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut records = Records::of(&decoder, 0x10_0000);
    let events = vec![
        records.begin("main.take", 0),
        records.begin("main.put", 1),
        records.begin("main.put", 2),
        records.begin("main.put", 3),
        records.end("main.put", 1),
        records.begin("main.put", 1),
        records.record(TellsOf::End, "main.take", 0, 1),
    ];
    let tree = "take:Left >put:3000 >>put:Left >>>put:Left >put:Left";
    assert_eq!(all(events, &decoder), [tree]);
}

#[test]
fn a_call_in_the_same_frame_that_returns_to_the_same_place_is_a_jump() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut records = Records::of(&decoder, 0x10_0000);
    let jumps = vec![
        records.begin("main.take", 0),
        records.begin("main.take", 1),
        records.begin("main.put", 1),
        records.end("main.put", 1),
        records.end("main.take", 0),
    ];
    assert_eq!(all(jumps, &decoder), ["take:4000 >take:Jumped >>put:1000"]);
}

#[test]
fn nothing_is_said_of_calls_whose_records_are_lost() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut records = Records::of(&decoder, 0x10_0000);
    let mut events = vec![
        records.begin("main.take", 0),
        records.begin("main.put", 1),
        records.end("main.put", 1),
        records.begin("main.put", 1),
        records.end("main.put", 1),
        records.end("main.take", 0),
    ];
    // The end of a call and the beginning of the next one.
    events.drain(2..4);
    let mut forest = Forest::default();
    forest.lost();
    for event in events {
        assert_eq!(forest.take(event, &decoder), None);
    }
    let rest = forest.rest(&decoder);
    assert_eq!(
        rest.iter().map(drawn).collect::<Vec<_>>(),
        ["take:5000 >put:Lost"]
    );
    assert!(rest[0].is_missing_calls);
}

#[test]
fn a_root_whose_beginning_is_lost_is_known_by_its_number() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let begun = 0x7_1234_5600;
    let mut records = Records::of(&decoder, begun);
    let events = [
        records.begin("main.take", 0),
        records.begin("main.put", 1),
        records.end("main.put", 1),
        records.end("main.take", 0),
    ];
    let mut forest = Forest::default();
    forest.lost();
    for event in events.into_iter().skip(1) {
        assert_eq!(forest.take(event, &decoder), None);
    }
    let rest = forest.rest(&decoder);
    assert_eq!(
        rest.iter().map(drawn).collect::<Vec<_>>(),
        ["take:4000 >put:1000"]
    );
    assert_eq!(rest[0].calls[0].begun, begun);
}

#[test]
fn only_what_happens_while_all_probes_are_there_is_told() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut forest = Forest::default();
    let mut early = Records::of(&decoder, 0x10_0000);
    assert_eq!(forest.take(early.begin("main.take", 0), &decoder), None);
    forest.begin(0x20_0000);
    assert_eq!(forest.take(early.end("main.take", 0), &decoder), None);
    let mut late = Records::of(&decoder, 0x30_0000);
    assert_eq!(forest.take(late.begin("main.take", 0), &decoder), None);
    forest.stop(late.at + 1);
    assert_eq!(forest.take(late.end("main.take", 0), &decoder), None);
    let rest: Vec<String> = forest.rest(&decoder).iter().map(drawn).collect();
    assert_eq!(rest, ["take:Open"]);
}

#[test]
fn paths_are_summed_up_and_the_slowest_come_first() {
    let made = recorded(RECIPE);
    let decoder = decoder(&made);
    let mut summing = Summing::new("graph", RECIPE);
    for begun in [0x10_0000, 0x20_0000] {
        let mut records = Records::of(&decoder, begun);
        let events = [
            records.begin("main.take", 0),
            records.begin("main.put", 1),
            records.end("main.put", 1),
            records.begin("main.take", 1),
            records.begin("main.put", 2),
            records.end("main.put", 2),
            records.end("main.take", 1),
            records.end("main.take", 0),
        ];
        let mut forest = Forest::default();
        let mut trees = events
            .into_iter()
            .filter_map(|event| forest.take(event, &decoder));
        summing.add(&trees.next().unwrap());
    }
    let summary = summing.summary();
    let paths = summary.paths.iter().map(|path| {
        let name = path.function.as_deref().unwrap();
        (path.depth, name, path.calls, path.total, path.own)
    });
    assert_eq!(
        paths.collect::<Vec<_>>(),
        [
            (0, "main.take", 2, 14_000, 6_000),
            (1, "main.take", 2, 6_000, 4_000),
            (2, "main.put", 2, 2_000, 2_000),
            (1, "main.put", 2, 2_000, 2_000),
        ]
    );
}
