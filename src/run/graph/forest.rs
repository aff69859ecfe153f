//! Puts records of calls together. The calls of a goroutine that are open lie in each other like their frames: what is
//! not outside of a new frame has ended.

use super::family::Families;
use super::growing::{Followed, Growing};
use super::{Call, CallSite, CallTree, Ending};
use crate::plan::record::TellsOf;
use crate::plan::tree::{BELOW_GOROUTINES, FRAME_SHIFT, TIME_SHIFT};
use crate::run::decode::Decoder;
use crate::run::decode::call::{CallEvent, Made, Shown, Under};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Calls that are kept of roots that have not ended, all together.
const MOST_CALLS: u64 = 500_000;

/// How long a record may be on its way: buffers of several processors are read one after the other.
const LATEST: Duration = Duration::from_secs(30);
/// The same where records were lost: it need not come at all.
const LATEST_OF_SOME: Duration = Duration::from_secs(2);
/// How often it is looked after what is too late.
const PERIOD: Duration = Duration::from_millis(500);
/// Roots that are remembered because records of them may still come.
const MOST_GIVEN_UP: usize = 100_000;

/// All roots that have not ended.
pub(crate) struct Forest {
    open: HashMap<Key, Growing>,
    /// The last root of each goroutine that has one, and when it began.
    last: HashMap<(usize, u32, u64), (u64, Under)>,
    /// Roots that have ended though records of them are missing.
    given_up: HashSet<Key>,
    functions: HashMap<usize, Arc<str>>,
    sites: HashMap<u64, Option<Arc<CallSite>>>,
    /// Goroutines that roots started.
    families: Families,
    /// Calls of open roots, and records that wait.
    kept: u64,
    room: u64,
    /// Records were lost.
    has_losses: bool,
    looked: Instant,
    /// From when to when all probes were there: what happens outside of that is told in part.
    from: u64,
    until: u64,
}

/// Which of the plan's trees, and the root.
pub(super) type Key = (usize, Under);

/// A root has ended.
struct Ended {
    /// The tree, if it is wanted.
    wanted: Option<CallTree>,
}

impl Default for Forest {
    fn default() -> Self {
        Self {
            open: HashMap::new(),
            last: HashMap::new(),
            given_up: HashSet::new(),
            functions: HashMap::new(),
            sites: HashMap::new(),
            families: Families::default(),
            kept: 0,
            room: MOST_CALLS,
            has_losses: false,
            looked: Instant::now(),
            from: 0,
            until: u64::MAX,
        }
    }
}

impl Forest {
    /// All probes are there since this time: roots that began before are told in part.
    pub(crate) fn begin(&mut self, at: u64) {
        self.from = at;
        let root_begun = |key: &Key| {
            let growing = self.open.get(&self.families.root_of(*key));
            growing.and_then(|growing| growing.calls.first().map(|root| root.begun))
        };
        let is_whole = |key: &&Key| {
            let root = self.families.root_of(**key);
            self.families.is_root_open(root) && root_begun(key).is_none_or(|begun| begun >= at)
        };
        let partly: Vec<Key> = self.open.keys().filter(|key| !is_whole(key)).copied().collect();
        for key in partly {
            self.families.forget(self.families.root_of(key));
            self.open.remove(&key);
            self.remember(key);
        }
        let kept = self
            .open
            .values()
            .map(|growing| growing.calls.len() + growing.early.len());
        self.kept = kept.sum::<usize>() as u64;
    }

    /// From this time on probes are taken away.
    pub(crate) fn stop(&mut self, at: u64) {
        self.until = at;
    }

    /// Records were lost: nothing is sure of calls that are open.
    pub(crate) fn lost(&mut self) {
        self.has_losses = true;
    }

