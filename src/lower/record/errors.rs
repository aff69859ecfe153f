//! Errors in records: the words and the texts of an error and of those inside it. What they mean, and how their `Error`
//! methods make a message of them, is not the script's to know: it has a number for each type, which says what is to be
//! read.

use super::{Record, number, printf};
use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::record::{
    AGAIN, ERROR_NUMBERS as NUMBERS, ERROR_PARTS as PARTS, ERROR_TEXTS as TEXTS, ErrorParts, FieldKind, ZONE,
};
use crate::plan::{ErrorPiece, ErrorShape, Plan, Step, Value};

/// An error, and so many inside it.
const DEPTH: u64 = 4;
/// Of errors that are keys.
const KEY_DEPTH: u64 = 4;
/// The same where errors may have lists of errors inside.
const DEPTH_OF_LISTS: u64 = 8;
const KEY_DEPTH_OF_LISTS: u64 = 5;
/// Bytes of an address that may have a zone.
const IPV6: i128 = 16;
/// Stands for an error that there was no room for.
pub(super) const NO_ROOM_FOR_ERROR: u64 = u64::MAX >> 1;

/// The maps that errors take.
pub(super) const MAPS: [&str; 3] = [PARTS, NUMBERS, TEXTS];

/// So many records at the most tell of one error, and of what lies behind a pointer in it: each has an address of its
/// own in the table, and descriptors are at least so far from each other.
const MOST_LOOKS: usize = 8;

/// Where a word is, as numbers of parts say it.
fn at(offset: u64) -> u64 {
    offset / 8 + 1
}

/// What is to be read of an error of this shape, look by look: each has two texts and a number.
fn looks(shape: &ErrorShape) -> Vec<ErrorParts> {
    let ErrorShape::Pieces(told) = shape else {
        return vec![parts(shape)];
    };
    let mut out: Vec<ErrorParts> = (0..told.looks())
        .map(|look| {
            let text = |which: usize| told.read.get(2 * look + which).copied().map_or(0, at);
            ErrorParts {
                words: told.end().div_ceil(8),
                texts: [text(0), text(1)],
                inner: AGAIN,
                unread: told.numbers.get(look).copied().map_or(0, at),
                ..ErrorParts::default()
            }
        })
        .collect();
    let mut behind = Vec::new();
    if let Some(last) = out.last_mut() {
        last.inner = 0;
        for piece in told.all() {
            match piece {
                ErrorPiece::Inner(offset) => last.inner = at(*offset),
                ErrorPiece::Each(offset) => last.list = at(*offset),
                ErrorPiece::Behind(offset, shape) => {
                    last.inner = AGAIN | at(*offset);
                    behind = looks(shape);
                }
                _ => {}
            }
        }
    }
    out.extend(behind);
    if out.len() > MOST_LOOKS {
        out.truncate(MOST_LOOKS);
        if let Some(last) = out.last_mut() {
            last.inner = 0;
        }
    }
    out
}

/// What is to be read of an error of this shape by the only look at it.
fn parts(shape: &ErrorShape) -> ErrorParts {
    match *shape {
        ErrorShape::Message(message) => ErrorParts {
            words: at(message) + 1,
            texts: [at(message), 0],
            ..ErrorParts::default()
        },
        ErrorShape::Errno => ErrorParts {
            words: 1,
            ..ErrorParts::default()
        },
        ErrorShape::Path(operation, path, inner) => ErrorParts {
            words: at(operation.max(path).max(inner)) + 1,
            texts: [at(operation), at(path)],
            inner: at(inner),
            ..ErrorParts::default()
        },
        ErrorShape::Syscall(name, inner) => ErrorParts {
            words: at(name.max(inner)) + 1,
            texts: [at(name), 0],
            inner: at(inner),
            ..ErrorParts::default()
        },
        ErrorShape::Net(operation, network, source, address, inner) => ErrorParts {
            words: at(operation.max(network).max(source).max(address).max(inner)) + 1,
            texts: [at(operation), at(network)],
            inner: at(inner),
            addresses: [at(source), at(address)],
            ..ErrorParts::default()
        },
        ErrorShape::Pieces(_) | ErrorShape::Constant(_) | ErrorShape::Address(..) => ErrorParts::default(),
    }
}

