//! The probes of a function: one where calls begin, one for all its returns.

use super::Fragment;
use super::known_texts::KNOWN_TEXTS;
use super::show;
use super::structs::Structs;
use super::whole::{HOLES, MARKS, is_more};
use super::writer::Writer;
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{self, Attached, Expr as Bt, Probe, Stmt};
use crate::plan::format::Format;
use crate::plan::state::{ENTERED, RESTARTS};
use crate::plan::{self, EventKind, Function, Limit, Part, Plan, RawPart, Step, Value};
use crate::target::{Guard, Site};

/// The probes of what happens in the program: one, or one for each of its sites where that has to be told.
pub(super) fn of_event(
    plan: &Plan,
    dialect: Dialect,
    structs: &mut Structs,
    probe: &plan::Probe,
    function: &Function,
) -> Vec<Probe> {
    let returning = probe.event.kind() == EventKind::Return;
    let word = if returning { "return" } else { "entry" };
    let mut w = Writer::new(plan, dialect, structs, function, returning);
    w.steps_of_probe(&probe.steps);
    let body = if returning {
        w.finish_return()
    } else {
        w.finish_entry()
    };
    let sites: Vec<&Site> = probe.sites.iter().collect();
    let groups: Vec<Vec<&Site>> = if returning && body.needs_base() {
        // Where the program is loaded is told from the probe's own address, so each return gets a probe of its own.
        sites.into_iter().map(|site| vec![site]).collect()
    } else {
        vec![sites]
    };
    let predicate = plan
        .pid
        .map(|pid| Bt::Builtin("pid").binary("==", Bt::Int(i128::from(pid))));
    let mut out = Vec::new();
    for group in groups {
        let Some(first) = group.first() else { continue };
        let (body, why) = guarded(plan, probe, body.at(first.address), first.address);
        let attach = group
            .iter()
            .map(|site| attach(plan, site, &format!("{word} {}{why}", place(site))));
        out.push(Probe {
            comment: Vec::new(),
            attach: attach.collect(),
            predicate: predicate.clone(),
            body,
        });
    }
    out
}

/// What is done at a site, and when: whether the jump to `runtime.morestack` is taken may decide it.
fn guarded(plan: &Plan, probe: &plan::Probe, body: Vec<Stmt>, site: u64) -> (Vec<Stmt>, &'static str) {
    let check = plan.identity.processor.flags();
    let flags = |is: &'static str| {
        let bits = Bt::Reg(check.register).binary("&", Bt::Hex(check.mask));
        bits.binary(is, Bt::Int(check.not_taken.into()))
    };
    let about_flags = || {
        let (mask, names) = (check.mask, check.names);
        Stmt::Comment(format!(
            "{mask:#x} is {names}, which tell whether the stack check's jump is taken"
        ))
    };
    match probe.guard {
        Guard::None if probe.checked => (body, " (after the stack check)"),
        Guard::None => (body, ""),
        Guard::CheckJumpNotTaken => (
            vec![about_flags(), Stmt::If(flags("=="), body, Vec::new())],
            " (of the stack check, when not taken)",
        ),
        Guard::FirstArrival => (
            std::iter::once(about_flags())
                .chain(first_arrival(plan, body, flags("!="), site))
                .collect(),
            " (of the stack check, before the stack grows)",
        ),
    }
}

/// The body for arrivals at the check's jump that are not the call's second, after the jump was `taken`.
fn first_arrival(plan: &Plan, body: Vec<Stmt>, taken: Bt, site: u64) -> Vec<Stmt> {
    let goroutine = plan.identity.processor.registers().goroutine;
    let keys = || vec![Bt::Builtin("pid"), Bt::Reg(goroutine.name())];
    let restarts = || Bt::Var(RESTARTS.into());
    vec![
        Stmt::Assign(
            RESTARTS.into(),
            Bt::Map(RESTARTS.into(), keys()),
            "the stack grew, and this call begins again".into(),
        ),
        Stmt::If(
            taken,
            vec![Stmt::Store(RESTARTS.into(), keys(), Bt::Hex(site))],
            vec![Stmt::If(
                restarts().binary("!=", Bt::Int(0)),
                vec![Stmt::Delete(RESTARTS.into(), keys())],
                Vec::new(),
            )],
        ),
        Stmt::If(restarts().binary("!=", Bt::Hex(site)), body, Vec::new()),
    ]
}

