//! Errors that are made of several pieces of text, as their `Error` methods make them.

use super::Fragment;
use super::interface::Words;
use super::values::{arg, equals, text};
use super::whole::{COLON, MARKS, SPACE, is_more};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{ErrorShape, KnownError, Value};

/// So many different errors in one probe are looked into; of further ones the address is shown. A line with four made a
/// program that 0.23 could not load, and one with eight was too much for 0.27.
const MOST_ERRORS: usize = 3;

fn set(variable: &str, value: Bt) -> Stmt {
    Stmt::Assign(variable.to_string(), value, String::new())
}

fn set_mark(variable: &str, mark: u64) -> Stmt {
    let why = match mark {
        COLON => "\": \"",
        _ => "\" \"",
    };
    Stmt::Assign(
        variable.to_string(),
        Bt::Int(mark.into()).cast("uint64"),
        why.into(),
    )
}

/// One of the table of marks, or nothing for 0.
fn mark(key: Bt) -> Fragment {
    arg("%s", Bt::Map(MARKS.into(), vec![key]))
}

fn var(name: &str) -> Bt {
    Bt::Var(name.to_string())
}

fn zero() -> Bt {
    Bt::Int(0).cast("uint64")
}

fn word(base: &Bt, at: u64) -> Bt {
    Bt::Load("uint64", Box::new(base.clone().plus(at)))
}

/// Where in an error the one inside of it is.
fn inner_at(shape: &ErrorShape) -> Option<u64> {
    match shape {
        ErrorShape::Path(_, _, inner)
        | ErrorShape::Syscall(_, inner)
        | ErrorShape::Net(_, _, _, _, inner) => Some(*inner),
        _ => None,
    }
}

/// The variables of the error whose message ends the line: the one inside of another one, or itself.
struct Cause {
    itab: String,
    kind: String,
    data: String,
}

impl Cause {
    fn words(&self) -> Words {
        Words {
            tab: var(&self.itab),
            descriptor: Some(var(&self.kind)),
            data: var(&self.data),
        }
    }
}

/// The variables of a piece of text.
struct Piece {
    start: String,
    length: String,
}

impl Piece {
    fn new(w: &mut Writer<'_>, name: &str, what: &str) -> Self {
        Self {
            start: w.reserve(&format!("{name}_{what}")),
            length: w.reserve(&format!("{name}_{what}_len")),
        }
    }
}

/// The variables of what stands before the message of an error inside.
struct Around {
    first: Piece,
    second: Piece,
    call: Piece,
    /// What stands between the first and the second, by its key in the table of marks.
    behind_first: String,
    /// What stands behind the second, likewise.
    behind_second: String,
    /// 1 if it is a `*net.OpError`, else 0.
    is_net: String,
}

