//! Text that cannot be read whole told from other text, and kept apart in results that go by it.

use super::whole::{Looked, MOST_WORDS};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::state::Holds;
use crate::plan::{AtEntry, Expr, Known, Value};

impl Writer<'_> {
    /// A number for text: 0 if it can be read whole, else one that tells it from other texts, or 1 where there is no
    /// room for that.
    pub(super) fn digest(&mut self, data: &Expr, len: &Expr) -> Bt {
        let looked = self.looked_at(data, len);
        if let Some((_, digest)) = looked.digest {
            return digest;
        }
        let name = self.name_of(data);
        let name = self.reserve(&format!("{name}_digest"));
        self.push(Stmt::Assign(
            name.clone(),
            Bt::Int(0).cast("uint64"),
            String::new(),
        ));
        let hole = self.is_hole(looked.hole);
        let told = self.nested(|w| w.tell_apart(&looked, &name));
        self.push(Stmt::If(hole, told, Vec::new()));
        let digest = Bt::Var(name);
        let depth = self.depth;
        for ((d, l), known) in self.texts.looked_at.iter_mut() {
            if d == data && l == len {
                known.digest = Some((depth, digest.clone()));
            }
        }
        digest
    }

    /// Puts a number into a variable that is another one for another text, and not 0.
    ///
    /// It is made of all bytes that would be shown and of the length. Each step can be undone, so texts of up to 8
    /// bytes never share one, and others do by a chance of 1 in 2^53: as many bits as all readers of JSON take. What is
    /// not in memory is told apart by its address.
    fn tell_apart(&mut self, looked: &Looked, digest: &str) {
        let words = self.dialect.longest_string().div_ceil(8);
        self.texts.words += words;
        let n = Bt::Int;
        let var = |name: &str| Bt::Var(name.to_string());
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        // Not the address first: from the first value bpftrace learns whose memory it is.
        self.push(set(digest, n(1).cast("uint64")));
        if self.texts.words > MOST_WORDS {
            return;
        }
        let Looked { start, length, .. } = looked;
        let nothing = self.nothing_around(start, length);
        let step = |more: Bt| {
            let mixed = var(digest)
                .binary("^", more)
                .binary("*", Bt::Hex(0x1e37_79b9_7f4a_7c15));
            [
                set(digest, mixed),
                set(
                    digest,
                    var(digest).binary("^", var(digest).binary("/", Bt::Hex(1 << 32))),
                ),
            ]
        };
        let each = |ctype: &'static str, bytes: u64| {
            let mut body: Vec<Stmt> = step(Bt::Load(ctype, Box::new(var("text_at")))).into();
            body.push(set("text_at", var("text_at").plus(bytes)));
            let inside = var("text_at").plus(bytes).binary("<=", var("text_end"));
            vec![Stmt::If(inside, body, Vec::new())]
        };
        let shown = self.shown(length);
        let mut all = vec![
            set("text_at", start.clone()),
            set("text_end", start.clone().binary("+", shown)),
            set(digest, length.clone()),
            Stmt::Unroll(words, each("uint64", 8)),
            Stmt::Unroll(7, each("uint8", 1)),
        ];
        all.extend(step(n(0).cast("uint64")));
        all.push(set(digest, var(digest).binary("/", n(1 << 11)).plus(1)));
        let by_address = vec![set(digest, start.clone())];
        self.push(Stmt::If(nothing, by_address, all));
    }

    /// The statement that stores something under `keys` in the result `map`; in its other map, where a digest stands
    /// behind each text, if one of them was not read whole.
    pub(super) fn store_whole(&mut self, map: &str, keys: &[Value], value: &Bt) {
        let mut whole = Vec::new();
        let mut apart = Vec::new();
        let mut cut: Option<Bt> = None;
        for key in keys {
            let (read, digest) = match key {
                Value::Text { data, len } | Value::Slice { data, len, .. } => {
                    let digest = self.digest(data, len);
                    (self.looked_at(data, len).text, Some(digest))
                }
                Value::Known(Known::AtEntry(kept)) => (self.at_entry(kept), self.kept_digest(kept)),
                Value::Known(Known::Constant(text)) => (self.constant_key(text), None),
                key => (self.key(key), None),
            };
            whole.push(read.clone());
            apart.push(read);
            if let Some(digest) = digest {
                apart.push(digest.clone());
                cut = Some(match cut {
                    Some(before) => before.binary("|", digest),
                    None => digest,
                });
            }
        }
        let store = |map: &str, keys| Stmt::Store(map.to_string(), keys, value.clone());
        let whole = store(map, whole);
        self.push(match cut.zip(self.plan.not_whole(map)) {
            Some((cut, other)) => Stmt::If(
                cut.binary("==", Bt::Int(0)),
                vec![whole],
                vec![store(other, apart)],
            ),
            None => whole,
        });
    }

    /// The digest of kept text.
    pub(super) fn kept_digest(&mut self, text: &AtEntry) -> Option<Bt> {
        let id = self.function.keeps(text)?;
        match self.plan.state.get(id.0)?.holds {
            Holds::Text(digest) => Some(self.kept(digest)),
            _ => None,
        }
    }
}
