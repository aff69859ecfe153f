//! Errors that are made of several pieces of text, as their `Error` methods make them.

use super::Fragment;
use super::interface::{Decoded, Words};
use super::values::{arg, equals, text};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{ErrorShape, KnownError, Value};

/// So many different errors in one probe are looked into; of further ones the address is shown. A line with four made a program
/// that 0.23 could not load, and one with eight was too much for 0.27.
const MOST_ERRORS: usize = 3;

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
        // What is known of an error waits in memory: the kernel's verifier would follow each kind of it to the probe's end, with each kind of
        // the next one.
        let keeps = self.dialect.keeps_long_variables();
        let gathers = std::mem::replace(&mut self.gathers, keeps);
        let written = self.nested(|w| made = w.error_forms(value, keeps && !gathers));
        self.gathers = gathers;
        self.remember_error(value, &made, written);
        made
    }

    fn error_forms(&mut self, value: &Value, has_room: bool) -> Vec<Fragment> {
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
        // All the pieces, and what is known of the error inside, are more than a small stack holds.
        if composed.is_empty() || self.dialect.text_is_on_stack() {
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
        let conditions = if has_room {
            self.told_apart(conditions)
        } else {
            conditions
        };
        let mut arms = Vec::new();
        for (condition, error) in conditions.into_iter().zip(composed) {
            let mut form = Vec::new();
            match error.shape {
                ErrorShape::Path(operation, path, _) => {
                    form.extend(self.string_at(&condition, &data, operation));
                    form.push(text(" "));
                    form.extend(self.string_at(&condition, &data, path));
                }
                ErrorShape::Syscall(name, _) => form.extend(self.string_at(&condition, &data, name)),
                ErrorShape::Net(operation, network, source, address, _) => {
                    form.extend(self.string_at(&condition, &data, operation));
                    form.push(text(" "));
                    form.extend(self.string_at(&condition, &data, network));
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

    /// Conditions of which one holds at most, by a number that waits in memory.
    fn told_apart(&mut self, conditions: Vec<Bt>) -> Vec<Bt> {
        let kind = self.reserve("kind");
        let set = |n: usize| Stmt::Assign(kind.clone(), Bt::Int(n as i128).cast("uint64"), String::new());
        let mut chain = Vec::new();
        let kinds = 1..=conditions.len();
        for (at, condition) in conditions.into_iter().enumerate().rev() {
            chain = vec![Stmt::If(condition, vec![set(at + 1)], chain)];
        }
        self.push(set(0));
        for statement in chain {
            self.push(statement);
        }
        // A tuple has two values at least.
        let [kind, _] = self.together("kinds", [Bt::Var(kind.clone()), Bt::Int(0)]);
        kinds.map(|n| equals(&kind, n as i128)).collect()
    }

    /// The error inside another one: a system call's name and `: `, if it is such an error, and the message.
    pub(super) fn inner_error(&mut self, causes: &[(Bt, u64)], data: &Bt) -> Vec<Fragment> {
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
            let held = self.held(&words);
            let is_syscall = self.holds(&held, known);
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
            let [call, call_length] = self.together("inside", [var(call), var(call_length)]);
            let colon = self.text_if(
                "colon",
                "",
                vec![(call_length.clone().binary("!=", Bt::Int(0)), ": ")],
            );
            let call = self.str_of(self.address_in(call), call_length);
            out.extend([arg("%s", call), arg("%s", colon)]);
        }
        let words = Words {
            tab: var(&tab),
            descriptor: Some(var(&kind)),
            data: var(&object),
        };
        let held = self.held(&words);
        out.extend(self.message(&words, &held, &simple));
        out
    }

    /// ` 10.0.0.1:50000->10.0.0.2:80`, as far as a `*net.OpError` says it.
    pub(super) fn net_addresses(&mut self, data: &Bt, source: u64, address: u64) -> Vec<Fragment> {
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
}