impl Writer<'_> {
    /// `nil`, the message of an error as its `Error` method makes it where the type is a known one, or else the type.
    pub(super) fn error_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        if let Some(known) = self.recall_error(value) {
            return known;
        }
        self.errors_read += 1;
        if self.errors_read > MOST_ERRORS {
            // No choice of forms, which would double the line's.
            let Value::Interface { data, .. } = value else {
                return Vec::new();
            };
            return vec![text("0x"), arg("%llx", self.unsigned(data))];
        }
        let mut made = Vec::new();
        // What is known of an error waits in memory: the kernel's verifier would follow each kind of it to the probe's
        // end, with each kind of the next one.
        let keeps = self.dialect.keeps_long_variables();
        let gathers = std::mem::replace(&mut self.line.gathers, keeps);
        let written = self.nested(|w| made = w.error_forms(value));
        self.line.gathers = gathers;
        self.remember_error(value, &made, written);
        made
    }

    /// The pieces of an error's message: those of the error around another one, where its type is such a one; then the
    /// message of the one inside, or of the error itself. All that are around another one share a form, in which what
    /// does not occur is empty; one that is not has its own, since each text that is copied into a line costs time, an
    /// empty one too.
    fn error_forms(&mut self, value: &Value) -> Vec<Fragment> {
        let around: Vec<KnownError> = self
            .plan
            .errors
            .iter()
            .filter(|e| inner_at(&e.shape).is_some())
            .cloned()
            .collect();
        // All the pieces are more than a small stack holds.
        if around.is_empty() || self.dialect.text_is_on_stack() {
            return self.message_of(value, true);
        }
        let name = self.name_of_value(value);
        let words = self.interface_words(value);
        let held = self.held(&words, &name);
        let piece = |w: &mut Self, what: &str| w.reserve(&format!("{name}_{what}"));
        let cause = Cause {
            itab: piece(self, "cause_itab"),
            kind: piece(self, "cause_type"),
            data: piece(self, "cause"),
        };
        let pieces = Around {
            first: Piece::new(self, &name, "op"),
            second: Piece::new(self, &name, "path"),
            call: Piece::new(self, &name, "call"),
            behind_first: piece(self, "space"),
            behind_second: piece(self, "colon"),
            is_net: piece(self, "is_net"),
        };
        let descriptor = words.descriptor.clone().unwrap_or_else(|| words.tab.clone());
        self.push(Stmt::Assign(
            cause.itab.clone(),
            words.tab.clone(),
            "the error inside of it, or itself".into(),
        ));
        self.push(set(&cause.kind, descriptor));
        self.push(set(&cause.data, words.data.clone()));
        self.push(set(&pieces.is_net, zero()));
        for piece in [&pieces.first, &pieces.second, &pieces.call] {
            self.push(set(&piece.start, zero()));
            self.push(set(&piece.length, zero()));
        }
        for text in [&pieces.behind_first, &pieces.behind_second] {
            self.push(set(text, zero()));
        }
        self.unwrap(&around, &held, &words.data, &cause, &pieces);
        self.unwrap_call(&cause, &pieces.call);
        self.composed(&words.data, &cause, &pieces, &name)
    }

    /// Looks at an error that may be one of `around`: what stands before the message of the one inside, and that one.
    fn unwrap(&mut self, around: &[KnownError], held: &Words, data: &Bt, cause: &Cause, pieces: &Around) {
        let mut chain = Vec::new();
        for error in around.iter().rev() {
            let mut then = vec![Stmt::Comment(error.name.clone())];
            let mut text = |piece: &Piece, offset: u64| {
                then.push(set(&piece.start, word(data, offset)));
                then.push(set(&piece.length, word(data, offset + 8)));
            };
            match error.shape {
                ErrorShape::Path(operation, path, _) => {
                    text(&pieces.first, operation);
                    text(&pieces.second, path);
                }
                ErrorShape::Syscall(call, _) => text(&pieces.first, call),
                ErrorShape::Net(operation, network, ..) => {
                    text(&pieces.first, operation);
                    text(&pieces.second, network);
                    then.push(set(&pieces.is_net, Bt::Int(1).cast("uint64")));
                }
                _ => {}
            }
            if let ErrorShape::Syscall(..) = error.shape {
                then.push(set_mark(&pieces.behind_first, COLON));
            } else {
                then.push(set_mark(&pieces.behind_first, SPACE));
                then.push(set_mark(&pieces.behind_second, COLON));
            }
            if let Some(offset) = inner_at(&error.shape) {
                then.push(set(&cause.itab, word(data, offset)));
                then.push(set(&cause.kind, word(&var(&cause.itab), 8)));
                then.push(set(&cause.data, word(data, offset + 8)));
            }
            chain = vec![Stmt::If(self.holds(held, error), then, chain)];
        }
        for statement in chain {
            self.push(statement);
        }
    }

    /// Looks at an error inside of another one that may be of a system call: the call's name, and the error in that.
    fn unwrap_call(&mut self, cause: &Cause, call: &Piece) {
        let of_call = |e: &&KnownError| matches!(e.shape, ErrorShape::Syscall(..));
        let Some(known) = self.plan.errors.iter().find(of_call).cloned() else {
            return;
        };
        let ErrorShape::Syscall(name_at, inner_at) = known.shape else {
            return;
        };
        let words = cause.words();
        let held = self.held(&words, &call.start);
        let is_call = self.holds(&held, &known);
        let unwrap = vec![
            Stmt::Comment(known.name),
            set(&call.start, word(&words.data, name_at)),
            set(&call.length, word(&words.data, name_at + 8)),
            set(&cause.itab, word(&words.data, inner_at)),
            set(&cause.kind, word(&words.tab, 8)),
            set(&cause.data, word(&words.data, inner_at + 8)),
        ];
        self.push(Stmt::If(is_call, unwrap, Vec::new()));
    }

    /// The pieces side by side.
    fn composed(&mut self, data: &Bt, cause: &Cause, pieces: &Around, name: &str) -> Vec<Fragment> {
        let of = |piece: &Piece| (var(&piece.start), var(&piece.length));
        let ((a, a_len), (b, b_len), (c, c_len)) = (of(&pieces.first), of(&pieces.second), of(&pieces.call));
        let [behind_first, behind_second, is_net] =
            [&pieces.behind_first, &pieces.behind_second, &pieces.is_net].map(|name| var(name));
        let gathered = [a, a_len, b, b_len, c, c_len, behind_first, behind_second, is_net];
        let [a, a_len, b, b_len, c, c_len, behind_first, behind_second, is_net] =
            self.together(&format!("{name}_around"), gathered);
        let first = self.string_if_any(a, &a_len);
        let second = self.string_if_any(b, &b_len);
        let wraps = behind_first.clone().binary("!=", Bt::Int(0));
        let mut before = first;
        before.push(mark(behind_first));
        before.extend(second);
        let net = self.plan.errors.iter().find_map(|e| match e.shape {
            ErrorShape::Net(_, _, source, address, _) => Some((source, address)),
            _ => None,
        });
        let addresses = match net {
            Some((source, address)) => self.net_addresses(&equals(&is_net, 1), data, source, address, name),
            None => Vec::new(),
        };
        let mut behind = vec![mark(behind_second)];
        let colon = is_more(c_len.clone(), 0).binary("*", Bt::Int(COLON.into()));
        let call = self.str_of(self.address_in(c), c_len);
        behind.extend([arg("%s", call), mark(colon)]);
        let simple = self.simple_errors();
        let words = cause.words();
        let held = self.held(&words, &cause.data);
        let plain = self.message(&words, &held, &simple, name);
        behind.extend(plain.clone());
        let around = |addresses: Vec<Fragment>| [before.clone(), addresses, behind.clone()].concat();
        let full = around(Vec::new());
        let mut arms: Vec<(Bt, Vec<Fragment>)> = addresses
            .into_iter()
            .map(|(condition, addresses)| (condition, around(addresses)))
            .collect();
        arms.push((wraps, full.clone()));
        vec![Fragment::Choice {
            arms,
            otherwise: plain,
            short: full,
        }]
    }

    /// ` 10.0.0.1:50000->10.0.0.2:80`, as far as a `*net.OpError` says it.
    fn net_addresses(
        &mut self,
        is_net: &Bt,
        data: &Bt,
        source: u64,
        address: u64,
        name: &str,
    ) -> Vec<(Bt, Vec<Fragment>)> {
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
        let [to_name, from_name] = ["to", "from"].map(|end| format!("{name}_{end}"));
        let known = |w: &mut Self, tab: Bt, name: &str| {
            let kind = w.assign(&format!("{name}_type"), word(&tab, 8));
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
        let address_tab = self.assign(&format!("{to_name}_itab"), word(data, address));
        let address_known = known(self, address_tab, &to_name);
        let source_tab = self.assign(&format!("{from_name}_itab"), word(data, source));
        let source_known = known(self, source_tab, &from_name);
        let shown = |w: &mut Self, at: u64, name: &str| {
            let object = w.assign(name, word(data, at + 8));
            let ip = w.assign(&format!("{name}_ip"), word(&object, ip_at));
            let len = w.assign(&format!("{name}_ip_len"), word(&object, ip_at + 8));
            let port = word(&object, port_at);
            let six = equals(&len, 16).binary("&&", Bt::Unary("!", Box::new(w.is_mapped(&ip))));
            let open = w.text_if(&format!("{name}_open"), "", vec![(six.clone(), "[")]);
            let close = w.text_if(&format!("{name}_close"), ":", vec![(six, "]:")]);
            let ip = w.ip(&ip, Some(&len), name);
            vec![
                arg("%s", open),
                arg("%s", ip),
                arg("%s", close),
                arg("%llu", port),
            ]
        };
        let to = shown(self, address, &to_name);
        let from = shown(self, source, &from_name);
        let mut both = vec![text(" ")];
        both.extend(from);
        both.push(text("->"));
        both.extend(to.clone());
        let mut one = vec![text(" ")];
        one.extend(to);
        vec![
            (
                is_net
                    .clone()
                    .binary("&&", address_known.clone())
                    .binary("&&", source_known),
                both,
            ),
            (is_net.clone().binary("&&", address_known), one),
        ]
    }
}