    /// Takes in a record, and gives back the root that it ends, if it is wanted. Records of a root have numbers: those
    /// that come too early wait for the ones before them.
    pub(crate) fn take(&mut self, event: CallEvent, decoder: &Decoder<'_>) -> Option<CallTree> {
        let key = (event.tree, event.under);
        if event.at > self.until {
            return None;
        }
        if begun_of_root(&event) < self.from || self.given_up.contains(&key) {
            if let Some(made) = event.made {
                self.ignore((event.tree, made.under));
            }
            return None;
        }
        if event.what == TellsOf::Begin && event.nth == 1 && event.made.is_none() {
            self.follow(&event);
        }
        let growing = self.open.entry(key).or_default();
        if event.nth <= growing.nth {
            return None;
        }
        if event.nth > growing.nth + 1 {
            growing.waits.get_or_insert_with(Instant::now);
            growing.early.insert(event.nth, event);
            self.kept += 1;
            if self.kept() > self.room {
                let ended = self.give_up(key, decoder)?;
                return self.families.end(key, ended.wanted);
            }
            return None;
        }
        let mut next = Some(event);
        while let Some(event) = next {
            if let Some(ended) = self.apply(event, decoder) {
                return self.families.end(key, ended.wanted);
            }
            let growing = self.open.get_mut(&key)?;
            next = growing.early.remove(&(growing.nth + 1));
            self.kept = self.kept.saturating_sub(u64::from(next.is_some()));
            if growing.early.is_empty() {
                growing.waits = None;
            }
        }
        None
    }

    /// All that is kept.
    fn kept(&self) -> u64 {
        self.kept + self.families.kept
    }

    /// Nothing is told of a goroutine that was started under a root of which nothing is told.
    fn ignore(&mut self, key: Key) {
        self.open.remove(&key);
        self.remember(key);
    }

    /// A root begins. The one of the goroutine that began before it has ended.
    fn follow(&mut self, event: &CallEvent) {
        let of_goroutine = (event.tree, event.under.process, event.under.goroutine);
        let (begun, last) = *self.last.entry(of_goroutine).or_insert((event.at, event.under));
        if last == event.under {
            return;
        }
        // Their records may have come in another order.
        let is_later = event.at > begun;
        let (before, at) = if is_later {
            self.last.insert(of_goroutine, (event.at, event.under));
            (last, event.at)
        } else {
            (event.under, begun)
        };
        if let Some(growing) = self.open.get_mut(&(event.tree, before)) {
            growing.followed = Some(Followed {
                at,
                since: Instant::now(),
                after_left: is_later && event.after_left,
            });
        }
    }

    /// Does not wait any longer for records that are too late, and gives back roots that have ended by that.
    pub(crate) fn settle(&mut self, decoder: &Decoder<'_>) -> Vec<CallTree> {
        if self.looked.elapsed() < PERIOD {
            return Vec::new();
        }
        self.looked = Instant::now();
        let latest = if self.has_losses { LATEST_OF_SOME } else { LATEST };
        let is_late = |growing: &Growing| {
            let since = growing.waits.or(growing.followed.map(|followed| followed.since));
            since.is_some_and(|since| since.elapsed() > latest)
        };
        let late = self.open.iter().filter(|(_, growing)| is_late(growing));
        let late: Vec<Key> = late.map(|(key, _)| *key).collect();
        let mut trees = Vec::new();
        for key in late {
            if let Some(ended) = self.give_up(key, decoder) {
                trees.extend(self.families.end(key, ended.wanted));
            }
        }
        for key in self.families.overdue() {
            trees.extend(self.close(key, Ending::Open, decoder));
            self.remember(key);
        }
        trees
    }

