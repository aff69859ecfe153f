//! Visits every expression that some steps compute.

use super::{Aggregation, Expr, Part, RawPart, Step, Value};

/// Calls `f` for every expression in `steps`, inner ones too.
pub fn steps(steps: &[Step], f: &mut dyn FnMut(&Expr)) {
    values(steps, &mut |v| value(v, f));
}

/// Calls `f` for every expression in `steps` that is the address of something that is read.
pub fn addresses(steps: &[Step], f: &mut dyn FnMut(&Expr)) {
    values(steps, &mut |v| {
        let mut of = v;
        while let Value::TypeOf(inner) = of {
            of = inner;
        }
        if let Value::Text { data, .. }
        | Value::Slice { data, .. }
        | Value::Bytes { data, .. }
        | Value::Interface { data, .. } = of
        {
            f(data);
        }
        value(v, &mut |e| match e {
            Expr::Load(load) => f(&load.base),
            Expr::TextIs(data, ..) | Expr::Digest(data, _) => f(data),
            _ => {}
        });
    });
}

/// Calls `f` for every step in `steps`, inner ones too.
pub fn each<'s>(steps: &'s [Step], f: &mut dyn FnMut(&'s Step)) {
    for step in steps {
        f(step);
        if let Step::If(_, a, b) = step {
            each(a, f);
            each(b, f);
        }
    }
}

/// Calls `f` for every value in `steps`.
pub fn values(steps: &[Step], f: &mut dyn FnMut(&Value)) {
    for step in steps {
        match step {
            Step::Keep(_, value) => f(value),
            Step::Aggregate { how, keys, .. } => {
                match how {
                    Aggregation::Count => {}
                    Aggregation::Sum(v)
                    | Aggregation::Min(v)
                    | Aggregation::Max(v)
                    | Aggregation::Avg(v)
                    | Aggregation::Stats(v)
                    | Aggregation::Hist(v)
                    | Aggregation::Percentiles(v)
                    | Aggregation::Linear(v, ..) => f(v),
                }
                keys.iter().for_each(&mut *f);
            }
            Step::AddTo(_, value) => value.iter().for_each(&mut *f),
            Step::Print(line, _) => parts(&line.parts, f),
            Step::Tell(told) => {
                if let Some(condition) = told.what.condition() {
                    f(condition);
                }
                parts(&told.line.parts, f);
            }
            Step::If(condition, then, otherwise) => {
                f(condition);
                values(then, f);
                values(otherwise, f);
            }
            Step::Raw(list) => {
                for part in list {
                    if let RawPart::Value(v) = part {
                        f(v);
                    }
                }
            }
            Step::Enter
            | Step::Skip
            | Step::Remark(_)
            | Step::TimeOfDay
            | Step::Show(_)
            | Step::Clear(_)
            | Step::Stop => {}
        }
    }
}

fn parts(list: &[Part], f: &mut dyn FnMut(&Value)) {
    for part in list {
        match part {
            Part::Text(_) | Part::Clock => {}
            Part::Shown(v, _) => f(v),
            Part::Pointee(v, a) => {
                f(v);
                parts(a, f);
            }
            Part::Unless(v, a, b) => {
                f(v);
                parts(a, f);
                parts(b, f);
            }
            Part::Elements { len, each, .. } => {
                f(len);
                each.iter().for_each(|e| parts(e, f));
            }
            Part::Composed(_, values) => values.iter().for_each(&mut *f),
            Part::Each(all) => {
                f(&all.list);
                parts(&all.element, f);
                all.first.iter().for_each(|e| parts(e, f));
            }
        }
    }
}

/// Calls `f` for every expression in a value.
pub fn value(v: &Value, f: &mut dyn FnMut(&Expr)) {
    match v {
        Value::Number(n) => expr(&n.expr, f),
        Value::Text { data, len } => {
            expr(data, f);
            expr(len, f);
        }
        Value::Slice { data, len, .. } => {
            expr(data, f);
            expr(len, f);
        }
        Value::Bytes { data, .. } | Value::Code(data) => expr(data, f),
        Value::Interface { tab, data, .. } => {
            expr(tab, f);
            expr(data, f);
        }
        Value::TypeOf(inner) => value(inner, f),
        Value::Time { wall, ext } => {
            expr(wall, f);
            expr(ext, f);
        }
        Value::Known(super::Known::AtEntry(kept)) => f(&Expr::AtEntry(kept.clone())),
        Value::Known(_) | Value::Stack(_) | Value::Comm => {}
    }
}

/// Calls `f` for an expression and everything in it.
pub fn expr(e: &Expr, f: &mut dyn FnMut(&Expr)) {
    f(e);
    match e {
        Expr::Load(load) => expr(&load.base, f),
        Expr::Narrow { of, .. } => expr(of, f),
        Expr::Binary { a, b, .. } => {
            expr(a, f);
            expr(b, f);
        }
        Expr::Negate(x) | Expr::Complement(x) | Expr::Not(x) => expr(x, f),
        Expr::Choose(c, a, b) => {
            expr(c, f);
            expr(a, f);
            expr(b, f);
        }
        Expr::TextIs(data, len, _) | Expr::Digest(data, len) => {
            expr(data, f);
            expr(len, f);
        }
        Expr::KnownIs(super::Known::AtEntry(kept), _) => f(&Expr::AtEntry(kept.clone())),
        Expr::KnownIs(..)
        | Expr::Int(_)
        | Expr::Address(_)
        | Expr::Register(_)
        | Expr::StackPointer
        | Expr::Context
        | Expr::Element(_)
        | Expr::AtEntry(_)
        | Expr::Chosen { .. }
        | Expr::Elapsed
        | Expr::Goroutine
        | Expr::Parent
        | Expr::Process
        | Expr::Thread
        | Expr::Cpu
        | Expr::ReturnAddress
        | Expr::Total(_) => {}
    }
}
