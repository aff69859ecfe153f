//! One run: bpftrace from its start to its end, and the answer as it comes.

use super::bpftrace::{Bpftrace, Ended};
use super::buckets;
use super::decode::{Decoded, Decoder, Line};
use super::graph::summary::Summing;
use super::graph::{CallTree, Forest};
use super::order::InOrder;
use super::placed::{Look, Placed};
use super::rates::{Lately, Rates};
use super::report::Report;
use super::results::{self, Table};
use super::said::{self, Said, Tree};
use super::status::{End, Losses, Status, Why};
use super::uncounted::Uncounted;
use super::watch::{self, Users, Work};
use crate::bt::dialect::Uncounted as Which;
use crate::plan::record::{NO_ROOM, WRITTEN, is_hidden};
use crate::plan::state::{Lost, MOST_KEYS};
use crate::plan::{CALLS_NOT_TIMED, Output, Subject};
use rustix::process::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a run is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders {
    /// It ends after this time.
    pub(crate) time: Option<Duration>,
    /// More hits a second end it.
    pub(crate) most_hits: Option<u64>,
    /// It ends with this process.
    pub(crate) target: Option<u32>,
    /// It ends with the last of these.
    pub(crate) users: Option<Users>,
    /// bpftrace tells results when it is asked by a signal.
    pub(crate) tells_when_asked: bool,
    /// The script.
    pub(crate) script: String,
    /// What of the lost records the script counts, since bpftrace does not.
    pub(crate) uncounted: Option<Which>,
    /// The kernel counts how often probes are hit, from the first to the last.
    pub(crate) counts_all: bool,
    /// Somebody watches: results are asked for all the time.
    pub(crate) is_watched: bool,
}

/// How long the answer may take when the run is to end.
const PATIENCE: Duration = Duration::from_millis(900);
/// How long bpftrace may take to tell results of many keys: half of them would be a wrong answer.
const LONGEST_TELLING: Duration = Duration::from_secs(20);
/// Who waits longer for the answer is told why.
const SLOW: Duration = Duration::from_millis(1500);
/// How long what a probe has written may be on its way.
const QUIET: Duration = Duration::from_millis(120);
/// How often results are asked for, and the kernel is asked what it counts.
const PERIOD: Duration = Duration::from_millis(500);
/// Why a call was not timed, where it can be no other reason.
const BEGUN_BEFORE: &str = "begun before the trace";

/// What is done when the probes are there, such as starting a command: it says how the process is to be watched from
/// then on.
pub(crate) type WhenAttached<'f> = &'f mut dyn FnMut() -> Result<(), String>;

/// A run whose answer was given.
pub(crate) struct Over {
    /// How it ended.
    pub(crate) end: End,
    /// It may still take probes away.
    pub(crate) bpftrace: Bpftrace,
    /// How often somebody had asked for the end by then.
    pub(crate) interrupts: usize,
}

/// A run that goes on.
pub(crate) struct Session<'a, 'd> {
    bpftrace: Bpftrace,
    decoder: &'d mut Decoder<'a>,
    report: &'d mut dyn Report,
    orders: Orders,
    lines: InOrder<Line>,
    forest: Forest,
    /// Of each of the plan's trees.
    summaries: Vec<Summing>,
    maps: BTreeMap<String, Tree>,
    /// The next map of this name is to be shown, as it was at this time.
    to_show: Option<(String, u64)>,
    attached: Option<Instant>,
    attaching: bool,
    /// Since when bpftrace waits for events.
    waits_since: Option<Instant>,
    /// Since when all breakpoints are where they belong.
    right_since: Option<Instant>,
    work: Option<(Instant, Work)>,
    rates: Rates,
    lately: Lately,
    status: Status,
    lost: u64,
    /// Those that bpftrace does not count.
    uncounted: Uncounted,
    /// Samples that a full map did not take.
    keys_lost: u64,
    /// Samples whose keys another processor made at that moment.
    made_meanwhile: u64,
    /// The recipe wants the end.
    wants_end: bool,
    bpftrace_is_gone: bool,
    /// It was told to end: it prints all maps then.
    is_ending: bool,
    /// How often all results were asked for, and told.
    asked: u64,
    told: u64,
    asked_at: Option<Instant>,
    /// The next results that are told are the final ones.
    asks_for_the_end: bool,
    /// Maps that have come since: one that is empty may not be told at all.
    telling: BTreeSet<String>,
    /// The results are the final ones: what bpftrace prints after that has samples of keys that it no longer tells.
    is_final: bool,
    /// It prints all of them once more, since it ends.
    repeats_results: bool,
    /// What happens later is not told, in nanoseconds since the machine started: some releases only take their probes
    /// away when nothing has come for a while (0.23, those that are attached at once).
    until: u64,
    /// When something came that is told.
    heard: Instant,
    /// Something came that happened later.
    hears_what_is_late: bool,
}