    /// Takes in the records that wait, though others are missing before them.
    fn give_up(&mut self, key: Key, decoder: &Decoder<'_>) -> Option<Ended> {
        let growing = self.open.get_mut(&key)?;
        growing.waits = None;
        let followed = growing.followed;
        let is_known = growing.early.is_empty() && followed.is_some_and(|followed| followed.after_left);
        let early = std::mem::take(&mut growing.early);
        self.kept = self.kept.saturating_sub(early.len() as u64);
        for event in early.into_values() {
            if let Some(ended) = self.apply(event, decoder) {
                self.remember(key);
                return Some(ended);
            }
        }
        let followed = followed?;
        let ending = if is_known && !self.has_losses {
            Ending::Left
        } else {
            Ending::Lost
        };
        self.remember(key);
        Some(Ended {
            wanted: self.end(key, ending, Some(followed.at), decoder),
        })
    }

    /// Ends what is open with all records that there are of it, and gives back the tree that is whole by that.
    fn close(&mut self, key: Key, ending: Ending, decoder: &Decoder<'_>) -> Option<CallTree> {
        let ended = self.give_up(key, decoder);
        let tree = ended.map_or_else(|| self.end(key, ending, None, decoder), |ended| ended.wanted);
        self.families.end(key, tree)
    }

    fn remember(&mut self, key: Key) {
        if self.given_up.len() >= MOST_GIVEN_UP {
            self.given_up.clear();
        }
        self.given_up.insert(key);
    }

    /// Takes in a record, of which those before it were taken in or are lost.
    fn apply(&mut self, event: CallEvent, decoder: &Decoder<'_>) -> Option<Ended> {
        let key = (event.tree, event.under);
        let growing = self.open.get_mut(&key)?;
        let begins_root = growing.calls.is_empty();
        if begins_root {
            self.begin_root(&event, decoder);
        }
        self.open.get_mut(&key)?.check_order(event.nth);
        match event.what {
            TellsOf::Begin if begins_root && event.nth == 1 => None,
            TellsOf::Begin => {
                self.enter(&event, decoder);
                None
            }
            TellsOf::Inlined => {
                self.inlined(&event, decoder);
                None
            }
            TellsOf::Return => self.ret(event, decoder),
            TellsOf::Start => {
                self.start(&event, decoder);
                None
            }
            TellsOf::End => {
                let is_started = self.open.get(&key)?.lies_in.is_some();
                // Nobody can ask whether a root is wanted that ends so.
                let is_wanted = is_started || !decoder.plan.trees.get(key.0)?.is_chosen_late;
                // The first function has returned to what ends the goroutine, in its own frame.
                let has_returned = is_started && event.frame <= event.under.root >> FRAME_SHIFT;
                let ending = if has_returned {
                    Ending::Returned
                } else {
                    Ending::Left
                };
                let tree = self.end(key, ending, Some(event.at), decoder);
                Some(Ended {
                    wanted: tree.filter(|_| is_wanted),
                })
            }
        }
    }

    fn begin_root(&mut self, event: &CallEvent, decoder: &Decoder<'_>) {
        let frame = event.under.root >> FRAME_SHIFT;
        let (call, returns_to, function) = if event.what == TellsOf::Begin && event.nth == 1 {
            let (call, function) = self.call(event, decoder);
            (call, event.last, function)
        } else {
            (Call::lost(begun_of_root(event)), 0, None)
        };
        if let Some(growing) = self.open.get_mut(&(event.tree, event.under)) {
            growing.begin(call, frame, returns_to, function);
            self.kept += 1;
        }
    }

    /// A goroutine is made under a root: it gets a tree of its own, until it is put into its place.
    fn start(&mut self, event: &CallEvent, decoder: &Decoder<'_>) {
        let Some(made) = event.made else {
            return;
        };
        let (maker, key) = ((event.tree, event.under), (event.tree, made.under));
        if first_function(decoder, made).is_some_and(|name| is_of_run_time(&name)) {
            return self.ignore(key);
        }
        let Some(growing) = self.growing(event, decoder) else {
            return self.ignore(key);
        };
        let depth = growing.depth();
        growing.leaf(Call {
            starts: Some(made.under),
            ..Call::lost(event.at)
        });
        self.kept += 1;
        self.families.start(maker, key);
        self.open.entry(key).or_default().lies_in = Some(depth);
        let first = CallEvent {
            what: TellsOf::Begin,
            under: made.under,
            nth: 1,
            frame: made.under.root >> FRAME_SHIFT,
            ..event.clone()
        };
        // Its maker is open, so that nothing is whole by this.
        self.take(first, decoder);
    }

