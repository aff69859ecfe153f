//! Errors in records: an error and those inside it, look by look. What the words and texts mean, and how `Error`
//! methods make messages of them, is not the script's to know: it has a number for each look, which says what is to be
//! read.

use super::{Record, number, printf};
use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::look::{AGAIN, COUNT, LIST, NEXT, NUMBER, TEXT, Then};
use crate::plan::record::{ERROR_LOOKS as LOOKS, ERROR_NUMBERS as NUMBERS, FieldKind, NO_ROOM_FOR_ERROR};
use crate::plan::{Plan, Step, Value};
use std::collections::BTreeMap;

/// So many looks at an error and those inside it: one that a connection's URL is around, with its two addresses, takes
/// ten.
const MOST: u64 = 12;
/// The same of the errors of a list.
const MOST_OF_ELEMENTS: u64 = 7;

/// The maps that errors take.
pub(super) const MAPS: [&str; 2] = [LOOKS, NUMBERS];

/// The statements that fill the table.
pub(super) fn table(plan: &Plan) -> Vec<Stmt> {
    // Those that take as many looks are in one row.
    let mut rows: BTreeMap<usize, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for known in plan.errors.iter().filter(|known| !known.looks.is_empty()) {
        let (stores, names) = rows.entry(known.looks.len()).or_default();
        for address in std::iter::once(known.descriptor).chain(known.itabs.iter().copied()) {
            let each = (address..).zip(&known.looks);
            stores
                .extend(each.map(|(address, look)| format!("@{LOOKS}[{address:#x}] = {:#x};", look.bits())));
        }
        names.push(crate::bt::text::comment(&known.name));
    }
    let row = |(stores, names): (Vec<String>, Vec<String>)| {
        Stmt::Raw(format!("{} // {}", stores.join(" "), names.join(", ")))
    };
    rows.into_values().map(row).collect()
}

/// The variables of the error that is looked at.
struct Link {
    /// Its itab or type, or the address of another look at it.
    tab: String,
    data: String,
    /// The number of the look.
    look: String,
    next: String,
    text: String,
    len: String,
    number: String,
    list: Option<List>,
}

/// The variables of the list of errors whose elements come next, and of the list that it is an element of.
struct List {
    /// The address of the next one, and how many are left.
    own: [String; 2],
    around: Option<[String; 2]>,
}

fn zero() -> Bt {
    Bt::Int(0).cast("uint64")
}

fn var(name: &str) -> Bt {
    Bt::Var(name.to_owned())
}

fn assign(name: &str, value: Bt) -> Stmt {
    Stmt::Assign(name.to_owned(), value, String::new())
}

fn load(address: Bt) -> Bt {
    Bt::Load("uint64", Box::new(address))
}

/// What is in the word before.
fn before(address: Bt) -> Bt {
    address.binary("-", Bt::Int(8)).cast("uint64")
}

fn is_zero(value: Bt) -> Bt {
    value.binary("==", Bt::Int(0))
}

fn is_not_zero(value: Bt) -> Bt {
    value.binary("!=", Bt::Int(0))
}

impl Link {
    /// One of the bytes of a look's number.
    fn part(&self, lowest: u32) -> Bt {
        let shifted = match lowest {
            0 => var(&self.look),
            lowest => var(&self.look).binary(">>", Bt::Int(lowest.into())),
        };
        shifted.binary("&", Bt::Hex(0xff))
    }

    /// How far a place is, plus a word; 0 if there is none.
    fn offset(&self, lowest: u32) -> Bt {
        self.part(lowest).binary("*", Bt::Int(8))
    }

    /// There is such a place, in an error that is not nil.
    fn has(&self, lowest: u32) -> Bt {
        is_not_zero(self.part(lowest).binary("*", var(&self.data)))
    }

    /// The address of the word behind that at a place.
    fn behind(&self, lowest: u32) -> Bt {
        var(&self.data).binary("+", self.offset(lowest))
    }

