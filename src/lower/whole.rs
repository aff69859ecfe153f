//! Whether text was read whole: bpftrace's `str` ends at a NUL byte, and gives nothing at all where a page is not in memory. Neither says so.
//!
//! Memory that cannot be read reads as zero, so both are found by a zero byte within the text.

use super::Fragment;
use super::values::{arg, string, text};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{Expr, Value};

/// So many words of text are looked at in one probe. Each takes about 20 instructions, and a branch spans 32,768 at most; of further texts
/// only the ends are looked at.
const MOST_WORDS: u64 = 400;

/// What stands for text that was not read whole where nothing can be said beside it: in a key.
const NOT_WHOLE: &str = "… not in memory, or with a NUL";

/// The map of marks: what stands behind text that was not read whole. There is nothing at key 0.
pub(super) const MARKS: &str = "marks";
/// The key of `…`.
pub(super) const CUT: u64 = 1;
/// The key of what stands behind zeros.
const PERHAPS: u64 = 2;
/// What is said behind a line with so much in it that there is no room for marks.
const SOMEWHERE: &str = "(the line above: not all of its text was in memory, or it ends at a NUL)";

/// The entries of the map.
pub(super) fn marks() -> Vec<(Bt, String)> {
    [(CUT, "…"), (PERHAPS, " (or not in memory)")]
        .map(|(key, text)| (Bt::Int(key.into()).cast("uint64"), text.to_string()))
        .into()
}

/// A bit of `$holes`, which notes what could not be read whole: one variable for all texts, since variables take room on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole(u32);

/// Text that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    /// Whether it is read whole.
    pub(super) hole: Hole,
    /// What is read.
    pub(super) text: Bt,
}

/// The variable.
pub(super) const HOLES: &str = "holes";
/// Texts beyond so many share a bit: the mark then stands behind all of them.
const LAST_HOLE: u32 = 62;