impl<'a, 'd> Session<'a, 'd> {
    pub(crate) fn new(
        bpftrace: Bpftrace,
        decoder: &'d mut Decoder<'a>,
        report: &'d mut dyn Report,
        orders: Orders,
        sites: usize,
    ) -> Self {
        let trees = decoder.plan.trees.iter();
        let summaries = trees.map(|tree| Summing::new(&tree.name, &tree.words)).collect();
        let uncounted = Uncounted::of(orders.uncounted);
        Self {
            bpftrace,
            decoder,
            report,
            orders,
            lines: InOrder::default(),
            forest: Forest::default(),
            summaries,
            maps: BTreeMap::new(),
            to_show: None,
            attached: None,
            attaching: false,
            waits_since: None,
            right_since: None,
            work: None,
            rates: Rates::default(),
            lately: Lately::default(),
            status: Status {
                sites,
                ..Status::default()
            },
            lost: 0,
            uncounted,
            keys_lost: 0,
            made_meanwhile: 0,
            wants_end: false,
            bpftrace_is_gone: false,
            is_ending: false,
            asked: 0,
            told: 0,
            asked_at: None,
            asks_for_the_end: false,
            telling: BTreeSet::new(),
            is_final: false,
            repeats_results: false,
            until: u64::MAX,
            heard: Instant::now(),
            hears_what_is_late: false,
        }
    }

    /// Goes on to the end; `interrupts` counts how often somebody asked for it. `command` is asked whether a command
    /// has ended, and with which code. `slow` is for those who wait when the answer takes longer than a moment.
    pub(crate) fn run(
        mut self,
        interrupts: &Arc<AtomicUsize>,
        placed: Option<&Placed<'_>>,
        when_attached: WhenAttached<'_>,
        command: &mut dyn FnMut() -> Option<i32>,
        slow: &mut dyn FnMut(),
    ) -> Over {
        let mut last = Instant::now();
        let why = loop {
            match self.bpftrace.lines(Duration::from_millis(20)) {
                Ok(lines) => self.take(&lines),
                Err(Ended) => break self.why_it_ended(),
            }
            self.flush(false);
            if self.attached.is_none() && self.attaching {
                let begun = self.is_attached(placed).and_then(|is_attached| {
                    if is_attached {
                        self.attached = Some(Instant::now());
                        self.rates = Rates::begin(watch::since_start());
                        self.forest.begin(watch::since_start());
                        when_attached()?;
                    }
                    Ok(())
                });
                if let Err(problem) = begun {
                    self.bpftrace
                        .end(LONGEST_TELLING, &|| interrupts.load(Ordering::SeqCst) > 0);
                    break Why::Failed(problem);
                }
            }
            if interrupts.load(Ordering::SeqCst) > 0 || self.report.problem().is_some() {
                break Why::Asked;
            }
            if self.wants_end {
                break Why::Recipe;
            }
            if let Some(code) = command() {
                break Why::CommandEnded(code);
            }
            if self.orders.target.is_some_and(|pid| !watch::is_alive(pid)) {
                break Why::TargetEnded;
            }
            if last.elapsed() >= PERIOD {
                last = Instant::now();
                if let Some(why) = self.look_around() {
                    break why;
                }
                if let Some(users) = &mut self.orders.users
                    && users.have_ended()
                {
                    break if users.are_several() {
                        Why::TargetsEnded
                    } else {
                        Why::TargetEnded
                    };
                }
            }
            let elapsed = self.attached.map(|at| at.elapsed()).unwrap_or_default();
            if self.orders.time.is_some_and(|time| elapsed >= time) {
                break Why::Time;
            }
        };
        self.finish(why, interrupts, slow)
    }

