//! Records become lines and keys again, with the program at hand: names of types, texts of errors, functions and lines
//! of source.

pub(crate) mod call;
mod errors;
pub(crate) mod fields;
mod lists;
mod names;
mod shown;
pub(crate) mod stack;
#[cfg(test)]
pub(crate) mod tests;

use crate::plan::Plan;
use crate::plan::record::{FieldKind, Layout, TellsOf};
use crate::plan::tree::AFTER_ONE_THAT_WAS_LEFT;
use crate::target::Addresses;
use crate::target::PAGE;
use call::{CallEvent, Made, Shown, Under};
use errors::{Numbered, Seen};
use fields::{Fields, number};
use lists::Element;
use names::Names;
use serde::{Deserialize, Serialize};
pub(crate) use shown::{Cell, Clock};
use stack::Kernel;
use std::collections::{BTreeMap, HashMap};

/// What a record said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decoded {
    /// A line.
    Line(Line),
    /// A call of a tree began or returned.
    Call(Box<CallEvent>),
    /// It is kept until it is needed.
    Kept,
    /// A part of it is missing, so that nothing can be said of it.
    Lost,
    /// It is no record: the recipe's own text.
    Other(String),
}

/// A line of `print` or `trace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Nanoseconds since the machine started.
    pub(crate) at: u64,
    /// Which of the plan's probes it is of.
    pub(crate) probe: usize,
    /// The instruction.
    pub(crate) site: u64,
    /// As people read it.
    #[serde(with = "crate::run::text_or_bytes")]
    pub(crate) text: Vec<u8>,
    /// Its values by their names.
    pub(crate) values: Vec<(String, Cell)>,
}

/// What a thread has written of the record that it writes next.
#[derive(Clone, Debug, Default)]
struct Pending {
    fields: Vec<String>,
    errors: Errors,
    lists: Lists,
}

/// What was read of a record's errors, by their numbers in it.
type Errors = BTreeMap<u64, Vec<Seen>>;
/// The elements of a record's lists that have a record each, likewise.
type Lists = BTreeMap<u64, Vec<Element>>;

/// What is known of the records so far.
pub(crate) struct Decoder<'a> {
    pub(crate) plan: &'a Plan,
    layouts: &'a [Vec<Layout>],
    pub(crate) names: Names<'a>,
    pub(crate) kernel: Kernel,
    clock: Clock,
    longest_text: u64,
    /// The plan's probes at each site.
    sites: HashMap<u64, Vec<usize>>,
    pending: HashMap<u64, Pending>,
    /// Looks at errors that are keys.
    errors: HashMap<u64, Numbered>,
    /// Keys that have a number.
    keys: HashMap<(String, u64), Key<'a>>,
}

/// A key that has a number, as it was read: what it names by numbers may come after it, from another processor.
struct Key<'a> {
    layout: &'a Layout,
    fields: Fields,
    base: u64,
}

/// A record whose fields are being shown.
pub(crate) struct Context<'r> {
    pub(crate) fields: &'r Fields,
    pub(crate) errors: &'r Errors,
    pub(crate) lists: &'r Lists,
    /// Where the program is loaded in this process, as far as it was moved.
    pub(crate) base: u64,
    /// The same for addresses of functions and types: keys have them as the linker did.
    pub(crate) base_of_words: u64,
    pub(crate) at: u64,
}

impl<'a> Decoder<'a> {
    /// Nothing is known yet.
    pub(crate) fn new(
        plan: &'a Plan,
        layouts: &'a [Vec<Layout>],
        target: &'a dyn Addresses,
        longest_text: u64,
        clock: Clock,
        kernel: Kernel,
    ) -> Self {
        let mut sites: HashMap<u64, Vec<usize>> = HashMap::new();
        for (number, probe) in plan.probes.iter().enumerate() {
            for site in &probe.sites {
                sites.entry(site.address).or_default().push(number);
            }
        }
        Self {
            plan,
            layouts,
            names: Names::new(plan, target),
            kernel,
            clock,
            longest_text,
            sites,
            pending: HashMap::new(),
            errors: HashMap::new(),
            keys: HashMap::new(),
        }
    }

    /// Takes what a printf wrote.
    pub(crate) fn printf(&mut self, text: &str) -> Decoded {
        let other = || Decoded::Other(text.to_owned());
        let Some(line) = text.strip_suffix('\n') else {
            return other();
        };
        let mut parts = line.split('\t');
        let first = parts.next().unwrap_or_default();
        let taken = match first {
            "L" => return self.line(parts).unwrap_or_else(other),
            "G" => return self.call(parts).unwrap_or_else(other),
            "K" => return self.key(parts).unwrap_or_else(other),
            "C" => self.continuation(parts),
            "E" => self.look(parts),
            "V" => self.element(parts),
            "X" => self.numbered_error(parts),
            _ => None,
        };
        taken.map_or_else(other, |()| Decoded::Kept)
    }

