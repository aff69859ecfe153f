//! The text for the value of an interface. Text would fill the probe's stack of 512 bytes, so statements pass on the
//! text's key in a table, and only the `printf` looks the text up.

use super::Fragment;
use super::interface::Words;
use super::used;
use super::values::{arg, string};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Item, Stmt};
use crate::plan::{ErrorShape, KnownError, Plan};

/// The table: names of types by the address of itab or descriptor, and the texts below.
pub(super) const KNOWN_TEXTS: &str = "known_texts";

const NIL: u64 = 0;
/// Not in the table: a key that is not there is an empty text.
const NO_TEXT: u64 = 1;
const TYPE_NOT_KNOWN: u64 = 2;
const TYPE_NOT_IN_MEMORY: u64 = 3;
const MESSAGE_NOT_IN_MEMORY: u64 = 4;
const TYPE_ELSEWHERE: u64 = 5;
/// What is added to an error number: below every address, above the keys that have another meaning.
const ERRNO: u64 = 4096;

fn number(n: u64) -> Bt {
    Bt::Int(n.into()).cast("uint64")
}

/// Where the message of an error type stands that is always the same: behind the type's own name.
fn constant_of(known: &KnownError) -> Bt {
    Bt::Hex(known.descriptor.saturating_add(1)).cast("uint64")
}

/// What stands at the keys that are no address.
const OWN: [(u64, &str); 5] = [
    (NIL, "nil"),
    (TYPE_NOT_KNOWN, "(type not known)"),
    (TYPE_NOT_IN_MEMORY, "(type not in memory)"),
    (MESSAGE_NOT_IN_MEMORY, "(message not in memory)"),
    (TYPE_ELSEWHERE, "(type not in this file)"),
];

/// The statement that makes one of them what is said.
fn set_key(key: &str, own: u64) -> Stmt {
    let text = OWN.iter().find(|(n, _)| *n == own);
    let why = text.map_or("none of the table".to_owned(), |(_, text)| format!("\"{text}\""));
    Stmt::Assign(key.to_string(), number(own), why)
}

/// Errors of one shape side by side, those with a text of their own apart.
fn by_shape(errors: &[KnownError]) -> Vec<Vec<&KnownError>> {
    let mut groups: Vec<Vec<&KnownError>> = Vec::new();
    for error in errors {
        let alike = groups.iter_mut().find(|group| {
            let is_alike =
                |e: &&KnownError| e.shape == error.shape && !matches!(e.shape, ErrorShape::Constant(_));
            group.first().is_some_and(is_alike)
        });
        match alike {
            Some(group) => group.push(error),
            None => groups.push(vec![error]),
        }
    }
    groups
}

/// The entries that may be looked up.
pub(super) fn entries(plan: &Plan, items: &[Item]) -> Vec<(Bt, String)> {
    let has = |what: &Bt| used::has(items, |e| e == what);
    let mut entries: Vec<(Bt, String)> = OWN
        .iter()
        .map(|(n, text)| (number(*n), (*text).to_string()))
        .filter(|(key, _)| has(key))
        .collect();
    let address = |a: u64| Bt::Hex(a).cast("uint64");
    entries.extend(
        plan.type_names
            .iter()
            .map(|(a, name)| (address(*a), name.clone())),
    );
    for known in &plan.errors {
        if let ErrorShape::Constant(text) = &known.shape
            && has(&constant_of(known))
        {
            entries.push((constant_of(known), text.clone()));
        }
    }
    if has(&Bt::Int(ERRNO.into())) {
        let numbers = (ERRNO..).zip(&plan.errno_texts);
        entries.extend(
            numbers
                .filter(|(_, text)| !text.is_empty())
                .map(|(n, text)| (number(n), text.clone())),
        );
    }
    entries
}

