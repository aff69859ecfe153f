//! Creates results before the first sample, for releases that lose a sample if two CPUs create a key at the same
//! moment.

use super::used;
use crate::bt::attach::AttachPoint;
use crate::bt::{Expr, Item, Probe, Stmt};
use std::collections::BTreeSet;

/// The results that this is done for: those without keys of their own that are counts or histograms of powers of two.
#[derive(Default)]
pub(super) struct Prepared {
    counts: BTreeSet<String>,
    histograms: BTreeSet<String>,
}

impl Prepared {
    /// The results that the probes add to.
    pub(super) fn of(items: &[Item]) -> Self {
        let stored = |call: &str| {
            let mut found = BTreeSet::new();
            used::each_store(items, &mut |map, keys, value| {
                if keys.is_empty() && matches!(value, Expr::Call(name, of) if *name == call && of.len() < 2) {
                    found.insert(map.to_string());
                }
            });
            found
        };
        Self {
            counts: stored("count"),
            histograms: stored("hist"),
        }
    }

    /// Whether the result `map` is one of them.
    pub(super) fn contains(&self, map: &str) -> bool {
        self.counts.contains(map) || self.histograms.contains(map)
    }

    /// The probe that makes the keys; a histogram has one for each bucket.
    pub(super) fn probe(&self) -> Option<Probe> {
        let mut body: Vec<Stmt> = self
            .counts
            .iter()
            .map(|map| Stmt::Store(map.clone(), Vec::new(), Expr::Call("count", Vec::new())))
            .collect();
        if !self.histograms.is_empty() {
            let each: String = self
                .histograms
                .iter()
                .map(|map| format!("\t@{map} = hist($sample);\n"))
                .collect();
            let buckets = format!("unroll(64) {{\n{each}\t$sample = $sample * 2 + 1;\n}}");
            body.push(Stmt::Assign(
                "sample".into(),
                Expr::Int(0).cast("int64"),
                String::new(),
            ));
            body.push(Stmt::Raw(buckets));
        }
        body.extend(self.counts.iter().chain(&self.histograms).map(|map| zero(map)));
        let why = "All keys are there before two CPUs can make one at the same moment: bpftrace before 0.24 would lose a sample then.";
        (!body.is_empty()).then(|| Probe::at(AttachPoint::Begin, why, body))
    }
}

/// `zero(@map);`: no samples, but the keys stay.
pub(super) fn zero(map: &str) -> Stmt {
    Stmt::Call(Expr::Call("zero", vec![Expr::Map(map.to_string(), Vec::new())]))
}
