//! What all trees of a directive come to: for each path of calls, how many there were and how long they took.

use super::{CallTree, Ending};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Paths that are kept; calls of further ones are counted only.
const MOST_PATHS: usize = 50_000;

/// All trees of one directive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// The name of the tree in the recipe.
    pub(crate) name: String,
    /// The recipe's text of it.
    pub(crate) words: String,
    /// Roots.
    pub(crate) trees: u64,
    /// Those of them of which records were lost.
    pub(crate) with_losses: u64,
    /// Calls that there was no room for.
    pub(crate) without_room: u64,
    /// Each behind the one that called it, those that took longest first.
    pub(crate) paths: Vec<Path>,
}

/// Calls of a function that were made in the same way from a root.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Path {
    /// How many calls they lie in.
    pub(crate) depth: usize,
    /// The function; none if that was lost.
    pub(crate) function: Option<Arc<str>>,
    /// Calls that began.
    pub(crate) calls: u64,
    /// Those of them that returned, which the times are of.
    pub(crate) returned: u64,
    /// Those that were inlined, of which nothing tells when they end.
    #[serde(default)]
    pub(crate) inlined: u64,
    /// Nanoseconds, all together.
    pub(crate) total: u64,
    /// Of them, those that were not in a call that is shown.
    pub(crate) own: u64,
    /// The shortest, if one returned.
    pub(crate) min: Option<u64>,
    /// The longest.
    pub(crate) max: Option<u64>,
}

/// A summary that grows.
pub(crate) struct Summing {
    summary: Summary,
    /// The paths as they came, and the places of those below them.
    paths: Vec<(Path, Vec<usize>)>,
    roots: Vec<usize>,
    places: HashMap<(Option<usize>, Option<Arc<str>>), usize>,
}

impl Summing {
    pub(crate) fn new(name: &str, words: &str) -> Self {
        Self {
            summary: Summary {
                name: name.to_owned(),
                words: words.to_owned(),
                ..Summary::default()
            },
            paths: Vec::new(),
            roots: Vec::new(),
            places: HashMap::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.summary.name
    }

    /// Takes in a tree.
    pub(crate) fn add(&mut self, tree: &CallTree) {
        self.summary.trees += 1;
        self.summary.with_losses += u64::from(tree.is_missing_calls);
        self.summary.without_room += tree.without_room;
        // The path of each call that the next one may lie in; none if there was no room for it.
        let mut open: Vec<Option<usize>> = Vec::new();
        for (call, own) in tree.calls.iter().zip(tree.own_times()) {
            open.truncate(call.depth);
            let place = match open.last() {
                Some(None) => None,
                outer => self.place(outer.copied().flatten(), call.name()),
            };
            open.push(place);
            let path = place.and_then(|at| self.paths.get_mut(at));
            let Some((path, _)) = path else {
                self.summary.without_room += 1;
                continue;
            };
            path.calls += 1;
            path.inlined += u64::from(call.ending == Ending::Inlined);
            if let Some(time) = call.time() {
                path.returned += 1;
                path.total += time;
                path.own += own.unwrap_or(0);
                path.min = Some(path.min.map_or(time, |min| min.min(time)));
                path.max = Some(path.max.map_or(time, |max| max.max(time)));
            }
        }
    }

    /// The place of a path, which is made if there is none yet and there is room.
    fn place(&mut self, outer: Option<usize>, function: Option<Arc<str>>) -> Option<usize> {
        let key = (outer, function.clone());
        if let Some(place) = self.places.get(&key) {
            return Some(*place);
        }
        let place = self.paths.len();
        if place >= MOST_PATHS {
            return None;
        }
        let below = outer.and_then(|at| self.paths.get_mut(at));
        let depth = below.as_ref().map_or(0, |(path, _)| path.depth + 1);
        below.map_or(&mut self.roots, |(_, below)| below).push(place);
        let path = Path {
            depth,
            function,
            ..Path::default()
        };
        self.paths.push((path, Vec::new()));
        self.places.insert(key, place);
        Some(place)
    }

    /// As it is now.
    pub(crate) fn summary(&self) -> Summary {
        let mut paths = Vec::with_capacity(self.paths.len());
        let mut waiting = self.last_first(&self.roots);
        while let Some((path, below)) = waiting.pop().and_then(|at| self.paths.get(at)) {
            paths.push(path.clone());
            waiting.extend(self.last_first(below));
        }
        Summary {
            paths,
            ..self.summary.clone()
        }
    }

    /// Places, those of which the calls took longest last.
    fn last_first(&self, places: &[usize]) -> Vec<usize> {
        let mut out = places.to_vec();
        out.sort_by_key(|at| self.paths.get(*at).map(|(path, _)| (path.total, path.calls)));
        out
    }
}
