//! `on` blocks: statements to steps.

use super::builder::Builder;
use super::compute::{Binding, Moment, Scope, fits_signed};
use super::events::{Named, names_list};
use super::show::default_format;
use super::value::{GOROUTINE, PROCESS};
use crate::analyze::value::article;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::format::Format;
use crate::plan::{
    Aggregation, Column, Expr, Limit, Line, Number, NumberKind, Op, Part, RawPart, Step, Subject, Unit, Value,
};
use crate::source::Span;
use crate::syntax::ast::{self, ClauseKind, ExprKind, On, Print, Segment, Statement, StatementKind};
use std::collections::BTreeMap;

/// The words that add to a result, with whether they take a value.
const AGGREGATIONS: &[(&str, bool)] = &[
    ("count", false),
    ("sum", true),
    ("min", true),
    ("max", true),
    ("avg", true),
    ("stats", true),
    ("hist", true),
    ("linear", true),
];

/// The result that counts, by the result that they are not in, values of 2^63 and more, where bpftrace would take them for negative.
pub(super) const VALUES_TOO_LARGE: &str = "values_too_large";

/// True for the words that add to a result.
pub(super) fn is_aggregation(word: &str) -> bool {
    AGGREGATIONS.iter().any(|(verb, _)| *verb == word)
}

/// The keys of a result, and what the recipe has for each.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) values: Vec<Value>,
    pub(crate) columns: Vec<Column>,
}

impl Keys {
    fn push(&mut self, value: Value, column: Column) {
        self.values.push(value);
        self.columns.push(column);
    }
}

/// What the statements of one block share over all its functions: maps by the statement's place.
#[derive(Debug, Default)]
pub(super) struct Maps {
    results: BTreeMap<Span, String>,
    limits: BTreeMap<Span, Limit>,
}

impl Builder<'_> {
    /// Adds the steps of an `on` block.
    pub(super) fn on_block(&mut self, on: &On) {
        self.allow_clauses(&on.clauses, &["where", "except", "limit"], "an `on` block");
        let functions = self.functions(&on.events, &on.clauses);
        let Some(first) = functions.first().copied() else {
            return;
        };
        let mut maps = Maps::default();
        let limit = self.limit(&on.clauses);
        self.name_results(&on.body, first, &mut maps, limit.as_ref());
        for named in functions {
            self.on_one(on, named, &maps);
        }
    }

    fn on_one(&mut self, on: &On, named: Named, maps: &Maps) {
        if on.returning.is_some() {
            let steps = self.at(named, Moment::Return, |scope| scope.statements(&on.body, maps));
            self.on_return(named, &on.clauses, steps);
            return;
        }
        // What stands before the `return` blocks, in order; each `return` sees the `let`s above it.
        let mut bindings = Vec::new();
        let mut entry = Vec::new();
        let mut returns = Vec::new();
        let mut failed = false;
        for statement in &on.body {
            match &statement.kind {
                StatementKind::Return { clauses, body } => {
                    self.allow_clauses(clauses, &["where", "limit"], "a `return` block");
                    let seen = bindings.clone();
                    let steps = self.at(named, Moment::Return, |scope| {
                        scope.bindings = seen;
                        let condition = match super::builder::where_of(clauses) {
                            Some(e) => Some(scope.condition(e)?),
                            None => None,
                        };
                        let steps = scope.statements(body, maps)?;
                        Some(match condition {
                            Some(condition) => vec![Step::If(condition, steps, Vec::new())],
                            None => steps,
                        })
                    });
                    match steps {
                        Some(steps) => returns.extend(steps),
                        None => failed = true,
                    }
                }
                _ => {
                    let seen = std::mem::take(&mut bindings);
                    let mut after = Vec::new();
                    let steps = self.at(named, Moment::Entry, |scope| {
                        scope.bindings = seen;
                        let steps = scope.statement(statement, maps);
                        after = std::mem::take(&mut scope.bindings);
                        steps
                    });
                    bindings = after;
                    match steps {
                        Some(steps) => entry.extend(steps),
                        None => failed = true,
                    }
                }
            }
        }
        let has_returns = on
            .body
            .iter()
            .any(|s| matches!(s.kind, StatementKind::Return { .. }));
        if failed {
            return;
        }
        let late = super::builder::where_of(&on.clauses).is_some_and(Scope::only_at_return);
        if late && !entry.is_empty() {
            if let Some(e) = super::builder::where_of(&on.clauses) {
                self.problems.push(
                    Diagnostic::error(
                        Code::ONLY_AT_RETURN,
                        "this condition is known only when the call returns",
                    )
                    .at(e.span, "but statements of the block run when it begins")
                    .help("put the condition on `return where …`"),
                );
            }
            return;
        }
        if !entry.is_empty() {
            self.on_entry(named, &on.clauses, Some(entry));
        }
        if has_returns {
            self.on_return(named, &on.clauses, Some(returns));
        }
    }

    /// Gives every result and limit in a block its map, once for all functions of the block.
    fn name_results(&mut self, body: &[Statement], first: Named, maps: &mut Maps, limit: Option<&Limit>) {
        for statement in body {
            match &statement.kind {
                StatementKind::Aggregate {
                    verb, value, clauses, ..
                } => {
                    self.allow_clauses(clauses, &["by", "where"], "an aggregation");
                    if AGGREGATIONS.iter().any(|(v, _)| *v == verb.node) {
                        let function = self.program.function(first.id).name;
                        let map = self.result_map(
                            statement.label.as_ref(),
                            &verb.node,
                            first,
                            Subject::Statement(function),
                            if value.is_some() { Unit::Value } else { Unit::Times },
                        );
                        maps.results.insert(statement.span, map);
                    }
                }
                StatementKind::Print(_, clauses) => {
                    self.allow_clauses(clauses, &["where", "limit"], "`print`");
                    if let Some(own) = self.limit(clauses).or_else(|| limit.cloned()) {
                        maps.limits.insert(statement.span, own);
                    }
                }
                StatementKind::If { then, otherwise, .. } => {
                    self.name_results(then, first, maps, limit);
                    self.name_results(otherwise, first, maps, limit);
                }
                StatementKind::Return { clauses, body } => {
                    let own = self.limit(clauses);
                    self.name_results(body, first, maps, own.as_ref().or(limit));
                }
                StatementKind::Let { .. } | StatementKind::Raw(_) => {}
            }
        }
    }
}