    /// What a look reads: its text, its number, and what comes next.
    ///
    /// No choice is a part of another one, which some releases (0.23) do not survive. The kernel follows all ways
    /// through a program: there are fewer where one choice decides the next.
    fn read(&self) -> Vec<Stmt> {
        let word = |lowest| load(before(self.behind(lowest)));
        let has_text = is_not_zero(var(&self.text));
        let again = is_not_zero(self.part(AGAIN));
        vec![
            assign(&self.text, self.has(TEXT).choose(word(TEXT), zero())),
            assign(&self.len, has_text.choose(load(self.behind(TEXT)), zero())),
            assign(&self.number, self.has(NUMBER).choose(word(NUMBER), zero())),
            assign(&self.next, self.has(NEXT).choose(word(NEXT), zero())),
            assign(&self.next, again.choose(var(&self.tab).plus(1), var(&self.next))),
        ]
    }

    /// Where the text, or the error itself, is not in memory but in the file, it is known by where that is.
    fn known_by_place(&self, w: &mut Writer<'_>) -> Vec<Stmt> {
        let place = w.reserve("_place");
        let of_text = is_not_zero(var(&self.len));
        let (is_unread, linked) = w.unread_in_file(var(&place));
        let is_unread = is_not_zero(var(&self.look).binary("*", var(&self.data)))
            .binary("&&", is_zero(var(&self.number)))
            .binary("&&", is_unread);
        vec![
            assign(&place, of_text.choose(var(&self.text), var(&self.data))),
            Stmt::If(is_unread, vec![assign(&self.number, linked)], Vec::new()),
        ]
    }

    /// What a record tells of the look.
    fn fields(&self, w: &mut Writer<'_>) -> Vec<(FieldKind, Bt)> {
        let tab = w.link_time(var(&self.tab));
        let words = [&self.data, &self.number, &self.text, &self.len, &self.next];
        let mut fields = vec![number(tab)];
        fields.extend(words.map(|name| number(var(name))));
        fields.push((FieldKind::Bytes, self.bytes()));
        fields
    }

    /// The bytes of the text.
    fn bytes(&self) -> Bt {
        Bt::Call("buf", vec![var(&self.text), var(&self.len)])
    }

    /// Goes on to the next look. `tab` is what there is to look at.
    fn step(&self, tab: Bt) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let Some(list) = &self.list {
            let [next, left] = &list.own;
            let is_slice = || is_zero(self.part(COUNT));
            let begin = before(self.behind(LIST));
            let (slice, length) = (load(begin.clone()), load(self.behind(LIST)));
            let mut enter = Vec::new();
            if let Some([next_around, left_around]) = &list.around {
                enter.push(assign(next_around, var(next)));
                enter.push(assign(left_around, var(left)));
            }
            enter.push(assign(next, is_slice().choose(slice, begin)));
            enter.push(assign(left, is_slice().choose(length, self.part(COUNT))));
            out.push(Stmt::If(self.has(LIST), enter, Vec::new()));
        }
        // Behind a pointer there is one word, an interface has two.
        let is_pointer = self.part(AGAIN).binary("*", Bt::Int(8));
        let address = self.behind(NEXT).binary("-", is_pointer).cast("uint64");
        let goes_on = is_not_zero(var(&self.next)).binary("&&", is_not_zero(self.part(NEXT)));
        out.push(assign(&self.data, goes_on.choose(load(address), var(&self.data))));
        out.push(assign(&self.tab, tab));
        out
    }

    /// Where there is nothing inside, the next error of the list comes, or of the list around it.
    fn next_of_list(&self) -> Option<Stmt> {
        let List {
            own: [next, left],
            around,
        } = self.list.as_ref()?;
        let take = vec![
            assign(&self.tab, load(var(next))),
            assign(&self.data, load(var(next).plus(8))),
            assign(next, var(next).plus(16)),
            assign(left, var(left).binary("-", Bt::Int(1)).cast("uint64")),
        ];
        let mut body = Vec::new();
        if let Some([next_around, left_around]) = around {
            let leave = vec![
                assign(next, var(next_around)),
                assign(left, var(left_around)),
                assign(left_around, zero()),
            ];
            body.push(Stmt::If(is_zero(var(left)), leave, Vec::new()));
        }
        body.push(Stmt::If(is_not_zero(var(left)), take, Vec::new()));
        Some(Stmt::If(is_zero(var(&self.tab)), body, Vec::new()))
    }
}