impl Writer<'_> {
    /// Text in memory, looked at: whether there is a zero byte in it, as far as it would be shown. It is looked at once.
    pub(super) fn looked_at(&mut self, data: &Expr, len: &Expr) -> Looked {
        let known = self.holes.iter().find(|(_, d, l, _)| d == data && l == len);
        if let Some((.., known)) = known {
            return known.clone();
        }
        let start = self.unsigned(data);
        let length = self.unsigned(len);
        let start = self.once("start", start);
        let length = self.once("size", length);
        let words = self.dialect.longest_string().div_ceil(8) + 1;
        self.words_looked_at += words;
        let found = if self.words_looked_at > MOST_WORDS || self.line_hole.is_some() {
            self.zero_end(&start, &length)
        } else {
            self.zero_bytes(&start, &length, words)
        };
        let looked = Looked {
            hole: self.noted(found),
            text: self.str_of(start, length),
        };
        self.holes
            .push((self.depth, data.clone(), len.clone(), looked.clone()));
        looked
    }

    /// A line is written next. Where it has many texts and forms, one sentence behind it stands for their marks.
    pub(super) fn begin_line(&mut self, crowded: bool) {
        self.line_hole = crowded.then(|| self.next_hole());
    }

    /// The line ends: what is said of all its texts, if there were no marks.
    pub(super) fn end_line(&mut self) {
        if let Some(hole) = self.line_hole.take() {
            let condition = self.is_hole(hole);
            let said = self.nested(|w| w.print(vec![text(SOMEWHERE)]));
            self.push(Stmt::If(condition, said, Vec::new()));
        }
    }

    fn next_hole(&mut self) -> Hole {
        let hole = Hole(self.holes_noted);
        self.holes_noted = (hole.0 + 1).min(LAST_HOLE);
        hole
    }

    /// Notes whether a condition holds.
    pub(super) fn noted(&mut self, condition: Bt) -> Hole {
        let hole = match self.line_hole {
            Some(hole) => hole,
            None => self.next_hole(),
        };
        let bit = Bt::Hex(1 << hole.0);
        let holes = self.holes_variable().binary("|", bit);
        self.push(Stmt::If(
            condition,
            vec![Stmt::Assign(HOLES.into(), holes, String::new())],
            Vec::new(),
        ));
        hole
    }

    /// A condition: a hole was noted.
    pub(super) fn is_hole(&mut self, hole: Hole) -> Bt {
        self.holes_variable()
            .binary("&", Bt::Hex(1 << hole.0))
            .binary("!=", Bt::Int(0))
    }

    /// The mark behind what was not read whole, from the table [`MARKS`].
    pub(super) fn mark(&mut self, hole: Hole, mark: u64) -> Fragment {
        if self.line_hole.is_some() {
            return text("");
        }
        let holes = self.holes_variable();
        let bit = match hole.0 {
            0 => holes,
            n => holes.binary(">>", Bt::Int(n.into())),
        };
        let bit = bit.binary("&", Bt::Int(1));
        let key = if mark == CUT {
            bit
        } else {
            bit.binary("*", Bt::Int(mark.into()))
        };
        arg("%s", Bt::Map(MARKS.into(), vec![key]))
    }

    /// A condition: a byte of the text is zero. Its variables are used again by the next text.
    ///
    /// Whole words are read, at multiples of 8 bytes: none of them reaches into another page. The test for a zero byte in a word is exact
    /// as to whether there is one (Hacker's Delight, 6-1).
    fn zero_bytes(&mut self, start: &Bt, length: &Bt, words: u64) -> Bt {
        let longest = i128::from(self.dialect.longest_string());
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        let var = |name: &str| Bt::Var(name.to_string());
        let none = || Bt::Int(0).cast("uint64");
        let flip = |e: Bt| Bt::Unary("~", Box::new(e));
        let n = Bt::Int;
        let over = length.clone().binary(">", n(longest));
        let shown = over.choose(n(longest).cast("uint64"), length.clone());
        self.push(set("text_end", start.clone().binary("+", shown)));
        if let Some(missing) = self.missing.clone() {
            self.push(Stmt::If(missing, vec![set("text_end", none())], Vec::new()));
        }
        self.push(set(
            "text_at",
            start.clone().binary(">>", n(3)).binary("<<", n(3)),
        ));
        self.push(set("zero_bytes", none()));
        // Bytes of the first and last word that are no part of the text are made not zero.
        let before = start.clone().binary("&", n(7)).binary("<<", n(3));
        self.push(set(
            "not_text",
            flip(flip(var("zero_bytes")).binary("<<", before)),
        ));
        let behind = var("text_end").binary("&", n(7)).binary("<<", n(3));
        let word = || var("text_word");
        // 0.17 takes each constant for a signed number, and warns.
        let signed = !self.dialect.orders_unsigned();
        let bits = |n: u64| {
            if signed {
                Bt::Hex(n).cast("uint64")
            } else {
                Bt::Hex(n)
            }
        };
        let test = word()
            .binary("+", bits(0xfefe_fefe_fefe_feff))
            .binary("&", flip(word()))
            .binary("&", bits(0x8080_8080_8080_8080));
        let each = vec![
            set(
                "text_word",
                Bt::Load("uint64", Box::new(var("text_at"))).binary("|", var("not_text")),
            ),
            set("not_text", none()),
            set("text_at", var("text_at").plus(8)),
            Stmt::If(
                var("text_at").binary(">", var("text_end")),
                vec![set(
                    "text_word",
                    word().binary("|", flip(none()).binary("<<", behind)),
                )],
                Vec::new(),
            ),
            set("zero_bytes", var("zero_bytes").binary("|", test)),
        ];
        let inside = Stmt::If(var("text_at").binary("<", var("text_end")), each, Vec::new());
        self.push(Stmt::Unroll(words, vec![inside]));
        var("zero_bytes").binary("!=", n(0))
    }

    /// A condition: there is text, and its first or its last byte is zero. Of text up to 4 KiB that is so if it is not in memory.
    pub(super) fn zero_end(&self, start: &Bt, length: &Bt) -> Bt {
        let byte = |address: Bt| Bt::Load("uint8", Box::new(address)).binary("==", Bt::Int(0));
        let some = length.clone().binary("!=", Bt::Int(0));
        some.binary("&&", byte(start.clone()).binary("||", byte(last(start, length))))
    }

    /// ` (or not in memory)` behind bytes that read as zero, where all around them does so too.
    pub(super) fn zeros_mark(&mut self, start: &Bt, length: &Bt) -> Fragment {
        let word = |address: Bt| Bt::Load("uint64", Box::new(address)).binary("==", Bt::Int(0));
        let down = |address: Bt, bits: i128| address.binary(">>", Bt::Int(bits)).binary("<<", Bt::Int(bits));
        let page = |address: &Bt| {
            let at = |offset: u64| word(down(address.clone(), 12).plus(offset));
            let own = word(down(address.clone(), 3));
            [0, 0x400, 0x800, 0xc00]
                .into_iter()
                .map(at)
                .fold(own, |all, next| all.binary("&&", next))
        };
        let some = length.clone().binary("!=", Bt::Int(0));
        let end = self.assign("last", last(start, length));
        let nothing = some.binary("&&", page(start).binary("||", page(&end)));
        arg(
            "%s",
            self.text_if("zero", "", vec![(nothing, " (or not in memory)")]),
        )
    }

    /// The statements that do something with values, of which each text that was not read whole is another text then: no two of them are told
    /// apart, but none is taken for what it is not.
    pub(super) fn each_whole(&mut self, values: &[Value], mut with: impl FnMut(&mut Self, Vec<Bt>)) {
        let mut holes = Vec::new();
        for value in values {
            holes.push(match value {
                // Constants are no text in memory, and 0.24 to 0.26 may have no room to make them as long as one.
                Value::Text { data, len } | Value::Slice { data, len, .. }
                    if !self.dialect.widens_on_stack() =>
                {
                    Some(self.looked_at(data, len))
                }
                _ => None,
            });
        }
        self.each_of(values, &holes, &mut Vec::new(), &mut with);
    }

    fn each_of(
        &mut self,
        values: &[Value],
        holes: &[Option<Looked>],
        made: &mut Vec<Bt>,
        with: &mut dyn FnMut(&mut Self, Vec<Bt>),
    ) {
        let (Some((value, values)), Some((hole, holes))) = (values.split_first(), holes.split_first()) else {
            with(self, made.clone());
            return;
        };
        let Some(Looked { hole, text: read }) = hole else {
            let value = self.key(value);
            made.push(value);
            self.each_of(values, holes, made, with);
            made.pop();
            return;
        };
        let mut arm = |w: &mut Self, whole: bool| {
            w.nested(|w| {
                made.push(if whole { read.clone() } else { string(NOT_WHOLE) });
                w.each_of(values, holes, made, with);
                made.pop();
            })
        };
        let whole = arm(self, true);
        let cut = arm(self, false);
        let none = self.holes_variable().binary("&", Bt::Hex(1 << hole.0));
        let condition = none.binary("==", Bt::Int(0));
        self.push(Stmt::If(condition, whole, cut));
    }
}

/// The address of the last byte.
fn last(start: &Bt, length: &Bt) -> Bt {
    let end = start.clone().binary("+", length.clone());
    end.cast("int64").binary("-", Bt::Int(1)).cast("uint64")
}
