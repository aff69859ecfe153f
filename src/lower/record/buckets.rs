//! Buckets of histograms, as keys of a map of sums, where a release loses samples of its own histograms.

use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::record::{FINE, FINEST};
use crate::plan::{Aggregation, Value};

impl Writer<'_> {
    /// The number of the bucket that a sample belongs in, if it goes into a histogram of powers of two: how far the
    /// value was shifted to the right, above its bits that are left, of which there are one more than buckets in each
    /// power of two take.
    pub(super) fn bucket(&mut self, how: &Aggregation) -> Option<Bt> {
        let (value, bits) = match how {
            Aggregation::Hist(value) => (value, FINE),
            Aggregation::Percentiles(value) => (value, FINEST),
            _ => return None,
        };
        let is_meant = |(of, at): &(Value, u32)| of == value && *at == bits;
        if let Some(known) = self.memo.buckets.get(is_meant) {
            return Some(known.clone());
        }
        let of = (value.clone(), bits);
        let value = self.measure(value).cast("uint64");
        let [left, shifted] = ["left", "shifted"].map(|name| self.reserve(name));
        self.push(Stmt::Assign(left.clone(), value, String::new()));
        let none = Bt::Int(0).cast("uint64");
        self.push(Stmt::Assign(shifted.clone(), none, String::new()));
        for by in [32, 16, 8, 4, 2, 1] {
            let least = 1u64 << (bits + by);
            self.push(Stmt::Raw(format!(
                "if (${left} >= {least:#x}) {{ ${left} = ${left} >> {by}; ${shifted} = ${shifted} + {by}; }}"
            )));
        }
        let above = Bt::Var(shifted).binary("<<", Bt::Int((bits + 1).into()));
        // In a tuple, which is in memory: the kernel would look at all that comes later once for each way to here.
        let bucket = vec![above.binary("|", Bt::Var(left)), Bt::Int(0).cast("uint64")];
        let bucket = Bt::Element(Box::new(self.assign("bucket", Bt::Tuple(bucket))), 0);
        self.memo.buckets.add(self.depth, of, bucket.clone());
        Some(bucket)
    }
}
