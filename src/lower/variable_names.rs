//! Names of variables: after the recipe's words and Go's fields.

use super::whole;
use super::writer::Writer;
use crate::bt::names::Names;
use crate::gotype::abi::Slot;
use crate::plan::{self, StateId};

impl Writer<'_> {
    /// What a variable for a value is best called: after the recipe's words and Go's fields, `order_Item`,
    /// `order_Item_len`.
    pub(super) fn name_of(&self, of: &plan::Expr) -> String {
        let name = match of {
            plan::Expr::Register(r) => self
                .word_name(Slot::Register(*r))
                .unwrap_or_else(|| r.name().to_string()),
            plan::Expr::AtEntry(value) => match self.function.keeps(value) {
                Some(id) => self.name_of_kept(id),
                None => value.name.clone(),
            },
            plan::Expr::Context => "closure".into(),
            plan::Expr::Load(load) => self.name_of_load(load),
            plan::Expr::Binary {
                op: plan::Op::Add,
                a,
                b,
                ..
            } => match (&**a, &**b) {
                (plan::Expr::StackPointer, plan::Expr::Int(at)) => self.name_on_stack(*at),
                (a, _) => self.name_of(a),
            },
            plan::Expr::Narrow { of, .. }
            | plan::Expr::Negate(of)
            | plan::Expr::Complement(of)
            | plan::Expr::Binary { a: of, .. }
            | plan::Expr::Choose(_, of, _) => self.name_of(of),
            plan::Expr::Elapsed => "elapsed".into(),
            plan::Expr::Element(_) => "element".into(),
            plan::Expr::StackPointer => "stack".into(),
            _ => "value".into(),
        };
        match &self.about.element {
            Some((list, i)) if *list == name => format!("{name}_{i}"),
            _ => name,
        }
    }

    fn name_of_load(&self, load: &plan::Load) -> String {
        if load.base == plan::Expr::StackPointer {
            return self.name_on_stack(load.offset.into());
        }
        let mut name = self.name_of(&load.base);
        let path = load.object.iter().flat_map(|object| &object.path);
        for step in path {
            // The first words of text, slices and interfaces go by the name of the whole.
            if !matches!(step.field.as_str(), "data" | "tab" | "type") || step.inner.is_some() {
                name = format!("{name}_{}", step.field);
            }
        }
        name
    }

    /// What lies this far above the stack pointer.
    fn name_on_stack(&self, at: i128) -> String {
        let at = u64::try_from(at).unwrap_or_default();
        self.word_name(Slot::Stack(at))
            .unwrap_or_else(|| format!("stack_{at}"))
    }

    fn word_name(&self, slot: Slot) -> Option<String> {
        let words = if self.returning {
            &self.function.result_words
        } else {
            &self.function.argument_words
        };
        words
            .iter()
            .find(|(at, _)| *at == slot)
            .map(|(_, name)| name.clone())
    }

    /// What a value is best called.
    pub(super) fn name_of_value(&self, value: &plan::Value) -> String {
        match value {
            plan::Value::Number(n) => self.name_of(&n.expr),
            plan::Value::Text { data, .. }
            | plan::Value::Slice { data, .. }
            | plan::Value::Bytes { data, .. }
            | plan::Value::Interface { data, .. }
            | plan::Value::Code(data) => self.name_of(data),
            plan::Value::Time { wall, .. } => {
                let name = self.name_of(wall);
                name.strip_suffix("_wall").unwrap_or(&name).to_string()
            }
            plan::Value::TypeOf(of) => self.name_of_value(of),
            plan::Value::Known(plan::Known::AtEntry(value)) => {
                self.name_of(&plan::Expr::AtEntry(value.clone()))
            }
            plan::Value::Known(_) | plan::Value::Stack(_) | plan::Value::Comm => "value".into(),
        }
    }

    /// Takes a name for a variable that is not assigned yet. What begins with `_` goes behind the name of the value
    /// that is written about.
    pub(super) fn reserve(&mut self, preferred: &str) -> String {
        match preferred.strip_prefix('_') {
            Some(what) if self.about.name.is_empty() => self.names.allocate(what),
            Some(_) => self.names.allocate(&format!("{}{preferred}", self.about.name)),
            None => self.names.allocate(preferred),
        }
    }

    /// What a variable of a kept value is called.
    pub(super) fn name_of_kept(&self, id: StateId) -> String {
        let name = self.kept_name(id);
        let name = name.strip_prefix("arg_").unwrap_or(&name);
        name.strip_suffix("_data").unwrap_or(name).to_string()
    }
}

/// Names of one probe's variables; those that are always called the same are taken.
pub(super) fn fresh_names() -> Names {
    let mut names = Names::default();
    for taken in [
        "g",
        "frame",
        "entered",
        "elapsed",
        "deleted",
        "release",
        "restarts",
        "holes",
        "text_end",
        whole::CUT_BITS,
        "text_at",
        "zero_bytes",
        "not_text",
        "text_word",
    ] {
        names.allocate(taken);
    }
    names
}