impl Writer<'_> {
    /// What an interface holds: a text of the table (`nil`, a type's name), a text in memory (the message of one of
    /// `messages`), of which one is empty, and, for releases that do not do that by themselves, the mark of a cut one.
    pub(super) fn message(
        &mut self,
        words: &Words,
        held: &Words,
        messages: &[KnownError],
        name: &str,
    ) -> Vec<Fragment> {
        let [key, start, length] =
            ["known", "text", "text_len"].map(|what| self.reserve(&format!("{name}_{what}")));
        let set = |variable: &str, value: Bt| Stmt::Assign(variable.to_string(), value, String::new());
        self.push(set_key(&key, NIL));
        // An address, though nothing is read there: from the first value bpftrace learns whose memory it is.
        self.push(set(&start, words.data.clone()));
        self.push(set(&length, number(0)));
        let mut chain = self.nested(|w| w.type_key(words, &key, &start, &length));
        for group in by_shape(messages).iter().rev() {
            let Some(first) = group.first() else { continue };
            let then = self.nested(|w| {
                let names: Vec<&str> = group.iter().map(|e| e.name.as_str()).collect();
                w.push(Stmt::Comment(names.join(", ")));
                match &first.shape {
                    ErrorShape::Message(offset) => {
                        let word = |at: u64| Bt::Load("uint64", Box::new(words.data.clone().plus(at)));
                        w.push(set_key(&key, NO_TEXT));
                        w.push(set(&start, word(*offset)));
                        w.push(set(&length, word(*offset + 8)));
                        let missing = Writer::ends_in_zero(&Bt::Var(start.clone()), &Bt::Var(length.clone()));
                        let say = vec![set_key(&key, MESSAGE_NOT_IN_MEMORY), set(&length, number(0))];
                        w.push(Stmt::If(missing, say, Vec::new()));
                    }
                    ErrorShape::Errno => {
                        let number = w.errno(&words.data, name);
                        w.push(Stmt::Assign(
                            key.clone(),
                            number.plus(ERRNO),
                            format!("texts of error numbers are behind {ERRNO}"),
                        ));
                    }
                    ErrorShape::Constant(text) => w.push(Stmt::Assign(
                        key.clone(),
                        constant_of(first),
                        format!("\"{text}\""),
                    )),
                    _ => {}
                }
            });
            let conditions = group.iter().map(|e| self.holds(held, e));
            let either = |a: Bt, b: Bt| a.binary("||", b);
            let condition = conditions.reduce(either).unwrap_or(Bt::Int(0));
            chain = vec![Stmt::If(condition, then, chain)];
        }
        let something = words.tab.clone().binary("!=", Bt::Int(0));
        self.push(Stmt::If(something, chain, Vec::new()));
        let [key, start, length] = self.together(&format!("{name}_said"), [key, start, length].map(Bt::Var));
        let known = Bt::Map(KNOWN_TEXTS.into(), vec![key]);
        let read = self.str_of(self.address_in(start), length.clone());
        let mut out = vec![arg("%s", known), arg("%s", read)];
        out.extend(self.cut_mark(length));
        out
    }

    /// The key of the dynamic type's name, or else the name as the type's descriptor has it.
    fn type_key(&mut self, words: &Words, key: &str, start: &str, length: &str) {
        let set = |value: Bt| Stmt::Assign(key.to_string(), value, String::new());
        let unknown = || text_of(key).binary("==", string(""));
        let raw = words.descriptor.clone().unwrap_or_else(|| words.tab.clone());
        let has_table = !self.plan.type_names.is_empty();
        if has_table {
            let tab = self.link_time(words.tab.clone());
            self.push(set(tab));
            if words.descriptor.is_some() {
                let descriptor = self.link_time(raw.clone());
                self.push(Stmt::If(unknown(), vec![set(descriptor)], Vec::new()));
                // If the table is whole, of this file's types only reflection brings those that the linker did not know
                // of.
                let known = if self.plan.more_types {
                    self.read_type(&raw, key, start, length)
                } else {
                    vec![set_key(key, TYPE_NOT_KNOWN)]
                };
                let say = self.nested(|w| w.if_in_this_file(words, known, key));
                self.push(Stmt::If(unknown(), say, Vec::new()));
                return;
            }
        }
        let read = self.read_type(&raw, key, start, length);
        let read = self.nested(|w| w.if_in_this_file(words, read, key));
        if has_table {
            self.push(Stmt::If(unknown(), read, Vec::new()));
        } else {
            read.into_iter().for_each(|statement| self.push(statement));
        }
    }

    /// Does `then` if the type is one of this file's, and says otherwise why its name cannot be told: names are
    /// relative to the file's own types (`resolveNameOff` in `src/runtime/type.go`), and those of plugins, of what
    /// loads them, and of reflection lie elsewhere.
    fn if_in_this_file(&mut self, words: &Words, then: Vec<Stmt>, key: &str) {
        let raw = words.descriptor.clone().unwrap_or_else(|| words.tab.clone());
        let say = |what: u64| vec![set_key(key, what)];
        let runtime = self.plan.runtime.as_ref();
        let Some((start, end)) = runtime.and_then(|r| r.types.zip(r.types_end)) else {
            say(TYPE_NOT_KNOWN)
                .into_iter()
                .for_each(|statement| self.push(statement));
            return;
        };
        let place = self.link_time(raw.clone());
        let place = self.once(&format!("{key}_place"), place);
        let address = |a: u64| Bt::Hex(a).cast("uint64");
        let mut inside = place
            .clone()
            .binary(">=", address(start))
            .binary("&&", place.binary("<", address(end)));
        // Of an itab on a page that the program never touched.
        if words.descriptor.is_some() {
            inside = inside.binary("||", raw.binary("==", Bt::Int(0)));
        }
        self.push(Stmt::If(inside, then, say(TYPE_ELSEWHERE)));
    }

    /// The name as the type's descriptor has it, and a mark where that is not in memory.
    fn read_type(&mut self, descriptor: &Bt, key: &str, start: &str, length: &str) -> Vec<Stmt> {
        self.nested(|w| {
            w.push(set_key(key, NO_TEXT));
            w.type_name(descriptor, start, length);
            let nothing = Bt::Var(length.to_string()).binary("==", Bt::Int(0));
            w.push(Stmt::If(
                nothing,
                vec![set_key(key, TYPE_NOT_IN_MEMORY)],
                Vec::new(),
            ));
        })
    }
}

fn text_of(key: &str) -> Bt {
    Bt::Map(KNOWN_TEXTS.into(), vec![Bt::Var(key.to_string())])
}
