//! The functions that a pattern names.

use crate::goname::{brackets, escapes, shape};
use crate::target::code::Listing;
use crate::target::functions::name_index::{self, NameIndex};
use crate::target::tables::pclntab::Entry;
use crate::target::{Found, FunctionId, Match, Pattern, Shapes, Target};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

impl<'data> Target<'data> {
    /// Goes through all functions whose name `pattern` matches, in no certain order.
    pub(crate) fn search(&self, pattern: &Pattern, shapes: &Shapes<'_>) -> Vec<(FunctionId, Match)> {
        let test = |raw: &[u8]| {
            let (name, abi0) = escapes::strip_abi(raw);
            pattern
                .matches_bytes(&escapes::plain(name), shapes)
                .or_else(|| abi0.then(|| pattern.matches_bytes(&escapes::plain(raw), shapes))?)
        };
        let id = |index: usize| u32::try_from(index).ok().map(FunctionId);
        let mut found = Vec::new();
        if let Some(symbols) = &self.symbols {
            let called = pattern
                .exact()
                .and_then(|name| symbols.functions_called(name.as_bytes()));
            let some = called
                .is_none()
                .then(|| symbols.functions(|name| pattern.may_begin(name)));
            for symbol in called.into_iter().flatten().chain(some.into_iter().flatten()) {
                if let Some(certainty) = test(symbol.name)
                    && let Some(index) = self.lines.find_exact(symbol.address)
                    && self
                        .lines
                        .get(index)
                        .is_some_and(|entry| same_name(symbol.name, entry.name))
                {
                    found.extend(id(index).map(|id| (id, certainty)));
                }
            }
        }
        if found.is_empty() {
            let called = pattern
                .exact()
                .and_then(|name| self.lines_called(name.as_bytes()));
            let all = called.is_none().then_some(0..self.lines.len());
            for index in called.into_iter().flatten().chain(all.into_iter().flatten()) {
                if let Some(name) = self.lines.name(index)
                    && pattern.may_begin(name)
                    && let Some(certainty) = test(name)
                    && self.lines.get(index).is_some()
                {
                    found.extend(id(index).map(|id| (id, certainty)));
                }
            }
        }
        found
    }

    /// The numbers of the functions that may be called `name` by the line table. None for the first few questions.
    fn lines_called(&self, name: &[u8]) -> Option<Vec<usize>> {
        if self.by_name.get().is_none()
            && self.asked_by_name.fetch_add(1, Ordering::Relaxed) < name_index::FEW
        {
            return None;
        }
        let index = self
            .by_name
            .get_or_init(|| NameIndex::of(self.lines.len(), |index| self.lines.name(index)));
        Some(index.called(name).collect())
    }

    /// The functions that `pattern` names.
    pub(crate) fn find(&self, pattern: &Pattern, shapes: &Shapes<'_>) -> Found {
        let mut matched = self.search(pattern, shapes);
        matched.sort_unstable();
        matched.dedup_by_key(|&mut (id, _)| id);
        let mut functions: Vec<FunctionId> = matched.iter().map(|&(id, _)| id).collect();
        self.drop_forwarders(&mut functions);
        let generated = match pattern.exact() {
            Some(_) => Vec::new(),
            None => self.take_wrappers(&mut functions, pattern, shapes),
        };
        let uncertain = matched.iter().any(|&(_, sure)| match sure {
            Match::Maybe => true,
            Match::Likely => functions.len() > 1,
            Match::Yes => false,
        });
        Found {
            functions,
            generated,
            uncertain,
        }
    }

    /// True for what may do nothing but call a function of the same name: wrappers, and methods of a generic type as
    /// interfaces call them (`main.(*Pair[string,int]).Set`), which pass a dictionary to the one for all types of that
    /// shape.
    pub(crate) fn may_forward(&self, entry: &Entry<'data>) -> bool {
        if self.is_wrapper(entry) {
            return true;
        }
        let name = self.raw_name(entry);
        shape::is_instance_for_types(name)
    }

    /// Drops functions that call one of the same name that is in the list too: each call would be seen twice.
    fn drop_forwarders(&self, functions: &mut Vec<FunctionId>) {
        if functions.len() < 2 {
            return;
        }
        // Addresses are sorted, as functions are.
        let mut real: HashMap<Vec<u8>, Vec<u64>> = HashMap::new();
        let mut forwarders = HashMap::new();
        for (id, entry) in functions.iter().filter_map(|id| Some((*id, self.entry(*id)?))) {
            let key = without_arguments(entry.name);
            if self.may_forward(&entry) {
                forwarders.insert(id, (entry, key));
            } else {
                real.entry(key).or_default().push(entry.address);
            }
        }
        let mut listing = Listing::default();
        functions.retain(|id| {
            let Some((entry, key)) = forwarders.get(id) else {
                return true;
            };
            let (Some(targets), Some(bytes)) = (
                real.get(key),
                self.elf.bytes(entry.address, self.lines.size(entry)),
            ) else {
                return true;
            };
            listing
                .decode(self.elf.processor(), bytes, entry.address, false)
                .is_err()
                || !listing
                    .instructions
                    .iter()
                    .any(|i| i.target().is_some_and(|to| targets.binary_search(&to).is_ok()))
        });
    }
}

/// A symbol's name and one of the line table, which drops `.abi0` and, in Go 1.18 and 1.19, type arguments.
pub(crate) fn same_name(symbol: &[u8], line_table: &[u8]) -> bool {
    let (symbol, _) = escapes::strip_abi(symbol);
    if symbol == line_table {
        return true;
    }
    let (symbol, line_table) = (escapes::plain(symbol), escapes::plain(line_table));
    symbol == line_table
        || (memchr::memmem::find(&line_table, b"[...]").is_some()
            && without_arguments(&symbol) == line_table.as_ref())
}

/// A name with `[...]` for what is between the first `[` and the last `]`, as Go prints it in stack traces.
fn without_arguments(name: &[u8]) -> Vec<u8> {
    let name = escapes::plain(name);
    brackets::with_any_arguments(&name).unwrap_or_else(|| name.into_owned())
}