    /// Whether all probes are there, and only those: what is in the code counts, not what bpftrace says.
    fn is_attached(&mut self, placed: Option<&Placed<'_>>) -> Result<bool, String> {
        let waits = watch::waits_for_events(self.bpftrace.pid());
        let Some(placed) = placed else { return Ok(waits) };
        let target = self.orders.target;
        let looks = [Some(placed.look()), target.map(|pid| placed.look_at(pid))];
        for look in looks.into_iter().flatten() {
            match look {
                Ok(Look::Right) => {}
                Ok(Look::Waiting(_)) if !waits => return Ok(false),
                Ok(Look::Waiting(missing)) => {
                    let since = *self.waits_since.get_or_insert_with(Instant::now);
                    if since.elapsed() < PATIENCE {
                        return Ok(false);
                    }
                    return Err(format!("{missing} of the probes are not in the program's code"));
                }
                Ok(Look::Wrong(places)) => {
                    let places: Vec<String> = places.iter().take(8).map(|at| format!("{at:#x}")).collect();
                    return Err(format!(
                        "probes were put where none belongs, and have been taken away: at {} in the file",
                        places.join(", ")
                    ));
                }
                // The process has ended, or may not be looked at.
                Err(_) if waits => {}
                Err(_) => return Ok(false),
            }
        }
        // Breakpoints are there a moment before what is to run at them; a bpftrace that many events come to may not be
        // seen waiting.
        let since = *self.right_since.get_or_insert_with(Instant::now);
        Ok(waits || since.elapsed() >= PATIENCE)
    }

    /// Asks what there is, and says how it stands.
    fn look_around(&mut self) -> Option<Why> {
        let attached = self.attached?;
        self.status.elapsed = attached.elapsed();
        if let Some(work) = watch::work(self.bpftrace.pid()) {
            let now = Instant::now();
            if let Some((then, before)) = self.work {
                let seconds = now.duration_since(then).as_secs_f64().max(0.001);
                let hits = work.runs.saturating_sub(before.runs) as f64 / seconds;
                self.status.hits_per_second = Some(hits);
                self.status.busy = Some(work.time.saturating_sub(before.time).div_f64(seconds));
                if let Some(most) = self.orders.most_hits {
                    let seen = hits as u64;
                    if seen > most {
                        return Some(Why::TooManyHits { seen, most });
                    }
                }
            }
            self.work = Some((now, work));
        }
        self.status.lost = self.losses();
        if self.orders.is_watched {
            let tables = self.tables();
            self.lately.take(&tables, Instant::now());
            self.status.rates = self.lately.rates();
            self.report.state(&tables, &self.status);
            if self.orders.tells_when_asked && self.asked == self.told {
                self.ask_once();
            }
        }
        None
    }

