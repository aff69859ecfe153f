//! Results: statements that add to the maps that a user sees.

use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::record::{FINE, FINEST};
use crate::plan::{Aggregation, Expr, NumberKind, Value};

impl Writer<'_> {
    pub(super) fn aggregate(&mut self, map: &str, how: &Aggregation, keys: &[Value]) {
        let keys = match (how, keys) {
            // 0.25 puts a bucket's number right behind the key, and the kernel wants both at multiples of 8: numbers
            // are not narrow.
            (
                Aggregation::Hist(_) | Aggregation::Percentiles(_) | Aggregation::Linear(..),
                [Value::Number(n)],
            ) if n.kind != NumberKind::Bool => {
                vec![self.number(n)]
            }
            _ => {
                let call = self.gathered(how);
                self.store_whole(map, keys, &call);
                return;
            }
        };
        let call = self.gathered(how);
        self.push(Stmt::Store(map.to_string(), keys, call));
    }

    /// The statement that adds to a map.
    pub(super) fn gathered(&mut self, how: &Aggregation) -> Bt {
        match how {
            Aggregation::Count => Bt::Call("count", Vec::new()),
            Aggregation::Sum(v) => Bt::Call("sum", vec![self.measure(v)]),
            Aggregation::Min(v) => Bt::Call("min", vec![self.measure(v)]),
            Aggregation::Max(v) => Bt::Call("max", vec![self.measure(v)]),
            // An average alone cannot be put together with that of another site.
            Aggregation::Avg(v) if self.records.is_none() => Bt::Call("avg", vec![self.measure(v)]),
            Aggregation::Avg(v) => Bt::Call("stats", vec![self.measure(v)]),
            Aggregation::Stats(v) => Bt::Call("stats", vec![self.measure(v)]),
            Aggregation::Percentiles(v) if self.dialect.has_fine_histograms() => {
                Bt::Call("hist", vec![self.measure(v), Bt::Int(FINEST.into())])
            }
            Aggregation::Percentiles(v) => Bt::Call("hist", vec![self.measure(v)]),
            Aggregation::Hist(v) => {
                let mut arguments = vec![self.measure(v)];
                // Percentiles are told from finer buckets.
                if self.records.is_some() && self.dialect.has_fine_histograms() {
                    arguments.push(Bt::Int(FINE.into()));
                }
                Bt::Call("hist", arguments)
            }
            Aggregation::Linear(v, low, high, step) => {
                let bound = |n: &i64| Bt::Int(i128::from(*n));
                Bt::Call(
                    "lhist",
                    vec![self.measure(v), bound(low), bound(high), bound(step)],
                )
            }
        }
    }

    /// Adds 1 or a number to a map that a timer reads.
    pub(super) fn add_to(&mut self, map: &str, value: Option<&Value>) {
        let more = value.map(|value| self.measure(value));
        let sum = if self.dialect.compares_counts() {
            // Processors do not wait for each other.
            Bt::Call("sum", vec![more.unwrap_or(Bt::Int(1)).cast("int64")])
        } else {
            // Without a sign: 0.17 knows nothing else of a map that is read before it is filled.
            let more = more.map_or(Bt::Int(1), |more| more.cast("uint64"));
            Bt::Map(map.to_owned(), Vec::new()).binary("+", more)
        };
        self.push(Stmt::Store(map.to_owned(), Vec::new(), sum));
    }

    pub(super) fn measure(&mut self, v: &Value) -> Bt {
        match v {
            Value::Number(n) => self.number(n),
            _ => Bt::Int(0),
        }
    }

    /// A value as a key of a map, or as an argument of `%s` where it has such a form.
    pub(super) fn key(&mut self, value: &Value) -> Bt {
        self.about.name = self.name_of_value(value);
        match value {
            Value::Number(n) if n.kind == NumberKind::Bool => {
                let truth = self.truth(n);
                self.text_if("_is", "false", vec![(truth, "true")])
            }
            Value::Number(n) if matches!(n.expr, Expr::Process | Expr::Thread | Expr::Cpu) => {
                self.builtin(&n.expr)
            }
            Value::Number(n) => self.number(n),
            Value::Text { data, len } | Value::Slice { data, len, .. } => self.read_text(data, len),
            Value::Bytes { data, len } => {
                let size = i128::from(*len) + i128::from(self.dialect.str_counts_nul());
                let data = self.unsigned(data);
                Bt::Call("str", vec![data, Bt::Int(size)])
            }
            Value::Known(known) => self.known(known),
            Value::Interface { .. } => self.interface_key(value, true),
            Value::TypeOf(inner) => self.interface_key(inner, false),
            Value::Time { wall, ext } => self.unix_seconds(wall, ext),
            Value::Stack(Some(depth)) => Bt::Call("ustack", vec![Bt::Int(i128::from(*depth))]),
            Value::Stack(None) => Bt::Builtin("ustack"),
            Value::Code(address) => {
                let address = self.unsigned(address);
                Bt::Call("usym", vec![address])
            }
            Value::Comm => Bt::Builtin("comm"),
        }
    }
}