    /// A call begins under a root.
    fn enter(&mut self, event: &CallEvent, decoder: &Decoder<'_>) {
        let (call, function) = self.call(event, decoder);
        if let Some(growing) = self.growing(event, decoder) {
            growing.begin(call, event.frame, event.last, function);
            self.kept += 1;
        }
    }

    /// A call that was inlined lies in the one that holds its code.
    fn inlined(&mut self, event: &CallEvent, decoder: &Decoder<'_>) {
        let (call, _) = self.call(event, decoder);
        if let Some(growing) = self.growing(event, decoder) {
            growing.leaf(Call {
                ending: Ending::Inlined,
                ended: Some(event.at),
                ..call
            });
            self.kept += 1;
        }
    }

    /// What a call is put into that begins; nothing if there is no room for it, or if it is deeper than is wanted.
    fn growing(&mut self, event: &CallEvent, decoder: &Decoder<'_>) -> Option<&mut Growing> {
        let tree = decoder.plan.trees.get(event.tree);
        let most = tree.and_then(|tree| tree.depth).unwrap_or(u64::MAX);
        let is_full = self.kept() >= self.room;
        let growing = self.open.get_mut(&(event.tree, event.under))?;
        growing.leave_inside(event.frame, event.at);
        if event.what == TellsOf::Begin {
            growing.enter_frame(event.frame, event.last, event.at);
        }
        growing.is_full |= is_full;
        if growing.is_full {
            growing.without_room += 1;
            return None;
        }
        if growing.depth() as u64 >= most {
            growing.deeper();
            return None;
        }
        Some(growing)
    }

    /// A call returns.
    fn ret(&mut self, event: CallEvent, decoder: &Decoder<'_>) -> Option<Ended> {
        let key = (event.tree, event.under);
        let function = decoder.plan.probes.get(event.probe)?.event.function()?;
        let growing = self.open.get_mut(&key)?;
        growing.leave_inside(event.frame, event.at);
        let results = growing.leave_frame(event.frame, function, event.at, event.shown);
        if event.frame != event.under.root >> FRAME_SHIFT {
            return None;
        }
        if growing.lies_in.is_some() {
            return Some(Ended {
                wanted: self.end(key, Ending::Returned, Some(event.at), decoder),
            });
        }
        let root = growing.path.first_mut()?;
        let call = growing.calls.first_mut()?;
        if call.function.is_none() {
            let name = self.functions.entry(function);
            call.function = Some(Arc::clone(name.or_insert_with(|| name_of(decoder, function))));
            root.function = Some(function);
        }
        let ending = match results {
            Some(results) if root.function == Some(function) => {
                call.results = results;
                Ending::Returned
            }
            _ => Ending::Jumped,
        };
        let tree = self.end(key, ending, Some(event.at), decoder);
        Some(Ended {
            wanted: tree.filter(|_| event.last != 0),
        })
    }

    /// Takes away all that is open, when the trace ends. Whether such roots are wanted may not be known.
    pub(crate) fn rest(&mut self, decoder: &Decoder<'_>) -> Vec<CallTree> {
        let begun = |growing: &Growing| growing.calls.first().map_or(0, |root| root.begun);
        let ending = if self.has_losses {
            Ending::Lost
        } else {
            Ending::Open
        };
        let mut out = Vec::new();
        // Records that waited may tell of goroutines, whose trees begin by that.
        while !self.open.is_empty() {
            let open = self.open.iter();
            let mut keys: Vec<(u64, Key)> = open.map(|(key, growing)| (begun(growing), *key)).collect();
            keys.sort();
            for (_, key) in keys {
                out.extend(self.close(key, ending, decoder));
            }
        }
        out
    }