    /// Ends bpftrace, takes what it still has to say as far as that does not take long, and says what came of it all.
    fn finish(mut self, why: Why, interrupts: &Arc<AtomicUsize>, slow: &mut dyn FnMut()) -> Over {
        let before = interrupts.load(Ordering::SeqCst);
        let asked = Instant::now();
        let slow = std::cell::RefCell::new(Some(slow));
        if self.attached.is_some() {
            self.status.elapsed = self.attached.map(|at| at.elapsed()).unwrap_or_default();
        }
        self.until = watch::since_start();
        let ended = matches!(why, Why::Failed(_)) || self.bpftrace.ended().is_some();
        let stop = |this: &Self| {
            if asked.elapsed() > SLOW
                && !this.bpftrace_is_gone
                && let Some(slow) = slow.borrow_mut().take()
            {
                slow();
            }
            interrupts.load(Ordering::SeqCst) > before || this.bpftrace_is_gone
        };
        let is_over = matches!(why, Why::TargetEnded | Why::TargetsEnded | Why::CommandEnded(_));
        if !ended {
            if self.attached.is_some() {
                self.ask(is_over, &stop);
            }
            if let Some(work) = watch::work(self.bpftrace.pid()) {
                self.work = Some((Instant::now(), work));
            }
            self.is_ending = true;
            self.await_free(false, &stop);
            self.forest.stop(watch::since_start());
            self.bpftrace.ask_to_end();
            let begun = Instant::now();
            let mut until = begun + self.longest_silence();
            while Instant::now() < until && !stop(&self) && !self.repeats_results {
                let heard = self.heard;
                self.take_within(Duration::from_millis(20));
                if self.heard > heard && begun.elapsed() < LONGEST_TELLING {
                    until = until.max(Instant::now() + PATIENCE);
                }
                let is_all = self.hears_what_is_late || !self.orders.tells_when_asked;
                if self.is_final && is_all && self.heard.max(begun).elapsed() > 2 * QUIET {
                    break;
                }
            }
        }
        self.flush(true);
        if is_over && let Some(Tree::Value(all)) = self.maps.get(WRITTEN) {
            self.uncounted.there_were(results::count(all).unwrap_or(0), true);
        }
        self.status.lost = self.losses();
        let is_left = interrupts.load(Ordering::SeqCst) > before;
        let has_results = self.attached.is_some() && !self.decoder.plan.results.is_empty();
        self.status.lost.untold =
            !ended && has_results && !self.is_final && (is_left || self.orders.tells_when_asked);
        let tables = self.tables();
        let end = End {
            why,
            status: self.status.clone(),
        };
        if !matches!(end.why, Why::Failed(_)) {
            let open = self.forest.rest(self.decoder);
            self.trees(open);
            for summing in &self.summaries {
                self.report.summary(&summing.summary());
            }
            self.report.end(&tables, &end);
        }
        Over {
            end,
            bpftrace: self.bpftrace,
            interrupts: before,
        }
    }

    /// How long bpftrace may say nothing when it ends. Old releases tell results only then, all at once, and take long
    /// to write thousands of stacks down.
    fn longest_silence(&self) -> Duration {
        if !self.orders.tells_when_asked && self.orders.script.contains("ustack(") {
            LONGEST_TELLING
        } else {
            PATIENCE
        }
    }

    /// Takes what bpftrace writes within some time, and says whether that is anything.
    fn take_within(&mut self, time: Duration) -> bool {
        match self.bpftrace.lines(time) {
            Ok(lines) => {
                self.take(&lines);
                !lines.is_empty()
            }
            Err(Ended) => {
                self.bpftrace_is_gone = true;
                false
            }
        }
    }

    /// Asks for all results as they are now.
    fn ask_once(&mut self) {
        if !watch::waits_to_write(self.bpftrace.pid()) {
            self.asked += 1;
            self.asked_at = Some(Instant::now());
            self.bpftrace.signal(Signal::USR1);
        }
    }

    /// Asks again: results that it is telling may be among what was lost.
    fn ask_again(&mut self) {
        let is_due = self.asked_at.is_some_and(|at| at.elapsed() > 2 * PERIOD);
        if self.told < self.asked && is_due && !watch::waits_to_write(self.bpftrace.pid()) {
            self.asked_at = Some(Instant::now());
            self.bpftrace.signal(Signal::USR1);
        }
    }

    /// Takes what bpftrace writes until a signal does no harm: one that interrupts a write makes it fail, and bpftrace
    /// writes nothing any more after that, without a word (seen with 0.23; its handlers are set without `SA_RESTART`).
    /// Of a program that has ended there come no more than there are: then that is taken first.
    fn await_free(&mut self, is_over: bool, stop: &dyn Fn(&Self) -> bool) {
        let begun = Instant::now();
        let most = if is_over { LONGEST_TELLING } else { PATIENCE / 3 };
        while begun.elapsed() < most && !stop(self) {
            let has_come = self.take_within(Duration::from_millis(1));
            let pid = self.bpftrace.pid();
            let is_free = if is_over {
                !has_come && watch::waits_for_events(pid)
            } else {
                !watch::waits_to_write(pid)
            };
            if is_free {
                break;
            }
        }
    }