/// What is known of a function, for the comment above its first probe.
pub(super) fn about(function: &Function) -> Vec<String> {
    let mut lines = function.signature.clone();
    if let (Some(first), Some((file, line))) = (lines.first_mut(), &function.declared) {
        let file = file.rsplit('/').next().unwrap_or(file);
        first.push_str(&format!("    {file}:{line}"));
    }
    lines
}

fn place(site: &Site) -> String {
    format!("+{:<4} {}", site.offset, site.instruction)
}

fn attach(plan: &Plan, site: &Site, comment: &str) -> Attached {
    Attached {
        point: AttachPoint::Uprobe {
            path: plan.identity.path.clone(),
            number: plan.numbers.of_address(site.address),
        },
        above: Vec::new(),
        comment: if plan.numbers.of.contains_key(&site.address) {
            format!("{comment} (in file)")
        } else {
            comment.to_string()
        },
    }
}

/// Joins neighbouring probes that do the same, so that a reader reads it once.
pub(super) fn join_alike(probes: Vec<Probe>) -> Vec<Probe> {
    let mut out: Vec<Probe> = Vec::new();
    for mut probe in probes {
        let twin = out
            .iter_mut()
            .rev()
            .take(2)
            .find(|p| p.body == probe.body && p.predicate == probe.predicate);
        match twin {
            Some(twin) => {
                if let (Some(first), false) = (probe.attach.first_mut(), probe.comment.is_empty()) {
                    first.above = std::mem::take(&mut probe.comment);
                }
                twin.attach.append(&mut probe.attach);
            }
            None => out.push(probe),
        }
    }
    for probe in &mut out {
        // Returns of one function stand behind its entry, which says whose they are.
        let functions = probe.attach.iter().filter(|a| !a.above.is_empty()).count();
        if let (1, Some(first)) = (functions, probe.attach.first_mut()) {
            first.above.clear();
        }
    }
    out
}

/// True if a probe copies so many texts that, with the usual limit, its copies would be too long for a jump over them,
/// or what is under way between them would not fit in its 512 bytes of stack.
///
/// Up to 512 bytes, a text is copied word by word, or byte by byte where it does not stand at a multiple of 8; longer
/// ones are copied by a call to the kernel, which is shorter, and takes no room (`CreateMemcpyBPF`).
pub(super) fn is_crowded(probes: &[Probe]) -> bool {
    fn copies(list: &[Stmt]) -> usize {
        let texts = |values: &[Bt]| values.iter().filter(|e| is_text(e)).count();
        list.iter()
            .map(|s| match s {
                Stmt::Assign(_, Bt::Call("str", _), _) => MOST_COPIES,
                // A note that text was not read whole.
                Stmt::If(_, a, _) if matches!(a.as_slice(), [Stmt::Assign(noted, ..)] if noted == HOLES) => 0,
                // What is looked at to choose between forms takes room, too.
                Stmt::If(_, a, b) => copies(a) + copies(b) + 1,
                Stmt::Call(Bt::Call(_, values)) => texts(values),
                Stmt::Store(_, keys, value) => texts(keys) + usize::from(is_text(value)),
                _ => 0,
            })
            .sum()
    }
    probes.iter().any(|p| copies(&p.body) >= MOST_COPIES)
}

/// What takes a copy of text to print: not only what is read, but also what a table holds.
fn is_text(e: &Bt) -> bool {
    match e {
        Bt::Call(name, _) => matches!(*name, "str" | "buf"),
        Bt::Map(name, _) => name == KNOWN_TEXTS || name == MARKS,
        _ => false,
    }
}

/// Copies of text in one probe that are too many. A jump goes over 32,767 instructions (`llvm/lib/Target/BPF`, "Branch
/// target out of insn range"), and a copy of 255 bytes that are not at a multiple of 8 is 600.
const MOST_COPIES: usize = 16;

/// True of an element that shows nothing where it is not there, without another form for that.
fn can_be_empty(parts: &[Part]) -> bool {
    matches!(
        parts,
        [Part::Shown(Value::Text { .. }, Format::String) | Part::Shown(Value::Number(_), Format::Bool)]
    )
}