impl Scope<'_> {
    /// The steps of some statements; nothing if any of them is wrong.
    fn statements(&mut self, list: &[Statement], maps: &Maps) -> Option<Vec<Step>> {
        let depth = self.bindings.len();
        let mut steps = Vec::new();
        let mut failed = false;
        for statement in list {
            match self.statement(statement, maps) {
                Some(more) => steps.extend(more),
                None => failed = true,
            }
        }
        self.bindings.truncate(depth);
        (!failed).then_some(steps)
    }

    fn statement(&mut self, statement: &Statement, maps: &Maps) -> Option<Vec<Step>> {
        match &statement.kind {
            StatementKind::Let { name, value } => {
                if let Some(first) = self.bindings.iter().find(|b| b.name == name.node) {
                    let problem =
                        Diagnostic::error(Code::REPEATED, format!("there are two lets `{}`", name.node))
                            .at(name.span, "again")
                            .see(first.span, "first here");
                    self.problems.push(problem);
                    return None;
                }
                let typed = self.eval(&value.expr);
                let failed = matches!(typed, super::value::Typed::Wrong);
                self.bindings.push(Binding {
                    name: name.node.clone(),
                    span: name.span,
                    typed,
                    at: self.moment,
                });
                (!failed).then(Vec::new)
            }
            StatementKind::Print(print, clauses) => {
                let condition = self.own_condition(clauses);
                let line = self.print(print, statement.span);
                let limit = maps.limits.get(&statement.span).cloned();
                let step = Step::Print(line?, limit);
                Some(wrapped(condition?, vec![step]))
            }
            StatementKind::Aggregate {
                verb,
                value,
                range,
                clauses,
            } => {
                let condition = self.own_condition(clauses);
                let keys = self.keys(clauses, false);
                let how = self.aggregation(verb, value.as_ref(), range.as_ref(), statement.span);
                let map = maps.results.get(&statement.span).cloned().unwrap_or_default();
                let (how, value) = how?;
                let step = self.within_bounds(map, how, value, keys?);
                Some(wrapped(condition?, vec![step]))
            }
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.condition(condition);
                let then = self.statements(then, maps);
                let otherwise = self.statements(otherwise, maps);
                Some(vec![Step::If(condition?, then?, otherwise?)])
            }
            StatementKind::Return { .. } => {
                self.problems.push(
                    Diagnostic::error(
                        Code::BAD_PLACE,
                        "`return` blocks stand directly in the `on` block",
                    )
                    .at(statement.span, "here it is inside something else")
                    .help("write `return where COND { … }` in the `on` block"),
                );
                None
            }
            StatementKind::Raw(raw) => Some(vec![Step::Raw(self.raw(&raw.segments)?)]),
        }
    }

    fn own_condition(&mut self, clauses: &[ast::Clause]) -> Option<Option<Value>> {
        match super::builder::where_of(clauses) {
            Some(e) => self.condition(e).map(Some),
            None => Some(None),
        }
    }

    fn raw(&mut self, segments: &[Segment]) -> Option<Vec<RawPart>> {
        let mut parts = Vec::new();
        for segment in segments {
            parts.push(match segment {
                Segment::Text(text) => RawPart::Text(text.clone()),
                Segment::Value(shown) => RawPart::Value(self.key(shown)?.0),
            });
        }
        Some(parts)
    }

    fn aggregation(
        &mut self,
        verb: &ast::Name,
        value: Option<&ast::Expr>,
        range: Option<&ast::Range>,
        span: Span,
    ) -> Option<(Aggregation, Option<Column>)> {
        let Some((_, takes_value)) = AGGREGATIONS.iter().find(|(v, _)| *v == verb.node) else {
            let words: Vec<&str> = AGGREGATIONS
                .iter()
                .map(|(v, _)| *v)
                .chain(["print", "let", "if", "return", "raw"])
                .collect();
            let mut problem = Diagnostic::error(
                Code::UNKNOWN_WORD,
                format!("there is no statement `{}`", verb.node),
            )
            .at(verb.span, "not known");
            problem = super::events::with_foreign_letters(problem, &verb.node);
            problem = match near::words(&verb.node, words.iter().copied()) {
                Some(word) => problem.help(format!("did you mean `{word}`?")),
                None => problem.help(format!("the statements are {}", names_list(&words))),
            };
            self.problems.push(problem);
            return None;
        };
        if !takes_value {
            if let Some(e) = value {
                self.problems.push(
                    Diagnostic::error(Code::BAD_CLAUSE, "`count` counts calls and takes no value")
                        .at(e.span, "not needed")
                        .help("`sum E` adds values up; `count by E` counts per value"),
                );
                return None;
            }
            return Some((Aggregation::Count, None));
        }
        let Some(e) = value else {
            self.problems.push(
                Diagnostic::error(Code::NOT_A_NUMBER, format!("`{}` needs a number", verb.node))
                    .at(span, "of what?")
                    .help(format!("write `{} arg n`, `{0} elapsed`, …", verb.node)),
            );
            return None;
        };
        let typed = self.eval(e);
        let ty = typed.type_name();
        let (expr, signed, kind, what, _) = self.as_number(typed, e.span)?;
        if matches!(kind, NumberKind::Bool | NumberKind::Pointer) {
            self.problems.push(
                Diagnostic::error(Code::NOT_A_NUMBER, format!("{} is not a number", article(&what)))
                    .at(e.span, format!("this is {}", article(&what))),
            );
            return None;
        }
        let format = default_format(&Value::Number(Number {
            expr: expr.clone(),
            signed,
            kind,
        }));
        let column = Column::new(&self.text_of(e), &ty, format);
        let value = Value::Number(Number {
            expr,
            signed,
            kind: NumberKind::Plain,
        });
        if let (Some(range), true) = (range, verb.node != "linear") {
            self.problems.push(
                Diagnostic::error(Code::BAD_RANGE, "only `linear` takes a range").at(range.span, "not here"),
            );
            return None;
        }
        let how = match verb.node.as_str() {
            "sum" => Aggregation::Sum(value),
            "min" => Aggregation::Min(value),
            "max" => Aggregation::Max(value),
            "avg" => Aggregation::Avg(value),
            "stats" => Aggregation::Stats(value),
            "hist" => Aggregation::Hist(value),
            _ => {
                let Some(range) = range else {
                    self.problems.push(
                        Diagnostic::error(Code::BAD_RANGE, "`linear` needs a range")
                            .at(span, "add `0..100 step 10`"),
                    );
                    return None;
                };
                let (low, high, step) = self.linear(range, 1, Some(e))?;
                Aggregation::Linear(value, low, high, step)
            }
        };
        Some((how, Some(column)))
    }

    /// Adds to a result. bpftrace gathers signed numbers: an unsigned one of 2^63 and more is counted elsewhere, or put where it belongs.
    fn within_bounds(&self, map: String, how: Aggregation, column: Option<Column>, keys: Keys) -> Step {
        let add = |map, how| Step::Aggregate {
            map,
            how,
            keys: keys.values,
            value: column,
            columns: keys.columns,
        };
        let value = match &how {
            Aggregation::Count => None,
            Aggregation::Min(_) | Aggregation::Max(_) if self.dialect.orders_unsigned() => None,
            Aggregation::Sum(v)
            | Aggregation::Min(v)
            | Aggregation::Max(v)
            | Aggregation::Avg(v)
            | Aggregation::Stats(v)
            | Aggregation::Hist(v)
            | Aggregation::Linear(v, ..) => Some(v),
        };
        let wide = match value {
            Some(Value::Number(n)) if !n.signed && !fits_signed(&n.expr) => n.clone(),
            _ => return add(map, how),
        };
        if let Aggregation::Linear(_, low, high, step) = how {
            let last = Expr::Int(i128::from(high));
            let beyond = Expr::Binary {
                op: Op::GreaterEqual,
                a: Box::new(wide.expr.clone()),
                b: Box::new(last.clone()),
                signed: false,
            };
            let expr = Expr::Choose(Box::new(beyond), Box::new(last), Box::new(wide.expr.clone()));
            let value = Value::Number(Number { expr, ..wide });
            let how = Aggregation::Linear(value, low, high, step);
            return add(map, how);
        }
        let top_bit = Expr::Binary {
            op: Op::ShiftRight,
            a: Box::new(wide.expr),
            b: Box::new(Expr::Int(63)),
            signed: false,
        };
        let condition = Value::Number(Number {
            expr: Expr::Binary {
                op: Op::NotEqual,
                a: Box::new(top_bit),
                b: Box::new(Expr::Int(0)),
                signed: false,
            },
            signed: false,
            kind: NumberKind::Bool,
        });
        let elsewhere = Step::Aggregate {
            map: VALUES_TOO_LARGE.into(),
            how: Aggregation::Count,
            keys: vec![Value::Known(crate::plan::Known::Constant(map.clone()))],
            value: None,
            columns: Vec::new(),
        };
        Step::If(condition, vec![elsewhere], vec![add(map, how)])
    }

    /// `A..B step S` as whole numbers, durations in units of so many nanoseconds; of an expression, or else of a latency.
    pub(super) fn linear(
        &mut self,
        range: &ast::Range,
        unit: u64,
        of: Option<&ast::Expr>,
    ) -> Option<(i64, i64, i64)> {
        let mut numbers = Vec::new();
        for e in [&range.low, &range.high, &range.step] {
            let typed = self.eval(e);
            let (expr, _, kind, ..) = self.as_number(typed, e.span)?;
            let Expr::Int(n) = expr else {
                self.problems.push(
                    Diagnostic::error(Code::BAD_RANGE, "a range is of numbers known when compiling")
                        .at(e.span, "not a constant"),
                );
                return None;
            };
            if kind == NumberKind::Duration && n % i128::from(unit) != 0 {
                self.problems.push(
                    Diagnostic::error(
                        Code::BAD_RANGE,
                        "this is no whole number of the unit that is counted in",
                    )
                    .at(e.span, "would be rounded")
                    .help("say a smaller unit, as in `in us` or `in ns`"),
                );
                return None;
            }
            numbers.push(if kind == NumberKind::Duration {
                n / i128::from(unit)
            } else {
                n
            });
        }
        let &[low, high, step] = numbers.as_slice() else {
            return None;
        };
        match self.bad_range(low, high, step, range, of) {
            Some(problem) => self.problems.push(problem),
            None => {
                return Some((
                    i64::try_from(low).ok()?,
                    i64::try_from(high).ok()?,
                    i64::try_from(step).ok()?,
                ));
            }
        }
        None
    }

    /// Why a range is none, or not one that bpftrace takes. (Of 0.17, 0.23 and 0.27, each takes bounds from 0 to 2^31 - 1, and puts what is in a
    /// narrower last bucket elsewhere.)
    fn bad_range(
        &self,
        low: i128,
        high: i128,
        step: i128,
        range: &ast::Range,
        of: Option<&ast::Expr>,
    ) -> Option<Diagnostic> {
        let text = format!("{low}..{high} step {step}");
        let bad = |why: &str| Diagnostic::error(Code::BAD_RANGE, why);
        // The value as an operand of what is written behind it.
        let value = of.and_then(|e| {
            let text = self.source.get(e.span.start..e.span.end)?;
            let whole = matches!(e.kind, ExprKind::Binary(..) | ExprKind::Unary(..));
            Some(if whole {
                format!("({text})")
            } else {
                text.to_string()
            })
        });
        if low >= high || step <= 0 || high - low < step || (high - low) / step > 1000 {
            let problem = bad(&format!("{text} is no range"));
            return Some(problem.at(range.span, "wants A < B, S > 0, and 1 to 1000 steps"));
        }
        if low < 0 {
            let problem = bad("buckets of bpftrace begin at 0 or more").at(range.low.span, "negative");
            let up = -low;
            return Some(problem.help(match value {
                Some(value) => format!(
                    "write `linear {value} + {up} 0..{} step {step}`: each label is {up} too high then",
                    high + up
                ),
                None => "no call takes less than no time: begin at 0".into(),
            }));
        }
        let rest = (high - low) % step;
        if rest != 0 {
            let problem = bad(&format!(
                "the last bucket of {text} would be narrower than the others"
            ))
            .at(range.span, "not a whole number of steps");
            let (below, above) = (high - rest, high + step - rest);
            return Some(problem.help(format!(
                "write `{low}..{below} step {step}` or `{low}..{above} step {step}`"
            )));
        }
        if high <= i128::from(i32::MAX) {
            return None;
        }
        let problem = bad("buckets of bpftrace end below 2^31").at(range.high.span, "too large");
        let fits = |unit: &i128| {
            [low, high, step].iter().all(|n| n % unit == 0) && high / unit <= i128::from(i32::MAX)
        };
        let unit = [1000, 1024, 1_000_000, 1 << 20, 1_000_000_000, 1 << 30]
            .into_iter()
            .find(fits);
        Some(match (value, unit) {
            (Some(value), Some(unit)) => problem.help(format!(
                "count in a larger unit: `linear {value} / {unit} {}..{} step {}`",
                low / unit,
                high / unit,
                step / unit
            )),
            (Some(_), None) => problem.help("divide the value and the bounds by the same number"),
            (None, _) => problem.help("say a larger unit, as in `in ms` or `in s`"),
        })
    }

    /// The keys of `by`; with several functions under one result, the function's name is the first.
    pub(crate) fn keys(&mut self, clauses: &[ast::Clause], by_function: bool) -> Option<Keys> {
        let mut keys = Keys::default();
        if by_function {
            let name = self.sketch.function.name.clone();
            keys.push(
                Value::Known(crate::plan::Known::Constant(name)),
                Column::new("function", "string", Format::String),
            );
        }
        for clause in clauses {
            let ClauseKind::By(list) = &clause.node else {
                continue;
            };
            for shown in list {
                // Goroutine ids begin anew in every process.
                let is_id =
                    matches!(&shown.expr.kind, ExprKind::Name(n) if n == "goroutine" || n == "parent");
                if is_id && !self.one_process {
                    let process = crate::plan::Expr::Process;
                    let value = Value::Number(Number {
                        expr: process,
                        signed: false,
                        kind: NumberKind::Plain,
                    });
                    if !keys.values.contains(&value) {
                        keys.push(value, Column::new("process", PROCESS, Format::Uint));
                    }
                }
                if by_function && matches!(&shown.expr.kind, ExprKind::Name(n) if n == "func") {
                    continue;
                }
                let (value, column) = self.key(shown)?;
                keys.push(value, column);
            }
        }
        Some(keys)
    }

    fn print(&mut self, print: &Print, span: Span) -> Option<Line> {
        match print {
            Print::Text(segments, _) => {
                let mut line = Line::default();
                let mut failed = false;
                for segment in segments {
                    match segment {
                        Segment::Text(text) => line.text(text.as_str()),
                        Segment::Value(shown) => {
                            let name = self.text_of(&shown.expr);
                            match self.shown(shown, &name) {
                                Some(more) => line.append(more),
                                None => failed = true,
                            }
                        }
                    }
                }
                (!failed).then_some(line)
            }
            Print::Arguments => {
                self.signature(span)?;
                let mut line = self.line_head("");
                line.append(self.all_arguments(span));
                Some(line)
            }
            Print::Results => {
                if self.moment == Moment::Entry {
                    self.problems.push(
                        Diagnostic::error(
                            Code::ONLY_AT_RETURN,
                            "results are known only when the call returns",
                        )
                        .at(span, "used where the call begins")
                        .help("put it into `return { … }`"),
                    );
                    return None;
                }
                self.signature(span)?;
                let mut line = self.line_head("");
                line.append(self.all_results(span));
                Some(line)
            }
            Print::List(list) => {
                let mut line = self.line_head("");
                let mut failed = false;
                for shown in list {
                    let text = self
                        .source
                        .get(shown.expr.span.start..shown.expr.span.end)
                        .unwrap_or_default()
                        .to_string();
                    let name = text.strip_prefix("arg ").unwrap_or(&text).trim().to_string();
                    line.text(format!(" {name}="));
                    match self.shown(shown, &name) {
                        Some(more) => line.append(more),
                        None => failed = true,
                    }
                }
                (!failed).then_some(line)
            }
        }
    }

    /// `09:30:00.123456 goroutine 7 main.f`, with an arrow before the function if there is one.
    pub(crate) fn line_head(&mut self, arrow: &str) -> Line {
        let id = |expr| {
            let number = Number {
                expr,
                signed: false,
                kind: NumberKind::Plain,
            };
            vec![Part::Shown(Value::Number(number), Format::Uint)]
        };
        let mut line = Line::default();
        line.value(Column::new("time", "time.Time", Format::Time), vec![Part::Clock]);
        line.text(" ");
        if !self.one_process {
            line.text("process ");
            line.value(
                Column::new("process", PROCESS, Format::Uint),
                id(crate::plan::Expr::Process),
            );
            line.text(" ");
        }
        line.text("goroutine ");
        line.value(
            Column::new("goroutine", GOROUTINE, Format::Uint),
            id(crate::plan::Expr::Goroutine),
        );
        let arrow = if arrow.is_empty() {
            String::new()
        } else {
            format!("{arrow} ")
        };
        line.text(format!(" {arrow}{}", self.sketch.function.name));
        line
    }

    /// ` a=1 b=2`, or nothing.
    pub(crate) fn all_arguments(&mut self, span: Span) -> Line {
        match self.signature(span) {
            Some(s) => {
                let list: Vec<_> = s.receiver.iter().chain(&s.parameters).cloned().collect();
                self.after_space(&list, false, span)
            }
            None => Line::default(),
        }
    }

    /// ` 0=1 err=nil`, or nothing.
    pub(crate) fn all_results(&mut self, span: Span) -> Line {
        let mut line = Line::default();
        match self.signature(span) {
            Some(s) if !s.results_known => line.text(" (results not known)"),
            Some(s) => line = self.after_space(&s.results, true, span),
            None => {}
        }
        line
    }

    fn after_space(&mut self, list: &[crate::target::Parameter], results: bool, span: Span) -> Line {
        let mut line = Line::default();
        if !list.is_empty() {
            line.text(" ");
            line.append(self.all_parameters(list, results, span));
        }
        line
    }

    /// An expression as it was written.
    pub(super) fn text_of(&self, e: &ast::Expr) -> String {
        self.source
            .get(e.span.start..e.span.end)
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn wrapped(condition: Option<Value>, steps: Vec<Step>) -> Vec<Step> {
    match condition {
        Some(condition) => vec![Step::If(condition, steps, Vec::new())],
        None => steps,
    }
}