    /// Asks for the final results, while bpftrace still reads what the probes write: some releases do not any more when
    /// they end.
    fn ask(&mut self, is_over: bool, stop: &dyn Fn(&Self) -> bool) {
        let patience = if self.orders.tells_when_asked {
            LONGEST_TELLING
        } else {
            PATIENCE / 2
        };
        let until = Instant::now() + patience;
        let wait = |this: &mut Self| {
            while Instant::now() < until && this.told < this.asked && !stop(this) {
                this.take_within(Duration::from_millis(5));
                // Nobody may say that what was asked for is among what was lost.
                if this.heard.elapsed() > 2 * PERIOD {
                    this.ask_again();
                }
            }
        };
        // Those that it is telling are older.
        wait(self);
        self.asks_for_the_end = true;
        self.telling.clear();
        self.await_free(is_over, stop);
        self.ask_once();
        wait(self);
        if self.is_final && !self.decoder.awaits_records() {
            return;
        }
        // Records that were on their way meanwhile. Of a program that has ended there come no more than there are.
        let begun = Instant::now();
        let mut last = begun;
        let most = if is_over { LONGEST_TELLING } else { QUIET };
        while begun.elapsed() < most && last.elapsed() < QUIET && !stop(self) {
            let has_come = self.take_within(QUIET / 4);
            if has_come || !watch::waits_for_events(self.bpftrace.pid()) {
                last = Instant::now();
            }
        }
        if !self.orders.tells_when_asked {
            self.await_all_maps(stop);
        }
    }