/// Values of several forms in one probe, beyond which spans of time are shown in the plainest one: what the forms are
/// computed with takes room on the stack.
const MOST_FORMS: usize = 3;

/// How many values in the lines of some steps take more than one form.
fn forms_in(steps: &[Step]) -> usize {
    let each = steps.iter().map(|step| match step {
        Step::Print(line, _) => many_forms(&line.parts),
        Step::If(_, a, b) => forms_in(a) + forms_in(b),
        _ => 0,
    });
    each.sum()
}

/// True if steps show numbers only.
fn shows_only_numbers(steps: &[Step]) -> bool {
    fn are_numbers(parts: &[Part]) -> bool {
        parts.iter().all(|part| match part {
            Part::Text(_) | Part::Clock => true,
            Part::Shown(value, format) => matches!(value, Value::Number(_)) && *format != Format::Error,
            Part::Pointee(_, inner) => are_numbers(inner),
            Part::Unless(_, a, b) => are_numbers(a) && are_numbers(b),
            Part::Elements { each, .. } => each.iter().all(|e| are_numbers(e)),
        })
    }
    steps.iter().all(|step| match step {
        Step::Print(line, _) => are_numbers(&line.parts),
        Step::If(condition, a, b) => {
            matches!(condition, Value::Number(_)) && shows_only_numbers(a) && shows_only_numbers(b)
        }
        Step::Keep(_, value) => matches!(value, Value::Number(_)),
        Step::Aggregate { keys, .. } => keys.iter().all(|key| matches!(key, Value::Number(_))),
        Step::Raw(_) => false,
        Step::Enter
        | Step::Skip
        | Step::Remark(_)
        | Step::TimeOfDay
        | Step::Show(_)
        | Step::Clear(_)
        | Step::Stop => true,
    })
}

/// How many parts of a line take more than one form.
fn many_forms(parts: &[Part]) -> usize {
    let forms = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        Part::Shown(Value::Number(n), Format::Duration) => usize::from(n.expr != crate::plan::Expr::Elapsed),
        Part::Shown(_, Format::Error | Format::Ip | Format::Char) => 1,
        Part::Shown(..) => 0,
        Part::Pointee(_, inner) => 1 + many_forms(inner),
        Part::Unless(_, a, b) => 1 + many_forms(a) + many_forms(b),
        Part::Elements { each, .. } => 1 + each.iter().map(|e| many_forms(e)).sum::<usize>(),
    };
    parts.iter().map(forms).sum()
}

/// Texts in one line, beyond which they have one mark for all that were not read whole: each form of the line has to
/// show each mark.
const MOST_TEXTS: usize = 8;
const MOST_TEXTS_IN_FORMS: usize = 5;

/// How many parts of a line may need a mark.
fn texts(parts: &[Part]) -> usize {
    let marks = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        Part::Shown(Value::Text { .. } | Value::Slice { .. } | Value::Bytes { .. }, format) => {
            usize::from(!matches!(format, Format::Pointer))
        }
        Part::Shown(..) => 0,
        Part::Pointee(_, inner) => texts(inner),
        Part::Unless(_, a, b) => texts(a) + texts(b),
        Part::Elements { each, .. } => each.iter().map(|e| texts(e)).sum(),
    };
    parts.iter().map(marks).sum()
}

/// Numbers that wait for the end of a line, beyond which they are gathered: a line with one error and one `any` made
/// 0.23's kernel side look at 265,000 instructions, one with three of each at more than the million that there may be;
/// four structs with two times in each were too many for the stack of a probe with 0.23 and 0.27.
const MOST_WAITING: usize = 12;

/// So many gathered values are in one line; further ones are shown in short: each takes 8 bytes of the stack until the
/// end of the line, and 29 texts were too many for 0.23 and 0.27.
const MOST_GROUPS: usize = 20;

/// True of what is computed from constants and values that were gathered already.
fn is_gathered(value: &Bt) -> bool {
    match value {
        Bt::Element(..) | Bt::Int(_) | Bt::Hex(_) | Bt::Str(_) => true,
        Bt::Cast(_, a) | Bt::Unary(_, a) => is_gathered(a),
        Bt::Binary(_, a, b) => is_gathered(a) && is_gathered(b),
        Bt::Call(name, list) => matches!(*name, "uptr" | "kptr" | "buf") && list.iter().all(is_gathered),
        _ => false,
    }
}

