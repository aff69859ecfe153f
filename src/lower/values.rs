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

/// The words of an interface.
#[derive(Clone, Debug)]
struct Words {
    tab: Bt,
    descriptor: Option<Bt>,
    data: Bt,
}

/// An interface that was looked into.
#[derive(Clone, Debug)]
pub(super) struct Decoded {
    words: Words,
    text: Vec<Fragment>,
}

impl Default for Decoded {
    fn default() -> Self {
        let words = Words {
            tab: Bt::Int(0),
            descriptor: None,
            data: Bt::Int(0),
        };
        Decoded {
            words,
            text: Vec::new(),
        }
    }
}

/// The map of names of dynamic types, by the address of itab or descriptor.
pub(super) const TYPE_NAMES: &str = "type_names";
/// The map of texts of errno numbers.
pub(super) const ERRNO_TEXTS: &str = "errno_texts";

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

    /// The words of an interface: the first, the type's descriptor (the same, unless the first is an itab; 0 if the itab is on
    /// a page that the program never touched), the data.
    fn interface_words(&mut self, value: &Value) -> Words {
        let Value::Interface {
            tab, data, methods, ..
        } = value
        else {
            return Words {
                tab: Bt::Int(0),
                descriptor: None,
                data: Bt::Int(0),
            };
        };
        let tab = self.unsigned(tab);
        let tab = self.once(if *methods { "itab" } else { "type" }, tab);
        // `internal/abi.ITab`: the interface, then the type.
        let descriptor =
            methods.then(|| self.assign("type", Bt::Load("uint64", Box::new(tab.clone().plus(8)))));
        let data = self.unsigned(data);
        Words {
            tab,
            descriptor,
            data: self.once("data", data),
        }
    }

    /// An interface holds a value of a known type.
    fn holds(&mut self, words: &Words, known: &KnownError) -> Bt {
        let descriptor = self.address(known.descriptor);
        let Some(word) = &words.descriptor else {
            return words.tab.clone().binary("==", descriptor);
        };
        let mut condition = word.clone().binary("==", descriptor);
        for itab in known.itabs.iter().rev() {
            let itab = self.address(*itab);
            condition = words.tab.clone().binary("==", itab).binary("||", condition);
        }
        condition
    }

    /// The name of a type from its descriptor, into the variables `start` and `length` (`internal/abi.Type`: TFlag at 20, Str at
    /// 40; `abi.Name`: a flag byte, the length in 7-bit groups, the bytes). A flagged leading `*` is not part of it.
    fn type_name(&mut self, descriptor: &Bt, start: &str, length: &str) {
        let types = self.plan.runtime.as_ref().and_then(|r| r.types).unwrap_or(0);
        let types = self.address(types);
        let types = if matches!(types, Bt::Hex(_)) {
            types.cast("uint64")
        } else {
            types
        };
        let at = |offset: u64, ctype: &'static str| {
            Bt::Load(ctype, Box::new(descriptor.clone().plus(offset))).cast("uint64")
        };
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        let var = |name: &str| Bt::Var(name.to_string());
        let offset = self.assign("name_offset", at(40, "uint32"));
        let body = self.nested(|w| {
            w.push(set(start, types.binary("+", offset.clone())));
            let byte = |n: u64| Bt::Load("uint8", Box::new(var(start).plus(n))).cast("uint64");
            w.push(set(length, byte(1)));
            let long = var(length)
                .binary("&", Bt::Hex(0x7f))
                .binary("|", byte(2).binary("<<", Bt::Int(7)));
            let two = vec![set(length, long), set(start, var(start).plus(1))];
            w.push(Stmt::If(var(length).binary(">", Bt::Int(127)), two, Vec::new()));
            let star = at(20, "uint8").binary(">>", Bt::Int(1)).binary("&", Bt::Int(1));
            let star = w.assign("star", star);
            w.push(set(start, var(start).plus(2).binary("+", star.clone())));
            let shorter = var(length)
                .cast("int64")
                .binary("-", star.cast("int64"))
                .cast("uint64");
            w.push(set(length, shorter));
        });
        self.push(Stmt::If(offset.binary("!=", Bt::Int(0)), body, Vec::new()));
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
    pub(super) fn interface_key(&mut self, value: &Value, errors: bool) -> Bt {
        let message = self.message_of(value, errors);
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

    /// What an interface holds: its words, and two pieces of text, one of which is empty: one that gobt knows (`nil`, a type's
    /// name), and one in memory (the message if `errors` and its type is a plain one). It is found out once in a probe.
    fn decoded(&mut self, value: &Value, errors: bool) -> Decoded {
        if let Some(known) = self.recall_decoded(value, errors) {
            return known;
        }
        let mut made = None;
        let written = self.nested(|w| {
            let words = w.interface_words(value);
            let messages = if errors { w.simple_errors() } else { Vec::new() };
            let text = w.message(&words, &messages);
            made = Some(Decoded { words, text });
        });
        let decoded = made.unwrap_or_default();
        self.remember_decoded(value, errors, &decoded, written);
        decoded
    }

    fn message_of(&mut self, value: &Value, errors: bool) -> Vec<Fragment> {
        self.decoded(value, errors).text
    }

    fn message(&mut self, words: &Words, messages: &[KnownError]) -> Vec<Fragment> {
        let [known, start, length] = ["known", "text", "text_length"].map(|wish| self.reserve(wish));
        let zero = || Bt::Int(0).cast("uint64");
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        self.push(set(&known, string("nil")));
        self.push(set(&start, zero()));
        self.push(set(&length, zero()));
        let mut chain = self.nested(|w| w.dynamic_type(words, &known, &start, &length));
        for message in messages.iter().rev() {
            let then = self.nested(|w| {
                w.push(Stmt::Comment(message.name.clone()));
                match &message.shape {
                    ErrorShape::Message(offset) => {
                        let word = |at: u64| Bt::Load("uint64", Box::new(words.data.clone().plus(at)));
                        w.push(set(&start, word(*offset)));
                        w.push(set(&length, word(*offset + 8)));
                    }
                    ErrorShape::Errno => {
                        let number = w.errno(&words.data);
                        w.push(set(&known, Bt::Map(ERRNO_TEXTS.into(), vec![number])));
                    }
                    ErrorShape::Constant(text) => w.push(set(&known, string(text))),
                    _ => {}
                }
            });
            let condition = self.holds(words, message);
            chain = vec![Stmt::If(condition, then, chain)];
        }
        let mut inside = vec![set(&known, string(""))];
        inside.append(&mut chain);
        self.push(Stmt::If(
            words.tab.clone().binary("!=", Bt::Int(0)),
            inside,
            Vec::new(),
        ));
        let read = self.str_of(Bt::Var(start), Bt::Var(length));
        vec![arg("%s", Bt::Var(known)), arg("%s", read)]
    }

    /// The name of the dynamic type: from the table that gobt made, or else from the type's descriptor.
    fn dynamic_type(&mut self, words: &Words, known: &str, start: &str, length: &str) {
        let set = |value: Bt| Stmt::Assign(known.to_string(), value, String::new());
        let unknown = || Bt::Var(known.to_string()).binary("==", string(""));
        let descriptor = words.descriptor.clone().unwrap_or_else(|| words.tab.clone());
        if !self.plan.type_names.is_empty() {
            let key = self.link_time(words.tab.clone());
            self.push(set(Bt::Map(TYPE_NAMES.into(), vec![key])));
            if words.descriptor.is_some() {
                let key = self.link_time(descriptor.clone());
                self.push(Stmt::If(
                    unknown(),
                    vec![set(Bt::Map(TYPE_NAMES.into(), vec![key]))],
                    Vec::new(),
                ));
            }
        }
        if !self.plan.type_names.is_empty() && words.descriptor.is_some() {
            // Types that the linker did not know of come from reflection only.
            let say = vec![set(string("(type not known)"))];
            self.push(Stmt::If(unknown(), say, Vec::new()));
            return;
        }
        let read = self.nested(|w| {
            w.type_name(&descriptor, start, length);
            let nothing = Bt::Var(length.to_string()).binary("==", Bt::Int(0));
            w.push(Stmt::If(
                nothing,
                vec![set(string("(type not in memory)"))],
                Vec::new(),
            ));
        });
        self.push(Stmt::If(unknown(), read, Vec::new()));
    }

    /// The number of a `syscall.Errno` in an interface: small ones are not read but told from where they lie, since the run
    /// time keeps one table of them (`runtime.staticuint64s`, `src/runtime/iface.go`).
    fn errno(&mut self, data: &Bt) -> Bt {
        let read = Bt::Load("uint64", Box::new(data.clone()));
        let Some(table) = self.plan.small_numbers else {
            return self.assign("errno", read);
        };
        let table = self.address(table);
        let offset = data
            .clone()
            .cast("int64")
            .binary("-", table.cast("int64"))
            .cast("uint64");
        let offset = self.assign("small", offset);
        let inside = offset.clone().binary("<", Bt::Int(256 * 8));
        self.assign("errno", inside.choose(offset.binary("/", Bt::Int(8)), read))
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
        let Decoded { words, text: plain } = self.decoded(value, true);
        let data = words.data.clone();
        let inner_at = |shape: &ErrorShape| match shape {
            ErrorShape::Path(_, _, inner)
            | ErrorShape::Syscall(_, inner)
            | ErrorShape::Net(_, _, _, _, inner) => Some(*inner),
            _ => None,
        };
        let composed: Vec<KnownError> = self
            .plan
            .errors
            .iter()
            .filter(|e| inner_at(&e.shape).is_some())
            .cloned()
            .collect();
        if composed.is_empty() {
            return plain;
        }
        let conditions: Vec<Bt> = composed.iter().map(|e| self.holds(&words, e)).collect();
        let causes: Vec<(Bt, u64)> = conditions
            .iter()
            .cloned()
            .zip(composed.iter().filter_map(|e| inner_at(&e.shape)))
            .collect();
        // Whichever of them it is, it has one cause, which is looked into once.
        let cause = self.inner_error(&causes, &data);
        let mut arms = Vec::new();
        for (condition, error) in conditions.into_iter().zip(composed) {
            let mut form = Vec::new();
            match error.shape {
                ErrorShape::Path(operation, path, _) => {
                    let operation = self.string_at(&data, operation);
                    let path = self.string_at(&data, path);
                    form.extend([arg("%s", operation), text(" "), arg("%s", path)]);
                }
                ErrorShape::Syscall(name, _) => form.push(arg("%s", self.string_at(&data, name))),
                ErrorShape::Net(operation, network, source, address, _) => {
                    let operation = self.string_at(&data, operation);
                    let network = self.string_at(&data, network);
                    form.extend([arg("%s", operation), text(" "), arg("%s", network)]);
                    form.extend(self.net_addresses(&data, source, address));
                }
                _ => {}
            }
            form.push(text(": "));
            form.extend(cause.clone());
            arms.push((condition, form));
        }
        vec![Fragment::Choice {
            arms,
            otherwise: plain.clone(),
            short: plain,
        }]
    }

    /// The error inside another one: a system call's name and `: `, if it is such an error, and the message.
    fn inner_error(&mut self, causes: &[(Bt, u64)], data: &Bt) -> Vec<Fragment> {
        let zero = || Bt::Int(0).cast("uint64");
        let word = |base: &Bt, at: u64| Bt::Load("uint64", Box::new(base.clone().plus(at)));
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        let var = |name: &str| Bt::Var(name.to_string());
        let syscall = self
            .plan
            .errors
            .iter()
            .find(|e| matches!(e.shape, ErrorShape::Syscall(..)))
            .cloned();
        let [tab, kind, object] = ["cause_itab", "cause_type", "cause"].map(|wish| self.reserve(wish));
        let calls = syscall
            .as_ref()
            .map(|_| ["call", "call_length"].map(|wish| self.reserve(wish)));
        for variable in [&tab, &object].into_iter().chain(calls.iter().flatten()) {
            self.push(set(variable, zero()));
        }
        let mut chain = Vec::new();
        for (condition, offset) in causes.iter().rev() {
            let then = vec![
                set(&tab, word(data, *offset)),
                set(&object, word(data, offset + 8)),
            ];
            chain = vec![Stmt::If(condition.clone(), then, chain)];
        }
        for statement in chain {
            self.push(statement);
        }
        self.push(set(&kind, word(&var(&tab), 8)));
        if let (Some(known), Some([call, call_length])) = (&syscall, &calls)
            && let ErrorShape::Syscall(name_at, inner_at) = known.shape
        {
            let words = Words {
                tab: var(&tab),
                descriptor: Some(var(&kind)),
                data: var(&object),
            };
            let is_syscall = self.holds(&words, known);
            let unwrap = vec![
                set(call, word(&var(&object), name_at)),
                set(call_length, word(&var(&object), name_at + 8)),
                set(&tab, word(&var(&object), inner_at)),
                set(&kind, word(&var(&tab), 8)),
                set(&object, word(&var(&object), inner_at + 8)),
            ];
            self.push(Stmt::If(is_syscall, unwrap, Vec::new()));
        }
        let simple = self.simple_errors();
        let mut out = Vec::new();
        if let Some([call, call_length]) = &calls {
            let colon = self.text_if(
                "colon",
                "",
                vec![(var(call_length).binary("!=", Bt::Int(0)), ": ")],
            );
            let call = self.str_of(var(call), var(call_length));
            out.extend([arg("%s", call), arg("%s", colon)]);
        }
        let words = Words {
            tab: var(&tab),
            descriptor: Some(var(&kind)),
            data: var(&object),
        };
        out.extend(self.message(&words, &simple));
        out
    }

    /// ` 10.0.0.1:50000->10.0.0.2:80`, as far as a `*net.OpError` says it.
    fn net_addresses(&mut self, data: &Bt, source: u64, address: u64) -> Vec<Fragment> {
        let shapes: Vec<KnownError> = self
            .plan
            .errors
            .iter()
            .filter(|e| matches!(e.shape, ErrorShape::Address(..)))
            .cloned()
            .collect();
        let Some(&ErrorShape::Address(ip_at, port_at)) = shapes.first().map(|e| &e.shape) else {
            return Vec::new();
        };
        let word = |at: u64| Bt::Load("uint64", Box::new(data.clone().plus(at)));
        let known = |w: &mut Self, tab: Bt| {
            let kind = w.assign("address_type", Bt::Load("uint64", Box::new(tab.clone().plus(8))));
            let words = Words {
                tab,
                descriptor: Some(kind),
                data: Bt::Int(0),
            };
            shapes
                .iter()
                .map(|e| w.holds(&words, e))
                .reduce(|a, b| a.binary("||", b))
                .unwrap_or(Bt::Int(0))
        };
        let address_tab = self.assign("address_itab", word(address));
        let address_known = known(self, address_tab);
        let source_tab = self.assign("source_itab", word(source));
        let source_known = known(self, source_tab);
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
