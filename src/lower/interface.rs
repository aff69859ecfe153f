//! The value of an interface: its dynamic type, and the message of an error that is one piece of text.

use super::Fragment;
use super::values::string;
use super::whole::is_more;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{ErrorShape, KnownError, Value};

/// The words of an interface.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) tab: Bt,
    pub(super) descriptor: Option<Bt>,
    pub(super) data: Bt,
}

impl Writer<'_> {
    /// The words of an interface: the first, the type's descriptor (the same, unless the first is an itab; 0 if the
    /// itab is on a page that the program never touched), the data.
    pub(super) fn interface_words(&mut self, value: &Value) -> Words {
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
        let name = self.name_of_value(value);
        let tab = self.unsigned(tab);
        let what = if *methods { "itab" } else { "type" };
        let tab = self.once(&format!("{name}_{what}"), tab);
        // `internal/abi.ITab`: the interface, then the type.
        let descriptor = methods.then(|| {
            let word = Bt::Load("uint64", Box::new(tab.clone().plus(8)));
            self.assign(&format!("{name}_type"), word)
        });
        let data = self.unsigned(data);
        Words {
            tab,
            descriptor,
            data: self.once(&name, data),
        }
    }

    /// The words of an interface, its type taken away where the value is a nil pointer, which no field can be read
    /// behind. Without a branch: each would double what the kernel's verifier goes through.
    pub(super) fn held(&mut self, words: &Words, name: &str) -> Words {
        let is_there = is_more(words.data.clone(), 0);
        let taken = |word: &Bt| word.clone().binary("*", is_there.clone());
        let (mut tab, mut descriptor) = (taken(&words.tab), words.descriptor.as_ref().map(taken));
        // Where text is on the stack there is no room for two variables more.
        if !self.dialect.text_is_on_stack() {
            let held = self.reserve(&format!("{name}_held"));
            let why = if descriptor.is_some() {
                "its itab, or 0"
            } else {
                "its type, or 0"
            };
            self.push(Stmt::Assign(
                held.clone(),
                tab,
                format!("{why} if it is a nil pointer"),
            ));
            tab = Bt::Var(held);
            descriptor = descriptor.map(|word| self.assign(&format!("{name}_held_type"), word));
        }
        Words {
            tab,
            descriptor,
            data: words.data.clone(),
        }
    }

    /// An interface holds a value of a known type.
    pub(super) fn holds(&mut self, words: &Words, known: &KnownError) -> Bt {
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

    /// The name of a type from its descriptor, into the variables `start` and `length` (`internal/abi.Type`: TFlag at
    /// 20, Str at 40; `abi.Name`: a flag byte, the length in 7-bit groups, the bytes). A flagged leading `*` is not
    /// part of it.
    pub(super) fn type_name(&mut self, descriptor: &Bt, start: &str, length: &str) {
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
        let offset = self.assign(&format!("{start}_offset"), at(40, "uint32"));
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
            let star = w.assign(&format!("{start}_star"), star);
            w.push(set(start, var(start).plus(2).binary("+", star.clone())));
            let shorter = var(length)
                .cast("int64")
                .binary("-", star.cast("int64"))
                .cast("uint64");
            w.push(set(length, shorter));
        });
        self.push(Stmt::If(offset.binary("!=", Bt::Int(0)), body, Vec::new()));
    }

    /// The name of an interface's dynamic type, or `nil`.
    pub(super) fn type_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        self.message_of(value, false)
    }

    /// An interface as a key: `nil`, the message of a plain error, or the type's name.
    pub(super) fn interface_key(&mut self, value: &Value, errors: bool) -> Bt {
        let message = self.message_of(value, errors);
        let [Fragment::Arg(_, fixed), Fragment::Arg(_, read), ..] = message.as_slice() else {
            return string("");
        };
        let (fixed, read) = (fixed.clone(), read.clone());
        if !errors && self.types_are_tabled(value) {
            return fixed;
        }
        // Only one of the two is not empty.
        let key = self.reserve(&format!("{}_key", self.name_of_value(value)));
        let variable = Bt::Var(key.clone());
        self.push(Stmt::Assign(key.clone(), fixed, String::new()));
        let set = Stmt::Assign(key, read, String::new());
        self.push(Stmt::If(
            variable.clone().binary("==", string("")),
            vec![set],
            Vec::new(),
        ));
        variable
    }

    /// The table has the names of all types that can be in this interface: those that have an itab.
    fn types_are_tabled(&self, value: &Value) -> bool {
        !self.plan.type_names.is_empty()
            && !self.plan.more_types
            && matches!(value, Value::Interface { methods: true, .. })
    }

    /// The errors whose message is one piece of text.
    pub(super) fn simple_errors(&self) -> Vec<KnownError> {
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

    /// What an interface holds: its words, and two pieces of text, one of which is empty: one that gobt knows (`nil`, a
    /// type's name), and one in memory (the message if `errors` and its type is a plain one). It is found out once in a
    /// probe.
    pub(super) fn message_of(&mut self, value: &Value, errors: bool) -> Vec<Fragment> {
        if let Some(known) = self.recall_decoded(value, errors) {
            return known;
        }
        let mut text = Vec::new();
        let written = self.nested(|w| {
            let words = w.interface_words(value);
            let name = w.name_of_value(value);
            let (messages, held) = if errors {
                (w.simple_errors(), w.held(&words, &name))
            } else {
                (Vec::new(), words.clone())
            };
            text = w.message(&words, &held, &messages, &name);
        });
        self.remember_decoded(value, errors, &text, written);
        text
    }

    /// The number of a `syscall.Errno` in an interface: small ones are not read but told from where they lie, since the
    /// run time keeps one table of them (`runtime.staticuint64s`, `src/runtime/iface.go`).
    pub(super) fn errno(&mut self, data: &Bt, name: &str) -> Bt {
        let read = Bt::Load("uint64", Box::new(data.clone()));
        let Some(table) = self.plan.small_numbers else {
            return self.assign(&format!("{name}_errno"), read);
        };
        let table = self.address(table);
        let offset = data
            .clone()
            .cast("int64")
            .binary("-", table.cast("int64"))
            .cast("uint64");
        let small = self.reserve(&format!("{name}_small"));
        let why = "its place in runtime.staticuint64s, the numbers below 256".into();
        self.push(Stmt::Assign(small.clone(), offset, why));
        let offset = Bt::Var(small);
        let inside = offset.clone().binary("<", Bt::Int(256 * 8));
        self.assign(
            &format!("{name}_errno"),
            inside.choose(offset.binary("/", Bt::Int(8)), read),
        )
    }
}