/// How many numbers are computed, and wait for the end of the line, for its parts.
fn waiting(parts: &[Part], in_list: bool) -> usize {
    let numbers = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        // With what may be inside of it.
        Part::Shown(_, Format::Error) => 9,
        Part::Shown(_, Format::Time) => 5,
        Part::Shown(_, Format::Type) => 3,
        Part::Shown(Value::Text { .. } | Value::Slice { .. } | Value::Bytes { .. }, format) => {
            if matches!(format, Format::Pointer) { 0 } else { 2 }
        }
        Part::Shown(..) => usize::from(in_list),
        Part::Pointee(_, inner) => 2 + waiting(inner, in_list),
        Part::Unless(_, a, b) => waiting(a, in_list) + waiting(b, in_list),
        Part::Elements { each, .. } => each.iter().map(|e| waiting(e, true)).sum(),
    };
    parts.iter().map(numbers).sum()
}

impl Writer<'_> {
    /// Writes the statements of a probe.
    fn steps_of_probe(&mut self, steps: &[Step]) {
        self.crowded = forms_in(steps) > MOST_FORMS;
        self.only_numbers = shows_only_numbers(steps);
        self.steps(steps);
    }

    /// Writes the statements of some steps.
    pub(super) fn steps(&mut self, steps: &[Step]) {
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            if *step == Step::Enter {
                let kept = after.iter().take_while(|s| matches!(s, Step::Keep(..))).count();
                let (keeps, after) = after.split_at(kept);
                self.enter(keeps);
                rest = after;
            } else {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Enter => self.enter(&[]),
            Step::Skip => {
                // An older call that was left by a panic may have stood in this frame.
                let keys = self.call_keys();
                let stale = Bt::Map(ENTERED.into(), keys.clone()).binary("!=", Bt::Int(0));
                self.push(Stmt::If(
                    stale,
                    vec![Stmt::Delete(ENTERED.into(), keys)],
                    Vec::new(),
                ));
            }
            Step::Keep(id, value) => {
                let keys = self.call_keys();
                let name = self.kept_name(*id);
                if let Value::Number(n) = value {
                    let value = self.unsigned(&n.expr);
                    let value = self.keepable(*id, value);
                    self.push(Stmt::Store(name, keys, value));
                } else {
                    // Whether it was read whole is kept beside it.
                    let value = self.key(value);
                    self.push(Stmt::Store(name, keys, value));
                }
            }
            Step::Aggregate { map, how, keys, .. } => self.aggregate(map, how, keys),
            Step::Print(line, limit) => self.print_step(&line.parts, limit.as_ref()),
            Step::If(condition, then, otherwise) => {
                let condition = match condition {
                    Value::Number(n) => self.truth(n),
                    _ => Bt::Int(1),
                };
                let then = self.nested(|w| w.steps(then));
                let otherwise = self.nested(|w| w.steps(otherwise));
                self.push(Stmt::If(condition, then, otherwise));
            }
            Step::Raw(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        RawPart::Text(t) => text.push_str(t),
                        RawPart::Value(v) => {
                            let value = self.key(v);
                            text.push_str(&bt::print::operand(&value));
                        }
                    }
                }
                self.push(Stmt::Raw(text));
            }
            Step::Remark(text) => self.push(Stmt::Comment(text.clone())),
            // What is done when some time has passed is in `timer.rs`.
            Step::TimeOfDay | Step::Show(_) | Step::Clear(_) | Step::Stop => {}
        }
    }

    fn print_step(&mut self, parts: &[Part], limit: Option<&Limit>) {
        let Some(limit) = limit else {
            self.line(parts);
            return;
        };
        // One limit for each probe: a busy function does not silence the others.
        let probe = if self.returning {
            format!("{} returns", self.function.name)
        } else {
            self.function.name.clone()
        };
        let key = vec![Bt::Str(probe)];
        let count = || Bt::Call("count", Vec::new());
        let lines = Bt::Map(limit.lines.clone(), key.clone());
        let one_more = if self.dialect.compares_counts() {
            count()
        } else {
            lines.clone().binary("+", Bt::Int(1))
        };
        self.push(Stmt::Store(limit.lines.clone(), key.clone(), one_more));
        let then = self.nested(|w| w.line(parts));
        let dropped = Stmt::Store(limit.dropped.clone(), key, count());
        let lines = if self.dialect.compares_counts() {
            lines.cast("int64")
        } else {
            lines
        };
        let within = lines.binary("<=", Bt::Int(i128::from(limit.per_second)));
        self.push(Stmt::If(within, then, vec![dropped]));
    }

    fn line(&mut self, parts: &[Part]) {
        let forms = many_forms(parts);
        self.plain_spans = forms > 1;
        self.gathers = self.dialect.keeps_long_variables() && waiting(parts, false) > MOST_WAITING;
        self.begin_line(
            texts(parts)
                > if forms > 0 {
                    MOST_TEXTS_IN_FORMS
                } else {
                    MOST_TEXTS
                },
        );
        self.has_list = false;
        let fragments = self.parts(parts);
        self.print(fragments);
        self.end_line();
        self.gathers = false;
        self.groups = 0;
    }

    fn parts(&mut self, parts: &[Part]) -> Vec<Fragment> {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push(Fragment::Text(text.clone())),
                Part::Shown(value, _) if self.is_full() && waiting(std::slice::from_ref(part), false) > 0 => {
                    out.extend(self.in_short(value));
                }
                Part::Shown(value, format) => {
                    self.subject = self.name_of_value(value);
                    out.extend(show::fragments(*format, value, self));
                }
                Part::Clock => {
                    let now = Bt::Call(
                        "strftime",
                        vec![Bt::Str("%H:%M:%S.%f".into()), Bt::Builtin("nsecs")],
                    );
                    out.push(Fragment::Arg("%s", now));
                }
                Part::Unless(value, shown, otherwise) => {
                    let condition = match value {
                        Value::Number(n) => self.truth(n),
                        _ => Bt::Int(1),
                    };
                    let form = self.parts(shown);
                    let otherwise = self.parts(otherwise);
                    let short = form.clone();
                    out.push(Fragment::Choice {
                        arms: vec![(condition, form)],
                        otherwise,
                        short,
                    });
                }
                Part::Pointee(pointer, shown) => {
                    let Value::Number(n) = pointer else { continue };
                    let address = self.number(n);
                    let form = self.parts(shown);
                    out.push(Fragment::Choice {
                        arms: vec![(
                            address.clone().binary("==", Bt::Int(0)),
                            vec![Fragment::Text("nil".into())],
                        )],
                        otherwise: form,
                        short: vec![Fragment::Text("0x".into()), Fragment::Arg("%llx", address)],
                    });
                }
                Part::Elements {
                    len,
                    each,
                    open_ended,
                } => out.extend(self.elements(len, each, *open_ended)),
            }
        }
        out
    }

    /// There is no room for more in the line.
    fn is_full(&self) -> bool {
        self.groups >= MOST_GROUPS
    }

    /// What stands for a value that there is no room for.
    fn in_short(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Interface { data, .. } => {
                let data = self.unsigned(data);
                vec![Fragment::Text("0x".into()), Fragment::Arg("%llx", data)]
            }
            _ => vec![Fragment::Text("…".into())],
        }
    }

    /// The same pieces with what they read from memory in variables, for pieces that several lines share: each read
    /// takes room on the stack of the probe.
    fn settled(&mut self, fragments: Vec<Fragment>, name: &str) -> Vec<Fragment> {
        let mut out = Vec::new();
        for fragment in fragments {
            out.push(match fragment {
                Fragment::Arg(directive, Bt::Call("str", list)) => {
                    let list = list.into_iter().map(|e| self.once(name, e)).collect();
                    Fragment::Arg(directive, Bt::Call("str", list))
                }
                Fragment::Arg(directive, value) if directive != "%s" && !is_gathered(&value) => {
                    Fragment::Arg(directive, self.once(name, value))
                }
                other => other,
            });
        }
        out
    }

    /// Puts what the elements of a list show in one variable, if there is more than one number of it.
    fn gather(&mut self, elements: &mut [Vec<Fragment>], name: &str) {
        let mut values: Vec<(&mut Bt, bool)> = Vec::new();
        for fragment in elements.iter_mut().flatten() {
            match fragment {
                Fragment::Arg(_, Bt::Call("str", list)) => {
                    values.extend(list.iter_mut().enumerate().map(|(at, value)| (value, at == 0)));
                }
                Fragment::Arg(directive, value) if *directive != "%s" => values.push((value, false)),
                _ => {}
            }
        }
        values.retain(|(value, _)| !is_gathered(value));
        if values.len() < 2 {
            return;
        }
        let name = self.reserve(name);
        let mut all = Vec::new();
        for (at, (value, is_address)) in values.into_iter().enumerate() {
            let element = Bt::Element(Box::new(Bt::Var(name.clone())), at);
            let element = if is_address {
                self.address_in(element)
            } else {
                element
            };
            all.push(std::mem::replace(value, element));
        }
        self.groups += 1;
        self.push(Stmt::Assign(name, Bt::Tuple(all), String::new()));
    }

    /// `[3]{a, b, c}` in one form for all lengths: what is not there is empty.
    fn one_form(
        &mut self,
        count: &Bt,
        list: &str,
        elements: Vec<Vec<Fragment>>,
        open_ended: bool,
    ) -> Vec<Fragment> {
        let more_than = |n: usize| count.clone().binary(">", Bt::Int(n as i128));
        let most = elements.len();
        let mut out = vec![
            Fragment::Text("[".into()),
            Fragment::Arg("%llu", count.clone()),
            Fragment::Text("]{".into()),
        ];
        for (i, element) in elements.into_iter().enumerate() {
            if i > 0 {
                let comma = self.text_if(&format!("{list}_comma_{i}"), "", vec![(more_than(i), ", ")]);
                out.push(Fragment::Arg("%s", comma));
            }
            out.extend(element);
        }
        if open_ended {
            let more = self.text_if(&format!("{list}_more"), "", vec![(more_than(most), ", …")]);
            out.push(Fragment::Arg("%s", more));
        }
        out.push(Fragment::Text("}".into()));
        out
    }

    /// `[3]{1, 2, 3}`: as many of the elements as there are.
    fn elements(&mut self, len: &Value, each: &[Vec<Part>], open_ended: bool) -> Vec<Fragment> {
        let Value::Number(len) = len else {
            return Vec::new();
        };
        let name = self.name_of_value(&Value::Number(len.clone()));
        let list = name.strip_suffix("_len").unwrap_or(&name).to_string();
        let count = self.number(len);
        let count = self.once(&format!("{list}_len"), count);
        let head = |rest: &str| {
            vec![
                Fragment::Text("[".into()),
                Fragment::Arg("%llu", count.clone()),
                Fragment::Text(format!("]{rest}")),
            ]
        };
        if each.iter().all(Vec::is_empty) || self.is_full() {
            return head("");
        }
        // Where text is on the stack there is no room for what stands between the elements.
        let one_form = !self.dialect.text_is_on_stack()
            && !self.has_list
            && each.iter().all(|parts| can_be_empty(parts));
        self.has_list = true;
        let mut elements = Vec::new();
        for (i, parts) in each.iter().enumerate() {
            self.is_there = Some(is_more(count.clone(), i as u64));
            let outer = self.element.replace((list.clone(), i));
            let element = self.parts(parts);
            elements.push(if self.gathers {
                element
            } else {
                self.settled(element, &format!("{list}_{i}"))
            });
            self.element = outer;
        }
        self.is_there = None;
        if self.gathers {
            self.gather(&mut elements, &format!("{list}_elements"));
        }
        if one_form {
            return self.one_form(&count, &list, elements, open_ended);
        }
        let mut arms = Vec::new();
        let mut shown: Vec<Fragment> = Vec::new();
        for (i, element) in elements.into_iter().enumerate() {
            let mut form = head("{");
            form.extend(shown.clone());
            form.push(Fragment::Text("}".into()));
            arms.push((count.clone().binary("==", Bt::Int(i as i128)), form));
            if i > 0 {
                shown.push(Fragment::Text(", ".into()));
            }
            shown.extend(element);
        }
        let mut all = head("{");
        all.extend(shown.clone());
        let mut more = all.clone();
        all.push(Fragment::Text("}".into()));
        more.push(Fragment::Text(", …}".into()));
        let otherwise = if open_ended {
            arms.push((count.clone().binary("==", Bt::Int(each.len() as i128)), all));
            more
        } else {
            all
        };
        vec![Fragment::Choice {
            arms,
            otherwise,
            short: head(""),
        }]
    }
}