    fn end(&mut self, key: Key, ending: Ending, at: Option<u64>, decoder: &Decoder<'_>) -> Option<CallTree> {
        let mut growing = self.open.remove(&key)?;
        let of_goroutine = (key.0, key.1.process, key.1.goroutine);
        if let Some((_, last)) = self.last.get(&of_goroutine)
            && *last == key.1
        {
            self.last.remove(&of_goroutine);
        }
        self.kept = self.kept.saturating_sub(growing.calls.len() as u64);
        self.kept = self.kept.saturating_sub(growing.early.len() as u64);
        growing.end(ending, at);
        Some(CallTree {
            name: decoder.plan.trees.get(key.0)?.name.clone(),
            under: key.1,
            calls: growing.calls,
            is_missing_calls: growing.is_missing_calls || ending == Ending::Lost,
            without_room: growing.without_room,
        })
    }

    /// A call that begins, and its function.
    fn call(&mut self, event: &CallEvent, decoder: &Decoder<'_>) -> (Call, Option<usize>) {
        let probe = decoder.plan.probes.get(event.probe);
        let function = probe.and_then(|probe| probe.event.function());
        let function = function.filter(|_| event.made.is_none());
        let name = match event.made {
            Some(made) => first_function(decoder, made),
            None => function.map(|function| {
                let name = self.functions.entry(function);
                Arc::clone(name.or_insert_with(|| name_of(decoder, function)))
            }),
        };
        let caller = self.sites.entry(event.last);
        let caller = caller.or_insert_with(|| site(decoder, event.last)).clone();
        let call = Call {
            function: name,
            caller,
            arguments: event.shown.clone(),
            starts: event.made.map(|made| made.under),
            ..Call::lost(event.at)
        };
        (call, function)
    }
}

impl Call {
    /// A call of which only this is known.
    fn lost(begun: u64) -> Self {
        Self {
            depth: 0,
            function: None,
            caller: None,
            begun,
            ended: None,
            ending: Ending::Open,
            arguments: Shown::default(),
            results: Shown::default(),
            deeper: 0,
            starts: None,
        }
    }
}

fn name_of(decoder: &Decoder<'_>, function: usize) -> Arc<str> {
    let function = decoder.plan.functions.get(function);
    function.map_or("", |function| function.name.as_str()).into()
}

/// The first function of a goroutine.
fn first_function(decoder: &Decoder<'_>, made: Made) -> Option<Arc<str>> {
    let frames = decoder.names.frames(made.function);
    frames.last().map(|frame| frame.function.as_str().into())
}

/// The goroutine works for the run time, which starts some (`gcBgMarkWorker`) from whatever goroutine needs them first.
/// That of `iter.Pull` runs the program's functions.
fn is_of_run_time(first: &str) -> bool {
    first.starts_with("runtime.") && first != "runtime.corostart"
}

/// The call that returns to an address: it is the instruction before. The first function of a goroutine is not called.
fn site(decoder: &Decoder<'_>, returns_to: u64) -> Option<Arc<CallSite>> {
    let frames = decoder.names.frames(returns_to.checked_sub(1)?);
    let frame = frames
        .first()
        .filter(|frame| frame.function != BELOW_GOROUTINES.0)?;
    let (file, line) = frame.line.clone()?;
    Some(Arc::new(CallSite {
        function: frame.function.clone(),
        file,
        line,
    }))
}

/// When a root began whose first record was lost: its number tells that.
fn begun_of_root(event: &CallEvent) -> u64 {
    let bits = FRAME_SHIFT + TIME_SHIFT;
    let since = (event.under.root & ((1 << FRAME_SHIFT) - 1)) << TIME_SHIFT;
    let begun = (event.at >> bits << bits) | since;
    if begun > event.at {
        begun.saturating_sub(1 << bits)
    } else {
        begun
    }
}