    /// Old releases tell all maps without saying when they are done: when they wait for events again, and nothing is on
    /// its way. At their end they tell the maps once more, with what came while probes were taken away, one after the
    /// other.
    fn await_all_maps(&mut self, stop: &dyn Fn(&Self) -> bool) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE / 3 && !stop(self) {
            let waits = watch::waits_for_events(self.bpftrace.pid());
            let has_come = self.take_within(Duration::from_millis(2));
            if waits && !has_come && !self.telling.is_empty() {
                self.is_final = true;
                break;
            }
        }
    }

    /// Why bpftrace ended by itself.
    fn why_it_ended(&mut self) -> Why {
        let until = Instant::now() + PATIENCE;
        let mut status = self.bpftrace.ended();
        while status.is_none() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
            status = self.bpftrace.ended();
        }
        match status {
            // Of its own accord that is what text of the recipe tells it to do; a signal has the same end.
            Some(status) if status.success() && self.attached.is_some() => {
                if self.orders.script.contains("exit(") {
                    Why::Recipe
                } else {
                    Why::Interrupted
                }
            }
            status => {
                let mut said = self.bpftrace.complaints(PATIENCE);
                if status.is_some_and(|status| status.success()) {
                    said.push_str(
                        "\nit ended before its probes were there, as it does when it gets a signal",
                    );
                }
                if let Some(signal) = status.and_then(|status| status.signal()) {
                    said.push_str(&format!("\nit was ended by signal {signal}"));
                }
                Why::Failed(said)
            }
        }
    }

    /// Takes lines of bpftrace's.
    fn take(&mut self, lines: &[String]) {
        for line in lines {
            if self.is_final && self.is_ending && said::is_map(line) {
                // All others of what it says at its end come before.
                self.repeats_results = true;
                continue;
            }
            match said::read(line) {
                Some(Said::Printf(text)) => self.printf(&text),
                Some(Said::Map(name, value)) => {
                    self.heard = Instant::now();
                    self.map(name, value);
                }
                Some(Said::Lost(events)) => {
                    self.lost += events;
                    self.uncounted.are_told(events);
                    self.loses();
                }
                Some(Said::MadeMeanwhile(line)) => self.made_meanwhile += u64::from(self.is_sample_at(line)),
                Some(Said::Full(line)) => self.keys_lost += u64::from(self.is_result_at(line)),
                Some(Said::Attaching) => self.attaching = true,
                // What a timer prints now is in the results that were just told.
                Some(Said::Time(_)) if self.is_final => {}
                Some(Said::Other(text) | Said::Time(text)) => {
                    self.flush(true);
                    self.report.text(&text);
                }
                None => {}
            }
        }
        if self.uncounted.loses_more() {
            self.loses();
        }
    }

    /// Something was lost.
    fn loses(&mut self) {
        self.decoder.lost();
        self.ask_again();
        self.forest.lost();
    }

    fn printf(&mut self, text: &str) {
        if text == "Q\n" {
            self.wants_end = true;
            return;
        }
        let all_told = text.strip_prefix('Z').and_then(|rest| rest.strip_suffix('\n'));
        if let Some(written) = all_told.filter(|rest| rest.is_empty() || rest.starts_with('\t')) {
            self.told = self.asked.min(self.told + 1);
            let telling = std::mem::take(&mut self.telling);
            if !self.is_final {
                self.maps.retain(|name, _| telling.contains(name));
            }
            self.is_final |= self.asks_for_the_end;
            if let Ok(written) = u64::from_str_radix(written.trim(), 16) {
                self.uncounted.there_were(written, self.is_final);
            }
            return;
        }
        if let Some(of) = text.strip_prefix("S\t") {
            // Without a name: it was printed, unless it is empty.
            self.to_show = named(of).map(|(name, at)| (name.to_owned(), at));
            return;
        }
        if let Some((name, at)) = text.strip_prefix("R\t").and_then(named) {
            self.rates.cleared(name, at);
            return;
        }
        match self.decoder.printf(&self.uncounted.take(text)) {
            Decoded::Line(Line { at, .. }) if at > self.until => self.hears_what_is_late = true,
            Decoded::Line(line) => {
                self.heard = Instant::now();
                self.lines.push(line.at, line);
            }
            Decoded::Call(event) if event.at > self.until => self.hears_what_is_late = true,
            Decoded::Call(event) => {
                self.heard = Instant::now();
                let tree = self.forest.take(*event, self.decoder);
                self.trees(tree);
            }
            Decoded::Kept => {}
            Decoded::Lost => {
                self.lost += 1;
                self.forest.lost();
            }
            Decoded::Other(text) => {
                self.flush(true);
                self.report.text(&text);
            }
        }
    }

    fn map(&mut self, name: String, value: Tree) {
        let value = match self.output(&name) {
            Some(output) => buckets::joined(value, output.shape),
            None => value,
        };
        if let Some((_, at)) = self.to_show.take_if(|(wanted, _)| *wanted == name) {
            if !self.orders.tells_when_asked {
                // It may be emptied next; at the end all that are not empty are told.
                self.maps.remove(&name);
            }
            self.flush(true);
            if let Some(output) = self.output(&name).filter(|_| !self.is_final) {
                let mut table = results::table(self.decoder, &output, &value);
                self.rates.note(&mut table, at);
                self.report.shown(&table.largest());
            }
            return;
        }
        if self.is_of_text(&name) && self.asked == self.told && !self.is_ending {
            // Text of the recipe's own prints what it has gathered.
            self.flush(true);
            self.report.shown(&results::of_text(&name, &value));
        }
        if !self.is_final {
            self.telling.insert(name.clone());
            self.maps.insert(name, value);
        }
    }

    /// A line of the script adds to a map that somebody sees: what other maps did not take, the script counts itself.
    fn is_result_at(&self, line: u64) -> bool {
        let map = self.line(line).and_then(|text| text.trim().strip_prefix('@'));
        let name = map.and_then(|map| map.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next());
        name.is_some_and(|name| !is_hidden(self.decoder.plan, name))
    }

    /// A line of the script adds a sample to such a map, and not just its key.
    fn is_sample_at(&self, line: u64) -> bool {
        let only_makes = |text: &str| text.ends_with("= sum(0);") || text.ends_with(" * 0);");
        self.is_result_at(line) && !self.line(line).is_some_and(only_makes)
    }

    /// A line of the script, by its number from 1 on.
    fn line(&self, number: u64) -> Option<&str> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.orders.script.lines().nth(at)
    }

    /// A map of the recipe's own text.
    fn is_of_text(&self, name: &str) -> bool {
        self.output(name).is_none() && !is_hidden(self.decoder.plan, name)
    }

    fn output(&self, name: &str) -> Option<Output> {
        let all = self.decoder.plan.all_results();
        all.into_iter().find(|output| output.name == name)
    }

    /// Takes in what nothing earlier can come before any more, or all.
    fn flush(&mut self, all: bool) {
        for line in self.lines.take(all) {
            self.report.line(&line);
        }
        let late = self.forest.settle(self.decoder);
        self.trees(late);
    }

    /// Writes call trees.
    fn trees(&mut self, trees: impl IntoIterator<Item = CallTree>) {
        for tree in trees {
            self.report.tree(&tree);
            if let Some(summary) = self.summaries.iter_mut().find(|one| one.name() == tree.name) {
                summary.add(&tree);
            }
        }
    }

    /// The results that the recipe asks for.
    fn tables(&self) -> Vec<Table> {
        let wanted = self.decoder.plan.results.iter();
        let wanted = wanted.filter(|output| !matches!(output.of, Subject::LinesDropped(_)));
        let wanted = wanted.map(|output| match self.maps.get(&output.name) {
            Some(map) => results::table(self.decoder, output, map).largest(),
            None => Table {
                output: output.clone(),
                rows: Vec::new(),
            },
        });
        let own = self.maps.iter().filter(|(name, _)| self.is_of_text(name));
        wanted
            .chain(own.map(|(name, map)| results::of_text(name, map)))
            .collect()
    }

    /// What was lost so far.
    fn losses(&self) -> Losses {
        let sum = |name: &str| match self.maps.get(name) {
            Some(Tree::Entries(entries)) => {
                let counts = entries
                    .iter()
                    .filter_map(|(_, value)| results::count(&value.json()));
                counts.sum()
            }
            Some(Tree::Value(value)) => results::count(value).unwrap_or(0),
            None => 0,
        };
        let reasons = self.not_timed();
        let results = &self.decoder.plan.results;
        let dropped = results
            .iter()
            .filter(|output| matches!(output.of, Subject::LinesDropped(_)));
        Losses {
            events: self.lost + self.uncounted.lost(),
            dropped: dropped.map(|output| sum(&output.name)).sum(),
            keys: sum(NO_ROOM) + self.keys_lost,
            made_meanwhile: self.made_meanwhile,
            calls: reasons.iter().map(|(_, count)| count).sum(),
            reasons,
            untold: false,
        }
    }

    /// How many calls were not timed, and why.
    fn not_timed(&self) -> Vec<(String, u64)> {
        let Some(Tree::Entries(entries)) = self.maps.get(CALLS_NOT_TIMED) else {
            return Vec::new();
        };
        // No more began than have run: none of them can have been forgotten.
        let runs = self.work.as_ref().map(|(_, work)| work.runs);
        let none_forgotten = self.orders.counts_all && runs.is_some_and(|runs| runs < MOST_KEYS / 2);
        let reason = |(told, count): &(String, Tree)| {
            // bpftrace leaves out the spaces of keys where it writes JSON.
            let is_told = |why: &Lost| same_letters(&why.why(MOST_KEYS), told);
            let why = match [Lost::Oldest, Lost::Newest].into_iter().find(is_told) {
                Some(Lost::Oldest) if none_forgotten => BEGUN_BEFORE.to_owned(),
                Some(why) => why.why(MOST_KEYS),
                None => told.clone(),
            };
            Some((why, results::count(&count.json())?))
        };
        entries.iter().filter_map(reason).collect()
    }
}

/// The name of a result and a time.
fn named(text: &str) -> Option<(&str, u64)> {
    let (name, at) = text.trim_end().split_once('\t')?;
    Some((name, u64::from_str_radix(at, 16).ok()?))
}

/// The texts differ by spaces at most.
fn same_letters(a: &str, b: &str) -> bool {
    let without = |text: &str| text.replace(' ', "");
    without(a) == without(b)
}
