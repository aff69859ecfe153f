//! Values that take more than one word to show: text, bytes, addresses, times, interfaces.

use super::Fragment;
use super::whole::{Looked, is_more};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{Expr, Known, Number, Value};

pub(super) fn arg(directive: &'static str, value: Bt) -> Fragment {
    Fragment::Arg(directive, value)
}

pub(super) fn text(t: impl Into<String>) -> Fragment {
    Fragment::Text(t.into())
}

pub(super) fn string(s: &str) -> Bt {
    Bt::Str(s.to_string())
}

pub(super) fn equals(e: &Bt, n: impl Into<i128>) -> Bt {
    e.clone().binary("==", Bt::Int(n.into()))
}

impl Writer<'_> {
    /// `str(data, len + 1)`: the characters of a Go string, which has no NUL at its end.
    pub(super) fn read_text(&mut self, data: &Expr, len: &Expr) -> Bt {
        let data = self.unsigned(data);
        let len = match self.unsigned(len) {
            Bt::Int(n) => Bt::Int(n + i128::from(self.dialect.str_counts_nul())),
            len if self.dialect.str_counts_nul() => len.plus(1),
            len => len,
        };
        Bt::Call("str", vec![data, len])
    }

    /// Text as it stands.
    pub(super) fn text_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Known(Known::Constant(t)) => vec![text(t.clone())],
            Value::Text { data, len } | Value::Slice { data, len, .. } => {
                let Looked {
                    hole, text: shown, ..
                } = self.looked_at(data, len);
                if self.dialect.marks_truncation() {
                    return vec![arg("%s", shown), self.mark(hole)];
                }
                let len = self.unsigned(len);
                let cut = self.is_longer(len).binary("||", self.is_hole(hole));
                let more = self.text_if("_more", "", vec![(cut, "…")]);
                vec![arg("%s", shown), arg("%s", more)]
            }
            Value::Known(Known::AtEntry(kept)) => {
                let shown = self.at_entry(kept);
                match self.kept_digest(kept) {
                    Some(digest) => {
                        let hole = self.noted(is_more(digest, 0));
                        vec![arg("%s", shown), self.mark(hole)]
                    }
                    None => vec![arg("%s", shown)],
                }
            }
            value => vec![arg("%s", self.key(value))],
        }
    }

    /// `…` behind text of `len` bytes that is cut, where bpftrace does not write it by itself.
    pub(super) fn cut_mark(&mut self, len: Bt) -> Option<Fragment> {
        if self.dialect.marks_truncation() {
            return None;
        }
        let cut = self.is_longer(len);
        let more = self.text_if("_more", "", vec![(cut, "…")]);
        Some(arg("%s", more))
    }

    /// A condition: text of `len` bytes is longer than what is shown.
    fn is_longer(&self, len: Bt) -> Bt {
        len.binary(">=", Bt::Int(i128::from(self.dialect.longest_string())))
    }

    /// Bytes through `spec`, with `…` behind them when there were more than fit.
    pub(super) fn byte_fragments(&mut self, value: &Value, spec: &'static str) -> Vec<Fragment> {
        let longest = i128::from(self.dialect.longest_string().min(256) * 3 / 4);
        match value {
            Value::Bytes { data, len } => {
                let data = self.unsigned(data);
                let data = self.once("_bytes", data);
                let shown = i128::from(*len).min(longest);
                let mut out = vec![arg(spec, Bt::Call("buf", vec![data.clone(), Bt::Int(shown)]))];
                if i128::from(*len) > longest {
                    out.push(text("…"));
                }
                out.push(self.zeros_mark(&data, &Bt::Int(shown)));
                out
            }
            Value::Text { data, len } | Value::Slice { data, len, .. } => {
                let data = self.unsigned(data);
                let data = self.once("_bytes", data);
                let len = self.unsigned(len);
                let len = self.once("_len", len);
                let over = len.clone().binary(">", Bt::Int(longest));
                let size = self.assign(
                    "_shown",
                    over.clone().choose(Bt::Int(longest).cast("uint64"), len.clone()),
                );
                let more = self.text_if("_more", "", vec![(over, "…")]);
                let zeros = self.zeros_mark(&data, &size);
                let form = vec![
                    arg(spec, Bt::Call("buf", vec![data, size])),
                    arg("%s", more),
                    zeros,
                ];
                if self.dialect.shows_empty_buffers() {
                    return form;
                }
                Fragment::none_if(equals(&len, 0), form)
            }
            _ => Vec::new(),
        }
    }

    /// A number through `spec`, `prefix` before it.
    pub(super) fn number_fragments(
        &mut self,
        prefix: &str,
        spec: &'static str,
        n: &Number,
        signed: bool,
    ) -> Vec<Fragment> {
        if matches!(n.expr, Expr::Process | Expr::Thread | Expr::Cpu) && prefix.is_empty() {
            return vec![arg("%u", self.builtin(&n.expr))];
        }
        let n = Number { signed, ..n.clone() };
        let value = self.number(&n);
        let value = match value {
            // A constant alone has no width that every release agrees on.
            Bt::Int(n) => return vec![text(format!("{prefix}{n}"))],
            v => v,
        };
        let mut out = Vec::new();
        if !prefix.is_empty() {
            out.push(text(prefix));
        }
        out.push(arg(spec, value));
        out
    }

    /// An address: `nil` or hexadecimal.
    pub(super) fn pointer_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        let address = match value {
            Value::Number(n) => self.number(&Number {
                signed: false,
                ..n.clone()
            }),
            Value::Text { data, .. }
            | Value::Slice { data, .. }
            | Value::Bytes { data, .. }
            | Value::Code(data) => self.unsigned(data),
            Value::Interface { data, .. } => self.unsigned(data),
            _ => return Vec::new(),
        };
        let address = self.once("_address", address);
        let form = vec![text("0x"), arg("%llx", address.clone())];
        vec![Fragment::Choice {
            arms: vec![(equals(&address, 0), vec![text("nil")])],
            otherwise: form.clone(),
            short: form,
        }]
    }

    /// A function by its symbol.
    pub(super) fn symbol_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        let Value::Code(address) = value else {
            return Vec::new();
        };
        let address = self.unsigned(address);
        let address = self.once("_code", address);
        let form = vec![arg("%s", Bt::Call("usym", vec![address.clone()]))];
        vec![Fragment::Choice {
            arms: vec![(equals(&address, 0), vec![text("nil")])],
            otherwise: form.clone(),
            short: form,
        }]
    }

    /// `str(data, len)` with room for the NUL where a release counts it.
    pub(super) fn str_of(&self, data: Bt, len: Bt) -> Bt {
        let len = if self.dialect.str_counts_nul() {
            len.plus(1)
        } else {
            len
        };
        Bt::Call("str", vec![data, len])
    }

    /// Text that is looked at only if there is any: each read that fails takes longer than all the others.
    pub(super) fn string_if_any(&mut self, start: Bt, length: &Bt) -> Vec<Fragment> {
        let start = self.address_in(start);
        let mut noted = None;
        let note = self.nested(|w| noted = Some(w.noted_end(&start, length)));
        self.push(Stmt::If(
            length.clone().binary("!=", Bt::Int(0)),
            note,
            Vec::new(),
        ));
        let shown = arg("%s", self.str_of(start, length.clone()));
        let mark = noted.map(|hole| self.mark(hole));
        [shown].into_iter().chain(mark).collect()
    }
}

impl Fragment {
    /// Nothing when `condition` holds, else `form`.
    fn none_if(condition: Bt, form: Vec<Fragment>) -> Vec<Fragment> {
        vec![Fragment::Choice {
            arms: vec![(condition, Vec::new())],
            otherwise: form.clone(),
            short: form,
        }]
    }
}
