//! Whether text was read whole: bpftrace's `str` ends at a NUL byte, and gives nothing at all where a page is not in
//! memory. It reports neither.
//!
//! Memory that cannot be read reads as zero, so both are found by a zero byte within the text.

use super::Fragment;
use super::memo::ByBlock;
use super::used;
use super::values::{arg, text};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Item, Stmt};
use crate::plan::Expr;

/// So many words of text are looked at in one probe. Each takes about 20 instructions, and a branch spans 32,768 at
/// most; of further texts only the ends are looked at.
pub(super) const MOST_WORDS: u64 = 400;

/// The map of marks: what stands behind text that was not read whole. There is nothing at key 0.
pub(super) const MARKS: &str = "marks";
/// The key of `…`.
const CUT: u64 = 1;
/// The keys of what stands between the pieces of an error.
pub(super) const SPACE: u64 = 2;
pub(super) const COLON: u64 = 3;
/// What is said behind a line with so much in it that there is no room for marks.
const SOMEWHERE: &str = "(the line above: not all of its text was in memory, or it ends at a NUL)";

/// The entries of the map.
pub(super) fn marks(items: &[Item]) -> Vec<(Bt, String)> {
    let key = |n: u64| Bt::Int(n.into()).cast("uint64");
    let mut marks = vec![(key(CUT), "…".to_string())];
    let colon = key(COLON);
    if used::has(items, |e| *e == colon) {
        marks.extend([(key(SPACE), " ".to_string()), (colon, ": ".to_string())]);
    }
    marks
}

/// A bit of `$holes`, which notes what could not be read whole: one variable for all texts, since variables take room
/// on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole(u32);

/// Text that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    /// Whether it is read whole.
    pub(super) hole: Hole,
    /// What is read.
    pub(super) text: Bt,
    pub(super) start: Bt,
    pub(super) length: Bt,
    /// What [`Writer::digest`] gave, and how deep in blocks.
    pub(super) digest: Option<(usize, Bt)>,
}

/// The texts that a probe has looked at.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// By address and length.
    pub(super) looked_at: ByBlock<(Expr, Expr), Looked>,
    /// How many holes were noted.
    holes: u32,
    /// How many words it has looked at, or would have.
    pub(super) words: u64,
}

impl Texts {
    /// Forgets what was looked at deeper in blocks than this.
    pub(super) fn leave(&mut self, depth: usize) {
        self.looked_at.leave(depth);
        for (_, looked) in self.looked_at.iter_mut() {
            looked.digest.take_if(|digest| digest.0 > depth);
        }
    }
}

/// All bits if text is longer than what is shown of it, else none.
pub(super) const CUT_BITS: &str = "cut";
/// The variable.
pub(super) const HOLES: &str = "holes";
/// Texts beyond so many share a bit: the mark then stands behind all of them.
const LAST_HOLE: u32 = 62;

