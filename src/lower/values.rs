//! Values that take more than one word to show: text, bytes, addresses, times, interfaces.

use super::Fragment;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{ErrorShape, Expr, Known, KnownError, Number, Value};

fn arg(directive: &'static str, value: Bt) -> Fragment {
    Fragment::Arg(directive, value)
}

fn text(t: impl Into<String>) -> Fragment {
    Fragment::Text(t.into())
}

fn string(s: &str) -> Bt {
    Bt::Str(s.to_string())
}

fn equals(e: &Bt, n: impl Into<i128>) -> Bt {
    e.clone().binary("==", Bt::Int(n.into()))
}

/// An interface that was looked into.
#[derive(Clone, Debug)]
pub(super) struct Decoded {
    descriptor: Bt,
    data: Bt,
    text: Vec<Fragment>,
}

impl Default for Decoded {
    fn default() -> Self {
        Decoded {
            descriptor: Bt::Int(0),
            data: Bt::Int(0),
            text: Vec::new(),
        }
    }
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
    pub fn text_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Known(Known::Constant(t)) => vec![text(t.clone())],
            Value::Text { len, .. } | Value::Slice { len, .. } if !self.dialect.marks_truncation() => {
                let shown = self.key(value);
                let longest = i128::from(self.dialect.longest_string());
                let len = self.unsigned(len);
                let more = self.text_if("more", "", vec![(len.binary(">=", Bt::Int(longest)), "…")]);
                vec![arg("%s", shown), arg("%s", more)]
            }
            value => vec![arg("%s", self.key(value))],
        }
    }

    /// Bytes through `spec`, with `…` behind them when there were more than fit.
    pub fn byte_fragments(&mut self, value: &Value, spec: &'static str) -> Vec<Fragment> {
        let longest = i128::from(self.dialect.longest_string() * 3 / 4);
        match value {
            Value::Bytes { data, len } => {
                let data = self.unsigned(data);
                let shown = i128::from(*len).min(longest);
                let mut out = vec![arg(spec, Bt::Call("buf", vec![data, Bt::Int(shown)]))];
                if i128::from(*len) > longest {
                    out.push(text("…"));
                }
                out
            }
            Value::Text { data, len } | Value::Slice { data, len, .. } => {
                let data = self.unsigned(data);
                let len = self.unsigned(len);
                let len = self.once("length", len);
                let over = len.clone().binary(">", Bt::Int(longest));
                let size = self.assign(
                    "shown",
                    over.clone().choose(Bt::Int(longest).cast("uint64"), len.clone()),
                );
                let more = self.text_if("more", "", vec![(over, "…")]);
                let form = vec![arg(spec, Bt::Call("buf", vec![data, size])), arg("%s", more)];
                // A buffer of no bytes is not one: every release shows something else.
                Fragment::none_if(equals(&len, 0), form)
            }
            _ => Vec::new(),
        }
    }

    /// A number through `spec`, `prefix` before it.
    pub fn number_fragments(
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

    /// `1.250ms`: thousandths of the largest unit that is not larger than the span.
    pub fn duration_fragments(&mut self, n: &Number) -> Vec<Fragment> {
        let mut out = Vec::new();
        let mut span = self.number(n);
        if n.signed {
            let value = self.once("span", span);
            let negative = value.clone().binary("<", Bt::Int(0));
            out.push(arg(
                "%s",
                self.text_if("minus", "", vec![(negative.clone(), "-")]),
            ));
            let size = negative.choose(
                Bt::Unary("-", Box::new(value.clone())).cast("uint64"),
                value.cast("uint64"),
            );
            span = self.assign("span_size", size);
        } else {
            span = self.once("span", span);
        }
        let below = |limit: i128| span.clone().binary("<", Bt::Int(limit));
        let n = |n: i128| Bt::Int(n).cast("uint64");
        let scale = below(1_000_000).choose(n(1), below(1_000_000_000).choose(n(1000), n(1_000_000)));
        let scale = self.assign("thousandth", scale);
        let whole = span.clone().binary("/", scale.clone().binary("*", Bt::Int(1000)));
        let part = span.clone().binary("/", scale).binary("%", Bt::Int(1000));
        let unit = self.text_if(
            "unit",
            "s",
            vec![(below(1_000_000), "us"), (below(1_000_000_000), "ms")],
        );
        out.extend([
            arg("%llu", whole),
            text("."),
            arg("%03llu", part),
            arg("%s", unit),
        ]);
        out
    }

    /// Seconds since 1970 of a `time.Time` (`src/time/time.go`: `wall` with its top bit set holds 33 bits of seconds since
    /// 1885 and `ext` a monotonic reading; otherwise `ext` is seconds since year 1).
    pub(super) fn unix_seconds(&mut self, wall: &Expr, ext: &Expr) -> Bt {
        let wall = self.unsigned(wall);
        let wall = self.once("wall", wall);
        let ext = self.unsigned(ext);
        // Days and seconds are multiplied in the script: to 0.23 a number beyond 32 bits is unsigned, and it warns where signed ones meet it.
        let day = |days: i128| Bt::Int(days).binary("*", Bt::Int(86_400));
        let monotonic = wall.clone().binary(">>", Bt::Int(63)).binary("==", Bt::Int(1));
        let since_1885 = wall.binary("<<", Bt::Int(1)).binary(">>", Bt::Int(31));
        let with = since_1885.cast("int64").binary("-", day(31_045));
        let without = ext.cast("int64").binary("-", day(719_162));
        self.assign("unix", monotonic.choose(with, without))
    }

    /// `2026-11-21 09:30:00.000000000 UTC`. The calendar is computed here: bpftrace only knows the time since boot.
    pub fn time_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        let Value::Time { wall, ext } = value else {
            return Vec::new();
        };
        let unix = self.unix_seconds(wall, ext);
        let nanoseconds = self.unsigned(wall).binary("&", Bt::Hex(0x3fff_ffff));
        // Days since 0000-03-01, so that leap days come last; years before that are not shown right.
        let days_to_1970 = 719_468i128;
        let shifted = unix
            .clone()
            .binary("+", Bt::Int(days_to_1970).binary("*", Bt::Int(86_400)))
            .cast("uint64");
        let shifted = self.assign("seconds", shifted);
        let over = |e: &Bt, n: i128| e.clone().binary("/", Bt::Int(n));
        let rest = |e: &Bt, n: i128| e.clone().binary("%", Bt::Int(n));
        let days = self.assign("days", over(&shifted, 86_400));
        let era = self.assign("era", over(&days, 146_097));
        let day_of_era = self.assign("day_of_era", rest(&days, 146_097));
        let minus = |a: Bt, b: Bt| a.cast("int64").binary("-", b.cast("int64")).cast("uint64");
        let leap_free = minus(
            minus(day_of_era.clone(), over(&day_of_era, 1460)).binary("+", over(&day_of_era, 36_524)),
            over(&day_of_era, 146_096),
        );
        let year_of_era = self.assign("year_of_era", leap_free.binary("/", Bt::Int(365)));
        let before = year_of_era
            .clone()
            .binary("*", Bt::Int(365))
            .binary("+", over(&year_of_era, 4));
        let before = minus(before, over(&year_of_era, 100));
        let day_of_year = self.assign("day_of_year", minus(day_of_era, before));
        let month = self.assign(
            "month",
            day_of_year
                .clone()
                .binary("*", Bt::Int(5))
                .binary("+", Bt::Int(2))
                .binary("/", Bt::Int(153)),
        );
        let month_start = month
            .clone()
            .binary("*", Bt::Int(153))
            .binary("+", Bt::Int(2))
            .binary("/", Bt::Int(5));
        let day = minus(day_of_year, month_start).binary("+", Bt::Int(1));
        let in_next_year = month.clone().binary(">=", Bt::Int(10));
        let one_based = in_next_year.clone().choose(
            minus(month.clone(), Bt::Int(9).cast("uint64")),
            month.binary("+", Bt::Int(3)),
        );
        let year = year_of_era.binary("+", era.binary("*", Bt::Int(400))).binary(
            "+",
            in_next_year.choose(Bt::Int(1).cast("uint64"), Bt::Int(0).cast("uint64")),
        );
        let day = self.assign("day", day);
        let one_based = self.assign("calendar_month", one_based);
        let second_of_day = self.assign("second_of_day", rest(&shifted, 86_400));
        vec![
            arg("%04llu", year),
            text("-"),
            arg("%02llu", one_based),
            text("-"),
            arg("%02llu", day),
            text(" "),
            arg("%02llu", over(&second_of_day, 3600)),
            text(":"),
            arg("%02llu", over(&second_of_day, 60).binary("%", Bt::Int(60))),
            text(":"),
            arg("%02llu", rest(&second_of_day, 60)),
            text("."),
            arg("%09llu", nanoseconds),
            text(" UTC"),
        ]
    }

    /// An address: `nil` or hexadecimal.
    pub fn pointer_fragments(&mut self, value: &Value) -> Vec<Fragment> {
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
        let address = self.once("address", address);
        let form = vec![text("0x"), arg("%llx", address.clone())];
        vec![Fragment::Choice {
            arms: vec![(equals(&address, 0), vec![text("nil")])],
            otherwise: form.clone(),
            short: form,
        }]
    }

    /// A function by its symbol.
    pub fn symbol_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        let Value::Code(address) = value else {
            return Vec::new();
        };
        let address = self.unsigned(address);
        let address = self.once("code", address);
        let form = vec![arg("%s", Bt::Call("usym", vec![address.clone()]))];
        vec![Fragment::Choice {
            arms: vec![(equals(&address, 0), vec![text("nil")])],
            otherwise: form.clone(),
            short: form,
        }]
    }

    /// An IP address as Go prints it.
    pub fn ip_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Number(n) => {
                let n = self.number(&Number {
                    signed: false,
                    ..n.clone()
                });
                vec![arg("%s", Bt::Call("ntop", vec![Bt::Int(2), n.cast("uint32")]))]
            }
            Value::Bytes { data, len: 4 } => {
                let data = self.unsigned(data);
                vec![arg(
                    "%s",
                    Bt::Call("ntop", vec![Bt::Int(2), Bt::Load("uint32", Box::new(data))]),
                )]
            }
            Value::Bytes { data, len: _ } => {
                let data = self.unsigned(data);
                let data = self.once("ip", data);
                vec![arg("%s", self.ip(&data, None))]
            }
            Value::Slice { data, len, .. } => {
                let data = self.unsigned(data);
                let data = self.once("ip", data);
                let len = self.unsigned(len);
                let len = self.once("ip_length", len);
                let form = vec![arg("%s", self.ip(&data, Some(&len)))];
                let none = (equals(&len, 0), vec![text("<nil>")]);
                vec![Fragment::Choice {
                    arms: vec![none],
                    otherwise: form.clone(),
                    short: form,
                }]
            }
            _ => Vec::new(),
        }
    }

    /// The address at `data`: 4 bytes, or 16 of which an IPv4 address may be the last four (`net.IP.To4`).
    fn ip(&mut self, data: &Bt, len: Option<&Bt>) -> Bt {
        let word = |at: u64, ctype: &'static str| Bt::Load(ctype, Box::new(data.clone().plus(at)));
        let mapped = word(0, "uint64")
            .binary("==", Bt::Int(0))
            .binary("&&", word(8, "uint32").binary("==", Bt::Hex(0xffff_0000)));
        let sixteen = match len {
            Some(len) => equals(len, 16).binary("&&", Bt::Unary("!", Box::new(mapped))),
            None => Bt::Unary("!", Box::new(mapped)),
        };
        let v4 = match len {
            Some(len) => equals(len, 4).choose(word(0, "uint32"), word(12, "uint32")),
            None => word(12, "uint32"),
        };
        let long = Bt::Call("ntop", vec![Bt::Int(10), word(0, "uint8[16]")]);
        let short = Bt::Call("ntop", vec![Bt::Int(2), v4]);
        sixteen.choose(long, short)
    }

    /// The type word of an interface: what the itab says (`internal/abi.ITab.Type`), or the first word itself.
    fn type_word(&mut self, value: &Value) -> Bt {
        let Value::Interface { tab, methods, .. } = value else {
            return Bt::Int(0);
        };
        let tab = self.unsigned(tab);
        if !methods {
            return self.once("type", tab);
        }
        let tab = self.once("itab", tab);
        let read = Bt::Load("uint64", Box::new(tab.clone().plus(8)));
        self.assign("type", equals(&tab, 0).choose(Bt::Int(0).cast("uint64"), read))
    }

    /// The name of the type whose descriptor is at `$type`, as address and length (`internal/abi.Type`: TFlag at 20, Str at 40;
    /// `abi.Name`: a flag byte, the length in 7-bit groups, the bytes). A flagged leading `*` belongs to the pointer to it.
    fn type_name(&mut self, descriptor: &Bt) -> (Bt, Bt) {
        let types = self.plan.runtime.as_ref().and_then(|r| r.types).unwrap_or(0);
        let types = self.address(types);
        let types = if matches!(types, Bt::Hex(_)) {
            types.cast("uint64")
        } else {
            types
        };
        let at =
            |offset: u64, ctype: &'static str| Bt::Load(ctype, Box::new(descriptor.clone().plus(offset)));
        let name = self.assign("name", types.binary("+", at(40, "uint32").cast("uint64")));
        let byte = |offset: u64| Bt::Load("uint8", Box::new(name.clone().plus(offset))).cast("uint64");
        let two = self.assign("long_name", byte(1).binary(">>", Bt::Int(7)));
        let long = byte(1)
            .binary("&", Bt::Hex(0x7f))
            .binary("|", byte(2).binary("<<", Bt::Int(7)));
        let length = self.assign("name_length", equals(&two, 1).choose(long, byte(1)));
        let star = at(20, "uint8")
            .cast("uint64")
            .binary(">>", Bt::Int(1))
            .binary("&", Bt::Int(1));
        let star = self.assign("star", star);
        let start = name
            .clone()
            .binary("+", Bt::Int(2))
            .binary("+", two)
            .binary("+", star.clone());
        (
            start,
            length
                .cast("int64")
                .binary("-", star.cast("int64"))
                .cast("uint64"),
        )
    }

    /// `str(data, len)` with room for the NUL where a release counts it.
    fn str_of(&self, data: Bt, len: Bt) -> Bt {
        let len = if self.dialect.str_counts_nul() {
            len.plus(1)
        } else {
            len
        };
        Bt::Call("str", vec![data, len])
    }

    /// The name of an interface's dynamic type, or `nil`.
    pub fn type_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        self.message_of(value, false)
    }

    /// An interface as a key: `nil`, the message of a plain error, or the type's name.
    pub(super) fn interface_key(&mut self, value: &Value) -> Bt {
        let message = self.message_of(value, true);
        let [Fragment::Arg(_, fixed), Fragment::Arg(_, read)] = message.as_slice() else {
            return string("");
        };
        let (fixed, read) = (fixed.clone(), read.clone());
        // A string that is in neither form has the other one: only one of the two is not empty.
        let key = self.reserve("key");
        self.push(Stmt::Assign(key.clone(), fixed.clone(), String::new()));
        let set = Stmt::Assign(key.clone(), read, String::new());
        self.push(Stmt::If(fixed.binary("==", string("")), vec![set], Vec::new()));
        Bt::Var(key)
    }

    /// The errors whose message is one piece of text.
    fn simple_errors(&self) -> Vec<KnownError> {
        let simple = |s: &ErrorShape| {
            matches!(
                s,
                ErrorShape::Message(_) | ErrorShape::Errno | ErrorShape::Constant(_)
            )
        };
        self.plan
            .errors
            .iter()
            .filter(|e| simple(&e.shape))
            .cloned()
            .collect()
    }

    /// What an interface holds: its type word, its data word, and two pieces of text, one of which is empty: a constant
    /// (`nil`), and text in memory (the message if `errors` and its type is a plain one, or else the type's name).
    /// It is found out once in a probe.
    fn decoded(&mut self, value: &Value, errors: bool) -> Decoded {
        if let Some(known) = self.recall_decoded(value, errors) {
            return known;
        }
        let mut made = None;
        let written = self.nested(|w| {
            let descriptor = w.type_word(value);
            let data = match value {
                Value::Interface { data, .. } => w.unsigned(data),
                _ => Bt::Int(0),
            };
            let messages = if errors { w.simple_errors() } else { Vec::new() };
            let text = w.message(&descriptor, &data, &messages);
            made = Some(Decoded {
                descriptor,
                data,
                text,
            });
        });
        let decoded = made.unwrap_or_default();
        self.remember_decoded(value, errors, &decoded, written);
        decoded
    }

    fn message_of(&mut self, value: &Value, errors: bool) -> Vec<Fragment> {
        self.decoded(value, errors).text
    }

    fn message(&mut self, descriptor: &Bt, data: &Bt, messages: &[KnownError]) -> Vec<Fragment> {
        let [fixed, start, length] = ["fixed", "text", "text_length"].map(|wish| self.reserve(wish));
        let zero = || Bt::Int(0).cast("uint64");
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        self.push(set(&fixed, string("nil")));
        self.push(set(&start, zero()));
        self.push(set(&length, zero()));
        let mut chain = self.nested(|w| {
            let (name, size) = w.type_name(descriptor);
            w.push(set(&start, name));
            w.push(set(&length, size));
        });
        for KnownError {
            name,
            descriptor: known,
            shape,
        } in messages.iter().rev()
        {
            let then = self.nested(|w| {
                w.push(Stmt::Comment(name.clone()));
                match shape {
                    ErrorShape::Message(offset) => {
                        let word = |at: u64| Bt::Load("uint64", Box::new(data.clone().plus(at)));
                        w.push(set(&start, word(*offset)));
                        w.push(set(&length, word(*offset + 8)));
                    }
                    ErrorShape::Errno => {
                        let number = w.assign("errno", Bt::Load("uint64", Box::new(data.clone())));
                        // `syscall.errors` is a table of Go strings by number (`src/syscall/zerrors_linux_amd64.go`).
                        if let Some((table, count)) = w.plan.errno_texts {
                            let base = w.address(table);
                            let slot = w.assign(
                                "errno_text",
                                base.binary("+", number.clone().binary("*", Bt::Int(16))),
                            );
                            let word = |at: u64| Bt::Load("uint64", Box::new(slot.clone().plus(at)));
                            let inside = vec![set(&start, word(0)), set(&length, word(8))];
                            w.push(Stmt::If(
                                number.binary("<", Bt::Int(i128::from(count))),
                                inside,
                                Vec::new(),
                            ));
                        }
                    }
                    ErrorShape::Constant(text) => w.push(set(&fixed, string(text))),
                    _ => {}
                }
            });
            let known = self.address(*known);
            chain = vec![Stmt::If(descriptor.clone().binary("==", known), then, chain)];
        }
        let mut inside = vec![set(&fixed, string(""))];
        inside.append(&mut chain);
        self.push(Stmt::If(
            descriptor.clone().binary("!=", Bt::Int(0)),
            inside,
            Vec::new(),
        ));
        let read = self.str_of(Bt::Var(start), Bt::Var(length));
        vec![arg("%s", Bt::Var(fixed)), arg("%s", read)]
    }

    /// The Go string at an address.
    fn string_at(&mut self, base: &Bt, offset: u64) -> Bt {
        let word = |at: u64| Bt::Load("uint64", Box::new(base.clone().plus(at)));
        self.str_of(word(offset), word(offset + 8))
    }

    /// `nil`, the message of an error as its `Error` method makes it where the type is a known one, or else the type.
    pub fn error_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        if let Some(known) = self.recall_error(value) {
            return known;
        }
        let mut made = Vec::new();
        let written = self.nested(|w| made = w.error_forms(value));
        self.remember_error(value, &made, written);
        made
    }

    fn error_forms(&mut self, value: &Value) -> Vec<Fragment> {
        let Decoded {
            descriptor,
            data,
            text: plain,
        } = self.decoded(value, true);
        let mut arms = Vec::new();
        for error in self.plan.errors.clone() {
            let known = self.address(error.descriptor);
            let condition = descriptor.clone().binary("==", known);
            let form = match error.shape {
                ErrorShape::Path(operation, path, inner) => {
                    let operation = self.string_at(&data, operation);
                    let path = self.string_at(&data, path);
                    let mut form = vec![arg("%s", operation), text(" "), arg("%s", path), text(": ")];
                    form.extend(self.inner_error(&condition, &data, inner));
                    form
                }
                ErrorShape::Syscall(name, inner) => {
                    let name = self.string_at(&data, name);
                    let mut form = vec![arg("%s", name), text(": ")];
                    form.extend(self.inner_error(&condition, &data, inner));
                    form
                }
                ErrorShape::Net(operation, network, source, address, inner) => {
                    let operation = self.string_at(&data, operation);
                    let network = self.string_at(&data, network);
                    let mut form = vec![arg("%s", operation), text(" "), arg("%s", network)];
                    form.extend(self.net_addresses(&data, source, address));
                    form.push(text(": "));
                    form.extend(self.inner_error(&condition, &data, inner));
                    form
                }
                _ => continue,
            };
            arms.push((condition, form));
        }
        if arms.is_empty() {
            return plain;
        }
        vec![Fragment::Choice {
            arms,
            otherwise: plain.clone(),
            short: plain,
        }]
    }

    /// The error inside another one: a system call's name and `: `, if it is such an error, and the message.
    fn inner_error(&mut self, outer: &Bt, data: &Bt, offset: u64) -> Vec<Fragment> {
        let zero = || Bt::Int(0).cast("uint64");
        let word = |base: &Bt, at: u64| Bt::Load("uint64", Box::new(base.clone().plus(at)));
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        let [tab, object, call, call_length] =
            ["cause_itab", "cause", "call", "call_length"].map(|wish| self.reserve(wish));
        for variable in [&tab, &object, &call, &call_length] {
            self.push(set(variable, zero()));
        }
        let syscall = self.plan.errors.iter().find_map(|e| match e.shape {
            ErrorShape::Syscall(name, inner) => Some((e.descriptor, name, inner)),
            _ => None,
        });
        let body = self.nested(|w| {
            w.push(set(&tab, word(data, offset)));
            w.push(set(&object, word(data, offset + 8)));
            let Some((known, name_at, inner_at)) = syscall else {
                return;
            };
            let known = w.address(known);
            let is_syscall = word(&Bt::Var(tab.clone()), 8).binary("==", known);
            let unwrap = vec![
                set(&call, word(&Bt::Var(object.clone()), name_at)),
                set(&call_length, word(&Bt::Var(object.clone()), name_at + 8)),
                set(&tab, word(&Bt::Var(object.clone()), inner_at)),
                set(&object, word(&Bt::Var(object.clone()), inner_at + 8)),
            ];
            w.push(Stmt::If(is_syscall, unwrap, Vec::new()));
        });
        self.push(Stmt::If(outer.clone(), body, Vec::new()));
        let descriptor = self.reserve("cause_type");
        self.push(set(&descriptor, zero()));
        let read = set(&descriptor, word(&Bt::Var(tab.clone()), 8));
        self.push(Stmt::If(
            Bt::Var(tab).binary("!=", Bt::Int(0)),
            vec![read],
            Vec::new(),
        ));
        let simple = self.simple_errors();
        let mut out = Vec::new();
        if syscall.is_some() {
            let colon = self.text_if(
                "colon",
                "",
                vec![(Bt::Var(call_length.clone()).binary("!=", Bt::Int(0)), ": ")],
            );
            let call = self.str_of(Bt::Var(call), Bt::Var(call_length));
            out.extend([arg("%s", call), arg("%s", colon)]);
        }
        out.extend(self.message(&Bt::Var(descriptor), &Bt::Var(object), &simple));
        out
    }

    /// ` 10.0.0.1:50000->10.0.0.2:80`, as far as a `*net.OpError` says it.
    fn net_addresses(&mut self, data: &Bt, source: u64, address: u64) -> Vec<Fragment> {
        let shapes: Vec<(u64, u64, u64)> = self
            .plan
            .errors
            .iter()
            .filter_map(|e| match e.shape {
                ErrorShape::Address(ip, port) => Some((e.descriptor, ip, port)),
                _ => None,
            })
            .collect();
        let Some(&(_, ip_at, port_at)) = shapes.first() else {
            return Vec::new();
        };
        let word = |at: u64| Bt::Load("uint64", Box::new(data.clone().plus(at)));
        let known = |w: &mut Self, tab: Bt| {
            let read = Bt::Load("uint64", Box::new(tab.clone().plus(8)));
            let descriptor = w.assign(
                "address_type",
                equals(&tab, 0).choose(Bt::Int(0).cast("uint64"), read),
            );
            shapes
                .iter()
                .map(|(d, _, _)| {
                    let d = w.address(*d);
                    descriptor.clone().binary("==", d)
                })
                .reduce(|a, b| a.binary("||", b))
                .unwrap_or(Bt::Int(0))
        };
        let address_tab = self.assign("address_itab", word(address));
        let address_known = known(self, address_tab.clone());
        let source_tab = self.assign("source_itab", word(source));
        let source_known = known(self, source_tab.clone());
        let shown = |w: &mut Self, at: u64, name: &str| {
            let object = w.assign(name, word(at + 8));
            let ip = w.assign("ip", Bt::Load("uint64", Box::new(object.clone().plus(ip_at))));
            let len = w.assign(
                "ip_length",
                Bt::Load("uint64", Box::new(object.clone().plus(ip_at + 8))),
            );
            let port = Bt::Load("uint64", Box::new(object.plus(port_at)));
            let six = equals(&len, 16).binary("&&", Bt::Unary("!", Box::new(w.is_mapped(&ip))));
            let open = w.text_if("open", "", vec![(six.clone(), "[")]);
            let close = w.text_if("close", ":", vec![(six, "]:")]);
            let ip = w.ip(&ip, Some(&len));
            vec![
                arg("%s", open),
                arg("%s", ip),
                arg("%s", close),
                arg("%llu", port),
            ]
        };
        let to = shown(self, address, "address");
        let from = shown(self, source, "source");
        let mut both = vec![text(" ")];
        both.extend(from);
        both.push(text("->"));
        both.extend(to.clone());
        let mut one = vec![text(" ")];
        one.extend(to);
        let arms = vec![
            (address_known.clone().binary("&&", source_known), both),
            (address_known, one.clone()),
        ];
        vec![Fragment::Choice {
            arms,
            otherwise: Vec::new(),
            short: Vec::new(),
        }]
    }

    fn is_mapped(&mut self, data: &Bt) -> Bt {
        let word = |at: u64, ctype: &'static str| Bt::Load(ctype, Box::new(data.clone().plus(at)));
        word(0, "uint64")
            .binary("==", Bt::Int(0))
            .binary("&&", word(8, "uint32").binary("==", Bt::Hex(0xffff_0000)))
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