/// The statements that fill the table.
pub(super) fn table(plan: &Plan) -> Vec<Stmt> {
    let mut out = Vec::new();
    for known in &plan.errors {
        let looks = looks(&known.shape);
        if looks == [ErrorParts::default()] {
            continue;
        }
        let addresses: Vec<u64> = std::iter::once(known.descriptor)
            .chain(known.itabs.iter().copied())
            .collect();
        let mut stores = Vec::new();
        for (look, parts) in (0..).zip(&looks) {
            let store = |address: &u64| format!("@{PARTS}[{:#x}] = {:#x};", address + look, parts.number());
            stores.extend(addresses.iter().map(store));
        }
        out.push(Stmt::Raw(format!(
            "{} // {}",
            stores.join(" "),
            crate::bt::text::comment(&known.name)
        )));
    }
    out
}

/// The variables of the error in a chain that is looked at.
struct Link {
    tab: String,
    data: String,
    parts: String,
    /// 1 if it is inside another one.
    is_inside: String,
    /// The first one is in an interface with methods.
    has_itab: bool,
    /// There are errors that take several looks.
    has_looks: bool,
    list: Option<Listed>,
}

/// The variables of a list of errors that the chain goes on with where it ends.
struct Listed {
    /// The address of the next one.
    next: String,
    /// So many are left.
    left: String,
}

/// Bytes in memory.
struct Span {
    start: Bt,
    len: Bt,
    start_name: String,
    len_name: String,
}

impl Span {
    fn bytes(&self) -> Bt {
        Bt::Call("buf", vec![self.start.clone(), self.len.clone()])
    }
}

/// A network address in an error: where it is, and what is in it.
struct Address {
    data: Bt,
    port: Bt,
    start: Span,
}