    /// Where a record was written, and the rest of it.
    fn place<'t>(&self, mut parts: impl Iterator<Item = &'t str>) -> Option<(Place<'a>, Vec<&'t str>)> {
        let thread = number(parts.next()?)?;
        let layout: usize = parts.next()?.parse().ok()?;
        let site = self.known_site(number(parts.next()?)?)?;
        let (probe, layout) = self.at_site(site, |at| at.number == layout)?;
        let mut base = 0;
        if self.plan.identity.position_independent {
            base = number(parts.next()?)?.wrapping_sub(site);
        }
        let place = Place {
            thread,
            probe,
            site,
            base,
            layout,
        };
        Some((place, parts.collect()))
    }

    /// The site that the script means. Where a program is loaded, it finds by where the kernel began the process, which
    /// is elsewhere if somebody asked the loader for the program (`ld.so PROGRAM`); the site is the one at the same
    /// place of a page then, if there is one only.
    fn known_site(&self, site: u64) -> Option<u64> {
        if self.sites.contains_key(&site) || !self.plan.identity.position_independent {
            return Some(site);
        }
        let mut alike = self.sites.keys().filter(|known| *known % PAGE == site % PAGE);
        let found = alike.next()?;
        alike.next().is_none().then_some(*found)
    }

    /// The probe at a site that has such a layout, and the layout.
    fn at_site(&self, site: u64, is_meant: impl Fn(&Layout) -> bool) -> Option<(usize, &'a Layout)> {
        let mut probes = self.sites.get(&site)?.iter();
        probes.find_map(|probe| {
            let layout = self.layouts.get(*probe)?.iter().find(|layout| is_meant(layout))?;
            Some((*probe, layout))
        })
    }

    /// The fields of a record, those that went before it too.
    fn fields(&mut self, place: &Place<'_>, last: &[&str]) -> Option<(Fields, Errors, Lists)> {
        let kinds = &place.layout.fields;
        let pending = self.pending.remove(&place.thread).unwrap_or_default();
        let all = pending
            .fields
            .iter()
            .map(String::as_str)
            .chain(last.iter().copied());
        let count = pending.fields.len() + last.len();
        if count != kinds.len() {
            return None;
        }
        Some((Fields::read(kinds, all)?, pending.errors, pending.lists))
    }

    /// Probes write records: lines, calls, or what the numbers of keys mean.
    pub(crate) fn awaits_records(&self) -> bool {
        let is_written = |layout: &Layout| layout.key_of.as_ref().is_none_or(|key| key.is_numbered);
        self.layouts.iter().flatten().any(is_written)
    }

    /// Something was lost: what waits for more may wait for what does not come, and threads have the numbers of others
    /// that have ended.
    pub(crate) fn lost(&mut self) {
        self.pending.clear();
    }

    fn line<'t>(&mut self, parts: impl Iterator<Item = &'t str>) -> Option<Decoded> {
        let (place, rest) = self.place(parts)?;
        let (at, last) = rest.split_first()?;
        let at = number(at)?;
        if place.layout.key_of.is_some() {
            return None;
        }
        let Some(Shown { text, values }) = self.told(&place, last, at) else {
            return Some(Decoded::Lost);
        };
        Some(Decoded::Line(Line {
            at,
            probe: place.probe,
            site: place.site,
            text,
            values,
        }))
    }

    /// What a record shows, as a line and by the names of its values; nothing if a part of it is missing.
    fn told(&mut self, place: &Place<'_>, last: &[&str], at: u64) -> Option<Shown> {
        let (fields, errors, lists) = self.fields(place, last)?;
        let context = Context {
            fields: &fields,
            errors: &errors,
            lists: &lists,
            base: place.base,
            base_of_words: place.base,
            at,
        };
        let layout = place.layout;
        if !self.are_whole(&layout.pieces, &context) {
            return None;
        }
        let pieces = self.pieces(&layout.pieces, &context);
        let values = layout.columns.iter().map(|(column, range)| {
            let shown = pieces.get(range.clone()).unwrap_or_default();
            (column.name.clone(), Cell::joined(shown))
        });
        Some(Shown {
            values: values.collect(),
            text: pieces
                .iter()
                .flat_map(|piece| piece.text.iter().copied())
                .collect(),
        })
    }

    /// A call of a tree.
    fn call<'t>(&mut self, parts: impl Iterator<Item = &'t str>) -> Option<Decoded> {
        let (place, rest) = self.place(parts)?;
        let tells = place.layout.tells?;
        let count = if tells.what == TellsOf::Start { 10 } else { 7 };
        let (own, last) = rest.split_at_checked(count)?;
        let own: Vec<u64> = own.iter().map(|text| number(text)).collect::<Option<_>>()?;
        let [at, process, goroutine, root, nth, frame, last_word, ref made @ ..] = own[..] else {
            return None;
        };
        let process = u32::try_from(process).ok()?;
        let made = match *made {
            [root, goroutine, function] => Some(Made {
                under: Under {
                    process,
                    goroutine,
                    root,
                },
                function,
            }),
            _ => None,
        };
        let Some(shown) = self.told(&place, last, at) else {
            return Some(Decoded::Lost);
        };
        Some(Decoded::Call(Box::new(CallEvent {
            at,
            tree: tells.tree,
            what: tells.what,
            probe: place.probe,
            under: Under {
                process,
                goroutine,
                root,
            },
            nth: nth % AFTER_ONE_THAT_WAS_LEFT,
            after_left: nth > AFTER_ONE_THAT_WAS_LEFT,
            frame,
            last: last_word,
            shown,
            made,
        })))
    }

    /// The number of a key.
    fn key<'t>(&mut self, parts: impl Iterator<Item = &'t str>) -> Option<Decoded> {
        let (place, rest) = self.place(parts)?;
        let (id, last) = rest.split_first()?;
        let id = number(id)?;
        let layout = place.layout;
        let result = layout.key_of.as_ref()?.result.clone();
        let Some((fields, ..)) = self.fields(&place, last) else {
            return Some(Decoded::Lost);
        };
        let key = Key {
            layout,
            fields,
            base: place.base,
        };
        self.keys.insert((result, id), key);
        Some(Decoded::Kept)
    }

    /// What a result's keys are, by what its map has for them: numbers, and the site where that tells a part of it.
    pub(crate) fn cells_of(&self, result: &str, key: &str) -> Option<Vec<Cell>> {
        let of_result = |layout: &&Layout| layout.key_of.as_ref().is_some_and(|key| key.result == result);
        let mut parts = fields::Parts::of(key);
        let first = self.layouts.iter().flatten().find(of_result)?;
        let key_of = first.key_of.as_ref()?;
        let layout = if key_of.by_site {
            let Some(site) = self.known_site(decimal(parts.next()?)?) else {
                return Some(vec![Cell::lost(); first.columns.len()]);
            };
            let layout = decimal(parts.next()?)?;
            self.at_site(site, |at| at.number as u64 == layout)?.1
        } else {
            first
        };
        if layout.key_of.as_ref()?.is_numbered {
            let id = decimal(parts.next()?)?;
            let numbered = self.keys.get(&(result.to_owned(), id));
            let mut cells = numbered.map_or_else(
                || vec![Cell::lost(); layout.columns.len()],
                |key| self.cells(key.layout, &key.fields, key.base),
            );
            if key_of.by_site {
                self.constants(layout, &mut cells);
            }
            return Some(cells);
        }
        let mut values = Vec::new();
        for kind in &layout.fields {
            values.push(match kind {
                FieldKind::Stack => fields::Value::Stack(fields::stack(parts.stack()?)),
                _ => fields::Value::Number(decimal(parts.next()?)?),
            });
        }
        Some(self.cells(layout, &Fields(values), 0))
    }

    /// Puts in what the site tells.
    fn constants(&self, layout: &Layout, cells: &mut [Cell]) {
        for (cell, (_, range)) in cells.iter_mut().zip(&layout.columns) {
            if let Some([piece]) = layout.pieces.get(range.clone())
                && let Some(constant) = shown::constant(piece)
            {
                *cell = constant;
            }
        }
    }

    fn cells(&self, layout: &Layout, fields: &Fields, base: u64) -> Vec<Cell> {
        let (errors, lists) = (Errors::new(), Lists::new());
        let context = Context {
            fields,
            errors: &errors,
            lists: &lists,
            base: layout.base.map_or(base, |field| fields.number(field)),
            base_of_words: 0,
            at: 0,
        };
        let pieces = self.pieces(&layout.pieces, &context);
        let cells = layout.columns.iter().map(|(_, range)| {
            let shown = pieces.get(range.clone()).unwrap_or_default();
            Cell::joined(shown)
        });
        cells.collect()
    }

    fn continuation<'t>(&mut self, mut parts: impl Iterator<Item = &'t str>) -> Option<()> {
        let thread = number(parts.next()?)?;
        let pending = self.pending.entry(thread).or_default();
        pending.fields.extend(parts.map(str::to_owned));
        Some(())
    }

    fn look<'t>(&mut self, mut parts: impl Iterator<Item = &'t str>) -> Option<()> {
        let thread = number(parts.next()?)?;
        let ordinal = number(parts.next()?)?;
        let seen = Seen::read(parts)?;
        let pending = self.pending.entry(thread).or_default();
        pending.errors.entry(ordinal).or_default().push(seen);
        Some(())
    }

    fn numbered_error<'t>(&mut self, mut parts: impl Iterator<Item = &'t str>) -> Option<()> {
        let _thread = parts.next()?;
        let id = number(parts.next()?)?;
        self.errors.insert(id, Numbered::read(parts)?);
        Some(())
    }
}

/// Where a record was written.
struct Place<'a> {
    thread: u64,
    probe: usize,
    site: u64,
    base: u64,
    layout: &'a Layout,
}

/// A number in a map's key, as 64 bits.
fn decimal(text: &str) -> Option<u64> {
    let text = text.trim();
    text.parse::<u64>()
        .ok()
        .or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned))
}