impl Writer<'_> {
    /// `$holes`
    fn holes_variable(&mut self) -> Bt {
        self.needs.holes = true;
        Bt::Var(HOLES.into())
    }

    /// Text in memory, looked at: whether there is a zero byte in it, as far as it would be shown. It is looked at
    /// once.
    pub(super) fn looked_at(&mut self, data: &Expr, len: &Expr) -> Looked {
        if let Some(known) = self.texts.looked_at.get(|(d, l)| d == data && l == len) {
            return known.clone();
        }
        let start = self.unsigned(data);
        let length = self.unsigned(len);
        // What is behind the end of a list is no text.
        let length = match self.about.is_there.clone() {
            Some(is_there) => length.binary("*", is_there),
            None => length,
        };
        let name = self.name_of(data);
        let mut start = self.once(&name, start);
        let mut length = self.once(&format!("{name}_len"), length);
        let words = self.dialect.longest_string().div_ceil(8) + 1;
        self.texts.words += words;
        if self.line.hole.is_some() {
            [start, length] = self.together(&format!("{name}_read"), [start, length]);
            start = self.address_in(start);
        }
        let hole = if self.texts.words > MOST_WORDS || self.line.hole.is_some() {
            self.noted_end(&start, &length)
        } else {
            let found = self.zero_bytes(&start, &length, words);
            self.noted(found)
        };
        let looked = Looked {
            hole,
            text: self.str_of(start.clone(), length.clone()),
            start,
            length,
            digest: None,
        };
        let of = (data.clone(), len.clone());
        self.texts.looked_at.add(self.depth, of, looked.clone());
        looked
    }

    /// A line is written next. Where it has many texts and forms, one sentence behind it stands for their marks.
    pub(super) fn begin_line(&mut self, crowded: bool) {
        self.line.hole = crowded.then(|| self.next_hole());
    }

    /// The line ends: what is said of all its texts, if there were no marks.
    pub(super) fn end_line(&mut self) {
        if let Some(hole) = self.line.hole.take() {
            let condition = self.is_hole(hole);
            let said = self.nested(|w| w.print(vec![text(SOMEWHERE)]));
            self.push(Stmt::If(condition, said, Vec::new()));
            // What was noted there is not of one text.
            self.texts.looked_at.keep(|known| known.hole != hole);
        }
    }

    fn next_hole(&mut self) -> Hole {
        let hole = Hole(self.texts.holes);
        self.texts.holes = (hole.0 + 1).min(LAST_HOLE);
        hole
    }

    /// Notes a bit, 1 or 0, that is computed without a branch: the kernel's verifier would follow every combination of
    /// what was noted in branches by itself.
    pub(super) fn noted(&mut self, bit: Bt) -> Hole {
        let hole = match self.line.hole {
            Some(hole) => hole,
            None => self.next_hole(),
        };
        let bit = match hole.0 {
            0 => bit,
            n => bit.binary("<<", Bt::Int(n.into())),
        };
        let holes = self.holes_variable().binary("|", bit);
        self.push(Stmt::Assign(HOLES.into(), holes, String::new()));
        hole
    }

    /// A condition: a hole was noted.
    pub(super) fn is_hole(&mut self, hole: Hole) -> Bt {
        self.holes_variable()
            .binary("&", Bt::Hex(1 << hole.0))
            .binary("!=", Bt::Int(0))
    }

    /// The mark behind what was not read whole, from the table [`MARKS`].
    pub(super) fn mark(&mut self, hole: Hole) -> Fragment {
        if self.line.hole.is_some() {
            return text("");
        }
        let holes = self.holes_variable();
        let bit = match hole.0 {
            0 => holes,
            n => holes.binary(">>", Bt::Int(n.into())),
        };
        arg("%s", Bt::Map(MARKS.into(), vec![bit.binary("&", Bt::Int(1))]))
    }

    /// 1 if a byte of the text is zero, else 0. Its variables are used again by the next text.
    ///
    /// Whole words are read, at multiples of 8 bytes: none of them reaches into another page. The test for a zero byte
    /// in a word is exact as to whether there is one (Hacker's Delight, 6-1).
    fn zero_bytes(&mut self, start: &Bt, length: &Bt, words: u64) -> Bt {
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        let var = |name: &str| Bt::Var(name.to_string());
        let none = || Bt::Int(0).cast("uint64");
        let flip = |e: Bt| Bt::Unary("~", Box::new(e));
        let n = Bt::Int;
        let shown = self.shown(length);
        self.push(set("text_end", start.clone().binary("+", shown)));
        self.push(set(
            "text_at",
            start.clone().binary(">>", n(3)).binary("<<", n(3)),
        ));
        // Zero for every address of a program, but not known to be: the kernel's verifier would follow texts of no
        // bytes separately.
        let no_byte = start.clone().binary(">>", n(49)).binary("&", Bt::Hex(0x80));
        self.push(Stmt::Assign(
            "zero_bytes".into(),
            no_byte,
            "0, as for all addresses of a program".into(),
        ));
        // Bytes of the first and last word that are no part of the text are made not zero.
        let before = start.clone().binary("&", n(7)).binary("<<", n(3));
        self.push(Stmt::Assign(
            "not_text".into(),
            flip(flip(none()).binary("<<", before)),
            "bytes of the first word before it".into(),
        ));
        let behind = var("text_end").binary("&", n(7)).binary("<<", n(3));
        let word = || var("text_word");
        let test = word()
            .binary("+", self.all_of(0xfefe_fefe_fefe_feff))
            .binary("&", flip(word()))
            .binary("&", self.all_of(0x8080_8080_8080_8080));
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
            Stmt::Assign(
                "zero_bytes".into(),
                var("zero_bytes").binary("|", test),
                "0x80 for each zero byte".into(),
            ),
        ];
        let inside = Stmt::If(var("text_at").binary("<", var("text_end")), each, Vec::new());
        self.push(Stmt::Unroll(words, vec![inside]));
        for bits in [32, 16, 8] {
            let down = var("zero_bytes").binary(">>", n(bits));
            self.push(set("zero_bytes", var("zero_bytes").binary("|", down)));
        }
        var("zero_bytes").binary(">>", n(7)).binary("&", n(1))
    }

    /// Notes whether there is text and its first or its last byte is zero. Of text up to 4 KiB that is so if it is not
    /// in memory.
    pub(super) fn noted_end(&mut self, start: &Bt, length: &Bt) -> Hole {
        let Some(hole) = self.line.hole else {
            return self.noted(Self::zero_end(start, length));
        };
        // One for all texts of the line, so there is nothing to combine. By a branch, since LLVM would keep every bit
        // until the last one.
        let holes = self.holes_variable().binary("|", Bt::Hex(1 << hole.0));
        let note = vec![Stmt::Assign(HOLES.into(), holes, String::new())];
        self.push(Stmt::If(Self::ends_in_zero(start, length), note, Vec::new()));
        hole
    }

    /// A condition: there is text, and its first or its last byte is zero.
    pub(super) fn ends_in_zero(start: &Bt, length: &Bt) -> Bt {
        let byte = |address: Bt| Bt::Load("uint8", Box::new(address)).binary("==", Bt::Int(0));
        let some = length.clone().binary("!=", Bt::Int(0));
        some.binary("&&", byte(start.clone()).binary("||", byte(last(start, length))))
    }

    /// The same as a number: 1 if it holds, else 0.
    fn zero_end(start: &Bt, length: &Bt) -> Bt {
        let byte = |address: Bt| Bt::Load("uint8", Box::new(address));
        let is_zero = |address: Bt| Bt::Int(256).binary("-", byte(address));
        let either = is_zero(start.clone()).binary("|", is_zero(last(start, length)));
        let bit = either.cast("uint64").binary(">>", Bt::Int(8));
        bit.binary("&", is_more(length.clone(), 0))
    }

    /// ` (or not in memory)` behind bytes that read as zero, where all around them does so too.
    pub(super) fn zeros_mark(&mut self, start: &Bt, length: &Bt) -> Fragment {
        let nothing = self.nothing_around(start, length);
        arg(
            "%s",
            self.text_if("_unread", "", vec![(nothing, " (or not in memory)")]),
        )
    }

    /// A condition: there are bytes, and all around the first or the last of them reads as zero.
    pub(super) fn nothing_around(&mut self, start: &Bt, length: &Bt) -> Bt {
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
        let end = self.assign("_last", last(start, length));
        some.binary("&&", page(start).binary("||", page(&end)))
    }

    /// The same as a number, 1 or 0, without a branch: for each element of a list the kernel's verifier would follow
    /// every combination.
    pub(super) fn is_nothing_around(&mut self, start: &Bt, length: &Bt) -> Bt {
        let word = |address: Bt| Bt::Load("uint64", Box::new(address));
        let down = |address: Bt, bits: i128| address.binary(">>", Bt::Int(bits)).binary("<<", Bt::Int(bits));
        let zero = |w: &mut Self, address: &Bt| {
            let at = |offset: u64| word(down(address.clone(), 12).plus(offset));
            let own = word(down(address.clone(), 3));
            let all = [0, 0x400, 0x800, 0xc00]
                .into_iter()
                .map(at)
                .fold(own, |all, next| all.binary("|", next));
            let all = w.assign("_around", all);
            let short = all
                .clone()
                .binary(">>", Bt::Int(2))
                .binary("|", all.binary("&", Bt::Int(3)));
            is_more(short, 0).binary("^", Bt::Int(1))
        };
        let end = self.assign("_last", last(start, length));
        let (first, last) = (zero(self, start), zero(self, &end));
        first.binary("|", last).binary("&", is_more(length.clone(), 0))
    }

    /// A constant of 64 bits. 0.17 takes each for a signed number, and warns.
    pub(super) fn all_of(&self, bits: u64) -> Bt {
        match Bt::Hex(bits) {
            constant if self.dialect.orders_unsigned() => constant,
            constant => constant.cast("uint64"),
        }
    }

    /// How many bytes of so many are shown.
    pub(super) fn shown(&mut self, length: &Bt) -> Bt {
        let longest = self.dialect.longest_string();
        if self.dialect.text_is_on_stack() {
            // There is no room for a variable more.
            let limit = Bt::Int(longest.into());
            let over = length.clone().binary(">", limit.clone());
            return over.choose(limit.cast("uint64"), length.clone());
        }
        // All bits, or none. By a comparison the kernel's verifier would learn which lengths are left, and follow both.
        let cut = is_more(length.clone(), longest).binary("*", self.all_of(u64::MAX));
        let why = format!("all bits if it is longer than {longest} bytes, else none");
        self.push(Stmt::Assign(CUT_BITS.into(), cut, why));
        let cut = || Bt::Var(CUT_BITS.into());
        let kept = Bt::Unary("~", Box::new(cut()));
        let kept = length.clone().binary("&", kept);
        cut().binary("&", Bt::Int(longest.into())).binary("|", kept)
    }
}

/// 1 for a number up to 2^62 that is more than `least`, else 0.
pub(super) fn is_more(n: Bt, least: u64) -> Bt {
    n.binary("+", Bt::Hex((1 << 62) - 1 - least))
        .binary(">>", Bt::Int(62))
}

/// The address of the last byte.
fn last(start: &Bt, length: &Bt) -> Bt {
    let end = start.clone().binary("+", length.clone());
    end.cast("int64").binary("-", Bt::Int(1)).cast("uint64")
}