impl Writer<'_> {
    /// Writes what is to be read of an error before the record that it is in, and gives its number in there.
    pub(super) fn error_looks(&mut self, value: &Value, record: &mut Record) -> u64 {
        let ordinal = record.errors;
        record.errors += 1;
        let Some((link, first)) = self.first_link(value) else {
            return ordinal;
        };
        let mut each = self.find_look(&link, &first);
        each.extend(link.read());
        let mut fields = [Bt::Builtin("tid"), Bt::Int(ordinal.into()).cast("uint64")]
            .map(number)
            .to_vec();
        fields.extend(link.fields(self));
        let said = printf("E", fields);
        each.push(match first {
            // It need not be an error.
            Some(first) => {
                let is_first = var(&link.tab).binary("==", first);
                let is_other = is_zero(var(&link.look)).binary("&&", is_first);
                Stmt::If(is_zero(is_other), vec![said], Vec::new())
            }
            None => said,
        });
        each.extend(link.step(var(&link.next)));
        self.look_at_each(&link, None, each);
        ordinal
    }

    /// Gives the errors that are keys in these steps their numbers before all else: the kernel looks at the whole of
    /// that once for each way that leads there, and what looks up texts or buckets leaves several.
    pub(in crate::lower) fn errors_first(&mut self, steps: &[Step]) {
        for step in steps {
            let Step::Aggregate { keys, .. } = step else {
                continue;
            };
            for key in keys.iter().filter(|key| matches!(key, Value::Interface { .. })) {
                self.error_number(key);
            }
        }
    }

    /// The number of an error that is a key: the same for the same types, texts and numbers, and those inside. Records
    /// say which that is, when it is given out.
    pub(super) fn error_number(&mut self, value: &Value) -> Bt {
        if let Some(known) = self.memo.numbers.get(|of| of == value) {
            return known.clone();
        }
        let Some((link, first)) = self.first_link(value) else {
            return zero();
        };
        let id = self.reserve("_error");
        self.push(assign(&id, zero()));
        let mut each = self.find_look(&link, &first);
        each.extend(link.read());
        each.extend(link.known_by_place(self));
        let outer = self.reserve("_outer");
        each.push(Stmt::Assign(
            outer.clone(),
            var(&id),
            "the look before, or 0".into(),
        ));
        each.extend(self.nested(|w| w.give_number(&link, &outer, &id)));
        let is_numbered = is_not_zero(var(&id));
        each.extend(link.step(is_numbered.choose(var(&link.next), zero())));
        self.look_at_each(&link, Some(&id), each);
        // 0 is nil, too.
        let is_lost = is_zero(var(&id)).binary("&&", is_not_zero(self.tab_of(value)));
        let lost = Bt::Hex(NO_ROOM_FOR_ERROR).cast("uint64");
        self.push(assign(&id, is_lost.choose(lost, var(&id))));
        self.memo.numbers.add(self.depth, value.clone(), var(&id));
        var(&id)
    }

    /// Puts the number of a look, before which was `outer`, into `id`; 0 if there is no room for it.
    fn give_number(&mut self, link: &Link, outer: &str, id: &str) {
        let tab = self.link_time(var(&link.tab));
        let keys = vec![tab, var(outer), var(&link.number), var(&link.len), link.bytes()];
        // Its words are those of this process.
        let base = match self.plan.identity.position_independent {
            true => self.base(),
            false => zero(),
        };
        let mut fields = [Bt::Builtin("tid"), var(id), var(outer), base]
            .map(number)
            .to_vec();
        fields.extend(link.fields(self));
        for statement in self.numbered(NUMBERS, keys, id, vec![printf("X", fields)]) {
            self.push(statement);
        }
    }

    fn tab_of(&mut self, value: &Value) -> Bt {
        match value {
            Value::Interface { tab, .. } => self.unsigned(tab),
            _ => zero(),
        }
    }

    /// The variables of an error, set. Of an interface without methods, which has its type, not an itab, that is given
    /// back with them.
    fn first_link(&mut self, value: &Value) -> Option<(Link, Option<Bt>)> {
        let Value::Interface {
            tab, data, methods, ..
        } = value
        else {
            return None;
        };
        let is_list = |then: Then| matches!(then, Then::Each(_) | Then::Several(..));
        let mut looks = self.plan.errors.iter().flat_map(|known| &known.looks);
        let has_lists = looks.any(|look| is_list(look.then));
        let is_deep = self.looks_deep();
        let list = has_lists.then(|| List {
            own: ["_listed", "_left"].map(|name| self.reserve(name)),
            around: is_deep.then(|| ["_listed_around", "_left_around"].map(|name| self.reserve(name))),
        });
        let link = Link {
            tab: self.reserve("_held"),
            data: self.reserve("_held_data"),
            look: self.reserve("_look"),
            next: self.reserve("_next"),
            text: self.reserve("_text"),
            len: self.reserve("_text_len"),
            number: self.reserve("_number"),
            list,
        };
        for name in link
            .list
            .iter()
            .flat_map(|list| list.own.iter().chain(list.around.iter().flatten()))
        {
            self.push(assign(name, zero()));
        }
        let (tab, data) = (self.unsigned(tab), self.unsigned(data));
        self.push(assign(&link.tab, tab.clone()));
        self.push(assign(&link.data, data));
        Some((link, (!*methods).then_some(tab)))
    }

    /// The statements that find the number of a look. What the table does not know by its itab it may know by its type:
    /// then that stands for it. `first` has its type, not an itab.
    fn find_look(&mut self, link: &Link, first: &Option<Bt>) -> Vec<Stmt> {
        let tab = self.link_time(var(&link.tab));
        let look = Bt::Map(LOOKS.into(), vec![tab]).cast("uint64");
        let find = assign(&link.look, look);
        // Of an itab that the linker did not make: `internal/abi.ITab` has the interface, then the type.
        let by_type = assign(&link.tab, load(var(&link.tab).plus(8)));
        let mut unknown = is_zero(var(&link.look));
        if let Some(first) = first {
            unknown = unknown.binary("&&", var(&link.tab).binary("!=", first.clone()));
        }
        vec![find.clone(), Stmt::If(unknown, vec![by_type, find], Vec::new())]
    }

    /// Errors of a list are looked at less where the kernel follows all ways through each of its elements.
    fn looks_deep(&self) -> bool {
        self.elements.is_empty() || self.dialect.loops_over_ranges()
    }

    /// Looks as often as there is something to look at. The number of a key is in the variable `id`.
    fn look_at_each(&mut self, link: &Link, id: Option<&str>, each: Vec<Stmt>) {
        let mut body: Vec<Stmt> = link.next_of_list().into_iter().collect();
        body.push(Stmt::If(is_not_zero(var(&link.tab)), each, Vec::new()));
        if let Some(id) = id
            && self.dialect.needs_hidden_state()
        {
            body = self.hidden(link, id, body);
        }
        let most = if self.looks_deep() { MOST } else { MOST_OF_ELEMENTS };
        self.push(Stmt::Unroll(most, body));
    }

    /// A step, with what it has from the one before in a tuple: the kernel does not look at what that holds, and does
    /// not follow all that comes for each way to get there.
    fn hidden(&mut self, link: &Link, id: &str, mut step: Vec<Stmt>) -> Vec<Stmt> {
        let Some(List {
            own,
            around: Some(around),
        }) = &link.list
        else {
            return step;
        };
        let names = own.iter().chain(around).chain([&link.tab, &link.data]);
        let names: Vec<&str> = names.map(String::as_str).chain([id]).collect();
        let state = self.reserve("_state");
        let all = || assign(&state, Bt::Tuple(names.iter().map(|name| var(name)).collect()));
        self.push(all());
        let mut body: Vec<Stmt> = (0..)
            .zip(&names)
            .map(|(at, name)| assign(name, Bt::Element(Box::new(var(&state)), at)))
            .collect();
        body.append(&mut step);
        body.push(all());
        let [_, left] = own;
        let [_, left_around] = around;
        let more = var(&link.tab)
            .binary("+", var(left))
            .binary("+", var(left_around));
        vec![Stmt::If(is_not_zero(more), body, Vec::new())]
    }
}