impl Address {
    /// A record of it.
    fn record(&self, of: (FieldKind, Bt), which: usize) -> Stmt {
        let fields = vec![
            number(Bt::Builtin("tid")),
            of,
            number(Bt::Int(which as i128).cast("uint64")),
            number(self.data.clone()),
            number(self.port.clone()),
            (FieldKind::Bytes, self.start.bytes()),
        ];
        printf("A", fields)
    }
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

/// One of the bytes of a number of parts.
fn part(parts: &str, at: i128) -> Bt {
    let shifted = match at {
        0 => var(parts),
        at => var(parts).binary(">>", Bt::Int(8 * at)),
    };
    shifted.binary("&", Bt::Hex(0xff))
}

impl Writer<'_> {
    /// Writes what is to be read of an error before the record that it is in, and gives its number in there.
    pub(super) fn error_parts(&mut self, value: &Value, record: &mut Record) -> u64 {
        let ordinal = record.errors;
        record.errors += 1;
        let Some(link) = self.first_link(value) else {
            return ordinal;
        };
        let mut each = self.find_parts(&link, &link.is_inside);
        let told = self.nested(|w| {
            let texts = w.texts(&link);
            let ordinal = || number(Bt::Int(ordinal.into()).cast("uint64"));
            let record = link.record(w, ordinal(), &texts);
            w.push(record);
            for (which, address) in w.addresses(&link).iter().enumerate() {
                let there = address.data.clone().binary("!=", Bt::Int(0));
                w.push(Stmt::If(
                    there,
                    vec![address.record(ordinal(), which)],
                    Vec::new(),
                ));
            }
        });
        // What is inside another one is told, whatever it is: its itab may be one that the run time made.
        let what = var(&link.parts).binary("|", var(&link.is_inside));
        each.push(Stmt::If(what.binary("!=", Bt::Int(0)), told, Vec::new()));
        each.extend(link.step_inside());
        let body = vec![Stmt::If(link.is_there(), each, Vec::new())];
        let depth = match link.list {
            Some(_) if self.elements.is_empty() => DEPTH_OF_LISTS,
            _ => DEPTH,
        };
        self.push(Stmt::Unroll(depth, body));
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

    /// The number of an error that is a key: the same for the same types and texts, and those inside. A record says
    /// which that is, when it is given out.
    pub(super) fn error_number(&mut self, value: &Value) -> Bt {
        if let Some(known) = self.memo.numbers.get(|of| of == value) {
            return known.clone();
        }
        let Some(link) = self.first_link(value) else {
            return zero();
        };
        let id = self.reserve("_error");
        self.push(assign(&id, zero()));
        let mut each = self.find_parts(&link, &id);
        let outer = self.reserve("_outer");
        each.push(Stmt::Assign(
            outer.clone(),
            var(&id),
            "the error around it, or 0".into(),
        ));
        each.extend(self.nested(|w| w.give_number(&link, &outer, &id)));
        let step = link.step_inside();
        let none = vec![assign(&id, Bt::Hex(NO_ROOM_FOR_ERROR)), assign(&link.tab, zero())];
        each.push(Stmt::If(var(&id).binary("==", Bt::Int(0)), none, step));
        let body = vec![Stmt::If(link.is_there(), each, Vec::new())];
        let depth = match link.list {
            Some(_) => KEY_DEPTH_OF_LISTS,
            None => KEY_DEPTH,
        };
        self.push(Stmt::Unroll(depth, body));
        self.memo.numbers.add(self.depth, value.clone(), var(&id));
        var(&id)
    }

    /// Puts the number of an error around which is `outer` into `id`.
    fn give_number(&mut self, link: &Link, outer: &str, id: &str) {
        let texts = self.texts(link);
        let addresses = self.addresses(link);
        // A number in one word, such as an errno, is the message.
        let alone = self.reserve("_number");
        let is_number = var(&link.parts).binary("==", Bt::Int(1));
        let number_in = is_number.choose(load(var(&link.data)), zero());
        self.push(assign(&alone, number_in));
        if self
            .plan
            .errors
            .iter()
            .any(|known| looks(&known.shape).iter().any(|parts| parts.unread != 0))
        {
            // A text that is not read is known by where it is.
            let at = self.assign("_at", part(&link.parts, 7).binary("*", Bt::Int(8)));
            let text = load(before(var(&link.data).binary("+", at.clone())));
            let text = self.link_time(text);
            let there = at.binary("*", var(&link.data)).binary("!=", Bt::Int(0));
            self.push(Stmt::If(there, vec![assign(&alone, text)], Vec::new()));
        }
        if link.list.is_some() {
            // A list is known by its length: what is in it comes next.
            let at = self.assign("_at", part(&link.parts, 6).binary("*", Bt::Int(8)));
            let length = load(var(&link.data).binary("+", at.clone()));
            let there = at.binary("*", var(&link.data)).binary("!=", Bt::Int(0));
            self.push(Stmt::If(there, vec![assign(&alone, length)], Vec::new()));
        }
        // One whose words cannot be read is known by where it is: the file may have it.
        let begins = texts.first().map_or_else(zero, |text| text.start.clone());
        let unread = part(&link.parts, 1).binary("!=", Bt::Int(0));
        let unread = unread.binary("&&", begins.binary("==", Bt::Int(0)));
        let place = self.link_time(var(&link.data));
        self.push(Stmt::If(unread, vec![assign(&alone, place)], Vec::new()));
        let texts = texts.map(|text| self.text_number(&text));
        let mut keys = vec![var(&link.tab), var(outer), var(&alone)];
        keys.extend(texts.clone());
        // Its words are those of this process.
        let base = match self.plan.identity.position_independent {
            true => self.base(),
            false => zero(),
        };
        let own = [Bt::Builtin("tid"), var(id), var(outer), base];
        let mut fields = own.map(number).to_vec();
        fields.extend(link.words(self));
        fields.extend(texts.map(number));
        for address in &addresses {
            let begins = self.text_number(&address.start);
            keys.extend([address.port.clone(), begins.clone()]);
            fields.extend([address.data.clone(), address.port.clone(), begins].map(number));
        }
        for statement in self.numbered(NUMBERS, keys, id, vec![printf("X", fields)]) {
            self.push(statement);
        }
    }

    /// The number of a text; 0 if there is none. A record says which text that is, when its number is given out.
    fn text_number(&mut self, text: &Span) -> Bt {
        let id = self.reserve("_text_number");
        self.push(assign(&id, zero()));
        let find = self.nested(|w| {
            let said = vec![
                number(Bt::Builtin("tid")),
                number(var(&id)),
                (FieldKind::Bytes, text.bytes()),
            ];
            let key = vec![text.len.clone(), text.bytes()];
            for statement in w.numbered(TEXTS, key, &id, vec![printf("T", said)]) {
                w.push(statement);
            }
            let none = vec![assign(&id, Bt::Hex(NO_ROOM_FOR_ERROR))];
            w.push(Stmt::If(var(&id).binary("==", Bt::Int(0)), none, Vec::new()));
        });
        self.push(Stmt::If(
            text.len.clone().binary("!=", Bt::Int(0)),
            find,
            Vec::new(),
        ));
        var(&id)
    }

    /// The variables of an error, set.
    fn first_link(&mut self, value: &Value) -> Option<Link> {
        let Value::Interface {
            tab, data, methods, ..
        } = value
        else {
            return None;
        };
        let any = |is_meant: &dyn Fn(&ErrorParts) -> bool| {
            let mut all = self.plan.errors.iter().flat_map(|known| looks(&known.shape));
            all.any(|parts| is_meant(&parts))
        };
        let has_lists = any(&|parts| parts.list != 0);
        let has_looks = any(&|parts| parts.inner & AGAIN != 0);
        // Where text is on the stack there is no room for more.
        let list = (has_lists && !self.dialect.text_is_on_stack()).then(|| Listed {
            next: self.reserve("_next"),
            left: self.reserve("_left"),
        });
        let link = Link {
            tab: self.reserve("_held"),
            data: self.reserve("_held_data"),
            parts: self.reserve("_parts"),
            is_inside: self.reserve("_is_inside"),
            has_itab: *methods,
            has_looks,
            list,
        };
        self.push(assign(&link.is_inside, zero()));
        if let Some(list) = &link.list {
            for name in [&list.next, &list.left] {
                self.push(assign(name, zero()));
            }
        }
        let (tab, data) = (self.unsigned(tab), self.unsigned(data));
        self.push(assign(&link.tab, tab));
        self.push(assign(&link.data, data));
        Some(link)
    }

    /// The statements that find the number that says what is read of an error. What the table does not know by its itab
    /// it may know by its type: then that stands for it.
    ///
    /// `inside` is not 0 if it is inside another one. The first may be in an interface without methods, which has its
    /// type, not an itab.
    fn find_parts(&mut self, link: &Link, inside: &str) -> Vec<Stmt> {
        let tab = self.link_time(var(&link.tab));
        let find = assign(&link.parts, Bt::Map(PARTS.into(), vec![tab]));
        // Of an itab that the linker did not make: `internal/abi.ITab` has the interface, then the type.
        let by_type = assign(&link.tab, load(var(&link.tab).plus(8)));
        let mut unknown = var(&link.parts).binary("==", Bt::Int(0));
        if !link.has_itab {
            unknown = unknown.binary("&&", var(inside).binary("!=", Bt::Int(0)));
        }
        vec![find.clone(), Stmt::If(unknown, vec![by_type, find], Vec::new())]
    }

    /// The texts of an error.
    fn texts(&mut self, link: &Link) -> [Span; 2] {
        [1, 2].map(|which| {
            let span = self.no_span("_text");
            let at = self.assign("_at", part(&link.parts, which).binary("*", Bt::Int(8)));
            let address = var(&link.data).binary("+", at.clone());
            let read = vec![
                assign(&span.start_name, load(before(address.clone()))),
                assign(&span.len_name, load(address)),
            ];
            let there = at.binary("*", var(&link.data)).binary("!=", Bt::Int(0));
            self.push(Stmt::If(there, read, Vec::new()));
            span
        })
    }

    /// The variables of bytes in memory; there are none yet.
    fn no_span(&mut self, name: &str) -> Span {
        let (start_name, len_name) = (self.reserve(name), self.reserve(&format!("{name}_len")));
        self.push(assign(&start_name, zero()));
        self.push(assign(&len_name, zero()));
        Span {
            start: var(&start_name),
            len: var(&len_name),
            start_name,
            len_name,
        }
    }

    /// The network addresses of an error, if any type of the program has such.
    fn addresses(&mut self, link: &Link) -> Vec<Address> {
        let is_net = |shape: &ErrorShape| matches!(shape, ErrorShape::Net(..));
        if !self.plan.errors.iter().any(|known| is_net(&known.shape)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for which in [4, 5] {
            let [data, port] = ["_net", "_port"].map(|name| self.reserve(name));
            for name in [&data, &port] {
                self.push(assign(name, zero()));
            }
            let start = self.no_span("_ip");
            let at = self.assign("_at", part(&link.parts, which).binary("*", Bt::Int(8)));
            let address = var(&link.data).binary("+", at.clone());
            let zone = load(var(&data).plus(40)).binary("<<", Bt::Int(ZONE.into()));
            let begins = vec![
                assign(&start.start_name, load(var(&data))),
                assign(&start.len_name, load(var(&data).plus(8))),
                // What is behind the IP.
                assign(&port, load(var(&data).plus(24))),
                // A zone that follows is known by its length.
                Stmt::If(
                    start.len.clone().binary("==", Bt::Int(IPV6)),
                    vec![assign(&port, var(&port).binary("+", zone))],
                    Vec::new(),
                ),
            ];
            let read = vec![
                assign(&data, load(address)),
                // What an address begins with: of `net.TCPAddr` and `net.UDPAddr` the IP, of `net.UnixAddr` the name.
                Stmt::If(var(&data).binary("!=", Bt::Int(0)), begins, Vec::new()),
            ];
            let has = at.binary("*", var(&link.data));
            self.push(Stmt::If(has.binary("!=", Bt::Int(0)), read, Vec::new()));
            found.push(Address {
                data: var(&data),
                port: var(&port),
                start,
            });
        }
        found
    }
}

/// What is in the word before.
fn before(address: Bt) -> Bt {
    address.binary("-", Bt::Int(8)).cast("uint64")
}

fn load(address: Bt) -> Bt {
    Bt::Load("uint64", Box::new(address))
}

impl Link {
    /// There is an error to look at.
    fn is_there(&self) -> Bt {
        var(&self.tab).binary("!=", Bt::Int(0))
    }

    /// What it is, where, and its words.
    fn words(&self, w: &mut Writer<'_>) -> [(FieldKind, Bt); 3] {
        let size = part(&self.parts, 0).binary("*", Bt::Int(8));
        let words = Bt::Call("buf", vec![var(&self.data), size]);
        let tab = w.link_time(var(&self.tab));
        let [tab, data] = [tab, var(&self.data)].map(number);
        [tab, data, (FieldKind::Bytes, words)]
    }

    /// A record of its words and texts.
    fn record(&self, w: &mut Writer<'_>, which: (FieldKind, Bt), texts: &[Span; 2]) -> Stmt {
        let mut fields = vec![number(Bt::Builtin("tid")), which];
        fields.extend(self.words(w));
        fields.extend(texts.iter().map(|text| (FieldKind::Bytes, text.bytes())));
        printf("E", fields)
    }

    /// Whether an error of this type has such a part, and the statements that read its two words.
    fn two_words(&self, which: i128, [first, second]: [&str; 2]) -> (Bt, Vec<Stmt>) {
        let at = || part(&self.parts, which).binary("*", Bt::Int(8));
        let address = || var(&self.data).binary("+", at());
        let read = vec![
            assign(first, load(before(address()))),
            assign(second, load(address())),
        ];
        let there = part(&self.parts, which).binary("*", var(&self.data));
        (there.binary("!=", Bt::Int(0)), read)
    }

    /// Goes on to the error inside, if there is one, or to the next of a list.
    fn step_inside(&self) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let Some(list) = &self.list {
            let (is_there, begin) = self.two_words(6, [&list.next, &list.left]);
            out.push(Stmt::If(is_there, begin, Vec::new()));
        }
        out.push(assign(&self.is_inside, Bt::Int(1).cast("uint64")));
        let (is_there, step) = self.two_words(3, [&self.tab, &self.data]);
        let stop = vec![assign(&self.tab, zero())];
        let step = Stmt::If(is_there, step, stop);
        out.push(match self.has_looks {
            true => {
                let again = part(&self.parts, 3).binary("&", Bt::Hex(AGAIN));
                Stmt::If(again.binary("!=", Bt::Int(0)), self.look_again(), vec![step])
            }
            false => step,
        });
        if let Some(list) = &self.list {
            let next = vec![
                assign(&self.tab, load(var(&list.next))),
                assign(&self.data, load(var(&list.next).plus(8))),
                assign(&list.next, var(&list.next).plus(16)),
                assign(&list.left, before_one(var(&list.left))),
            ];
            let is_next = var(&list.left).binary("!=", Bt::Int(0));
            let next = vec![Stmt::If(is_next, next, Vec::new())];
            let ended = var(&self.tab).binary("==", Bt::Int(0));
            out.push(Stmt::If(ended, next, Vec::new()));
        }
        out
    }

    /// The next look at the same error, or at what is behind a pointer in it.
    fn look_again(&self) -> Vec<Stmt> {
        let at = || {
            let words = part(&self.parts, 3).binary("&", Bt::Hex(AGAIN - 1));
            words.binary("*", Bt::Int(8))
        };
        let behind = load(before(var(&self.data).binary("+", at())));
        vec![
            assign(&self.tab, var(&self.tab).plus(1)),
            Stmt::If(
                at().binary("!=", Bt::Int(0)),
                vec![assign(&self.data, behind)],
                Vec::new(),
            ),
        ]
    }
}

/// One less.
fn before_one(number: Bt) -> Bt {
    number.binary("-", Bt::Int(1)).cast("uint64")
}
