//! From the names in a recipe to functions of the program.

use crate::diagnostic::{Code, Diagnostic, Problems, Severity, near};
use crate::goname::function;
use crate::gotype::Kind;
use crate::source::Span;
use crate::syntax::ast::{Clause, ClauseKind, Event, EventName};
use crate::target::{FunctionId, Pattern, Program, Wrapped};
use std::collections::BTreeSet;

/// A function that an event names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selected {
    pub(super) id: FunctionId,
    /// The name in the recipe.
    pub(super) span: Span,
    /// It was named without a pattern: if it cannot be traced, that is an error, and it is not just left out.
    pub(super) exact: bool,
    /// It is a copy of a function where a call of it was inlined: its number among those of the recipe. `id` is the
    /// function that holds the copy.
    pub(super) copy: Option<usize>,
}

/// What events name.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Functions with code, in the order of the recipe and then of addresses.
    pub(super) functions: Vec<Selected>,
    /// Names of functions that exist only inlined; none unless inlined calls are included.
    pub(super) only_inlined: Vec<(String, Span)>,
}

impl Selected {
    /// Both are one function.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.id == other.id
    }

    /// The name in the recipe.
    pub(crate) fn span(self) -> Span {
        self.span
    }
}

/// The functions that `events` name and `except` does not.
pub(super) fn functions(
    program: &dyn Program,
    events: &[Event],
    clauses: &[Clause],
    problems: &mut Problems,
) -> Named {
    let mut list: Vec<Selected> = Vec::new();
    let mut only_inlined = includes_inlined(clauses).map(|_| OnlyInlined::new(program));
    let mut generated: Vec<Selected> = Vec::new();
    let mut seen = BTreeSet::new();
    for event in events {
        for named in alternatives(program, event, problems, &mut generated, only_inlined.as_mut()) {
            if seen.insert(named.id) {
                list.push(named);
            }
        }
    }
    if events.len() > 1 {
        settle(program, events, &mut list, &generated);
        seen.extend(list.iter().map(|named| named.id));
    }
    if let (true, Some(first)) = (list.is_empty(), generated.first()) {
        let ids: Vec<FunctionId> = generated.iter().map(|named| named.id).collect();
        say_generated(program, &ids, first.span, problems);
        list.extend(generated.into_iter().filter(|named| seen.insert(named.id)));
    }
    if only_inlined.is_some() {
        // What such a function holds is a copy like others.
        let holds = |named: &Selected| matches!(program.wrapped(named.id), Some(Wrapped::Holds(_)));
        list.retain(|named| named.exact || !holds(named));
    }
    let mut only_inlined = only_inlined.map(|only| only.named).unwrap_or_default();
    let before = list.len() + only_inlined.len();
    for clause in clauses {
        let ClauseKind::Except(events) = &clause.node else {
            continue;
        };
        let mut gone = BTreeSet::new();
        for event in events {
            // `except` with a function that does not exist has no effect, but may be a typing error.
            let mut missing = Problems::default();
            let mut generated = Vec::new();
            let mut inlined = (!only_inlined.is_empty()).then(|| OnlyInlined::new(program));
            let named = alternatives(program, event, &mut missing, &mut generated, inlined.as_mut());
            let inlined = inlined.map(|only| only.named).unwrap_or_default();
            only_inlined.retain(|(name, _)| !inlined.iter().any(|(gone, _)| gone == name));
            gone.extend(named.into_iter().chain(generated).map(|n| n.id));
            for mut problem in missing.sorted() {
                if problem.code == Code::NO_SUCH_FUNCTION || problem.code == Code::ONLY_INLINED {
                    problem.severity = Severity::Warning;
                }
                problems.push(problem);
            }
        }
        list.retain(|n| !gone.contains(&n.id));
        if list.is_empty() && only_inlined.is_empty() && before > 0 {
            problems.push(
                Diagnostic::error(Code::NOTHING_LEFT, "no function is left")
                    .at(clause.span, "this takes all of them away"),
            );
        }
    }
    Named {
        functions: list,
        only_inlined,
    }
}

/// Where inlined calls are asked for.
pub(super) fn includes_inlined(clauses: &[Clause]) -> Option<Span> {
    let clause = clauses.iter().find(|c| c.node == ClauseKind::IncludingInlined);
    clause.map(|clause| clause.span)
}

/// The functions that exist only inlined, and those of them that events name.
struct OnlyInlined {
    all: Vec<String>,
    named: Vec<(String, Span)>,
}

impl OnlyInlined {
    fn new(program: &dyn Program) -> Self {
        Self {
            all: program.inlined_names().unwrap_or_default(),
            named: Vec::new(),
        }
    }

    /// Adds those that match; true if there are any.
    fn add(&mut self, pattern: &Pattern, span: Span) -> bool {
        let matches = |name: &&String| {
            pattern
                .matches(name, &|_| crate::target::Shape::Unknown)
                .is_some()
        };
        let found: Vec<String> = self.all.iter().filter(matches).cloned().collect();
        let any = !found.is_empty();
        for name in found {
            if !self.named.iter().any(|(known, _)| *known == name) {
                self.named.push((name, span));
            }
        }
        any
    }
}

/// The functions of the first alternative that the program has; compiler-generated ones, which are left out, go to
/// `generated`, and those without code to `only_inlined` if they are asked for.
fn alternatives(
    program: &dyn Program,
    event: &Event,
    problems: &mut Problems,
    generated: &mut Vec<Selected>,
    mut only_inlined: Option<&mut OnlyInlined>,
) -> Vec<Selected> {
    let mut missing = Vec::new();
    for name in &event.alternatives {
        let written = match name {
            EventName::Function(pattern) => pattern,
            EventName::Syscall(p) => return later(problems, "syscall events", p.span),
            EventName::Tracepoint(p) => return later(problems, "tracepoint events", p.span),
            EventName::Profile(hz) => return later(problems, "profile events", hz.span),
        };
        let pattern = match Pattern::parse(&written.text) {
            Ok(pattern) => pattern,
            Err(problem) => {
                problems.push(problem.at(written.span, "not a name"));
                return Vec::new();
            }
        };
        match program.functions(&pattern) {
            Ok(found) if found.functions.is_empty() && found.generated.is_empty() => {
                if only_inlined
                    .as_mut()
                    .is_some_and(|only| only.add(&pattern, written.span))
                {
                    return Vec::new();
                }
                missing.push((written, pattern));
            }
            Ok(found) => {
                if let (Some(only), None) = (only_inlined.as_mut(), pattern.exact()) {
                    only.add(&pattern, written.span);
                }
                if found.uncertain {
                    problems.push(
                        Diagnostic::warning(
                            Code::AMBIGUOUS_INSTANCE,
                            "some of these functions may be other instantiations",
                        )
                        .at(
                            written.span,
                            format!("{} functions are traced", found.functions.len()),
                        ),
                    );
                }
                // Several functions of one name (a closure in each of two packages' copies) are all traced.
                let exact = pattern.exact().is_some();
                if exact {
                    say_generated(program, &found.functions, written.span, problems);
                }
                let named = |id| Selected {
                    id,
                    span: written.span,
                    exact,
                    copy: None,
                };
                generated.extend(found.generated.into_iter().map(named));
                return found.functions.into_iter().map(named).collect();
            }
            Err(problem) => {
                problems.push(problem.at(written.span, ""));
                return Vec::new();
            }
        }
    }
    if let Some((written, pattern)) = missing.first() {
        let problem = not_found(program, &written.text, pattern, missing.len() > 1);
        problems.push(problem.at(event.span, "not in the program"));
    }
    Vec::new()
}

/// Decides about compiler-generated functions for all patterns together, after each pattern alone: one is left out if
/// another pattern's function sees its calls, and one is kept if it holds the body of a function that another pattern
/// names.
fn settle(program: &dyn Program, events: &[Event], list: &mut Vec<Selected>, generated: &[Selected]) {
    let listed: BTreeSet<String> = list.iter().map(|named| program.function(named.id).name).collect();
    list.retain(|named| {
        named.exact
            || !matches!(program.wrapped(named.id), Some(Wrapped::Calls(target)) if listed.contains(&target))
    });
    let patterns: Vec<Pattern> = events
        .iter()
        .flat_map(|event| &event.alternatives)
        .filter_map(|name| match name {
            EventName::Function(written) => Pattern::parse(&written.text).ok(),
            _ => None,
        })
        .collect();
    let is_named = |body: &str| {
        let matches = |pattern: &Pattern| {
            pattern
                .matches(body, &|_| crate::target::Shape::Unknown)
                .is_some()
        };
        patterns.iter().any(matches)
    };
    let held = generated
        .iter()
        .filter(|named| matches!(program.wrapped(named.id), Some(Wrapped::Holds(body)) if is_named(&body)));
    list.extend(held.copied());
}

/// Warns if the compiler made all of these functions, and says what they are.
fn say_generated(program: &dyn Program, functions: &[FunctionId], span: Span, problems: &mut Problems) {
    let wrapped = |id: &FunctionId| Some((program.function(*id).name, program.wrapped(*id)?));
    let generated: Vec<_> = functions.iter().map_while(wrapped).collect();
    let (Some((name, wraps)), true) = (generated.first(), generated.len() == functions.len()) else {
        return;
    };
    let what = match generated.len() {
        1 => format!("`{name}` was made by the compiler to call another function"),
        n => format!("all {n} functions that are named here were made by the compiler to call others"),
    };
    let problem = Diagnostic::warning(Code::MADE_BY_COMPILER, what).at(
        span,
        "only calls through interfaces, pointers and method values pass here",
    );
    problems.push(match wraps {
        Wrapped::Calls(target) => {
            problem.help(format!("`{name}` calls `{target}`, where all calls are seen"))
        }
        Wrapped::Holds(target) => problem.note(format!(
            "`{name}` holds the code of `{target}`, so these calls are seen here and not at `{target}`"
        )),
        Wrapped::Unknown => problem.note(format!("what `{name}` calls is known only when it runs")),
    });
}

fn later(problems: &mut Problems, what: &str, span: Span) -> Vec<Selected> {
    problems.push(super::unsupported::later(what, span));
    Vec::new()
}

/// Why there is no such function: all its calls were inlined, or its name is another one.
fn not_found(program: &dyn Program, text: &str, pattern: &Pattern, several: bool) -> Diagnostic {
    let matches = |name: &str| {
        pattern
            .matches(name, &|_| crate::target::Shape::Unknown)
            .is_some()
    };
    if let Ok((calls, total)) = program.inlined(&matches, 5)
        && total > 0
    {
        let mut problem = Diagnostic::error(
            Code::ONLY_INLINED,
            format!("`{text}` has no code of its own: all its calls were inlined"),
        );
        let mut lines: Vec<String> = calls
            .iter()
            .map(|c| format!("inlined into {} at {}:{}", c.caller, c.file, c.line))
            .collect();
        if total > calls.len() {
            lines.push(format!("… and at {} other places", total - calls.len()));
        }
        problem = problem.note(lines.join("\n"));
        return problem.help(
            "count the places with `including inlined`, trace a function that calls it, or build with \
             `//go:noinline` above it (or with -gcflags=-l)",
        );
    }
    let what = if several {
        format!("neither `{text}` nor its alternatives")
    } else {
        format!("no function `{text}`")
    };
    let mut problem = if pattern.exact().is_some() || several {
        Diagnostic::error(Code::NO_SUCH_FUNCTION, format!("the program has {what}"))
    } else {
        Diagnostic::error(
            Code::NO_SUCH_FUNCTION,
            format!("no function of the program matches `{text}`"),
        )
    };
    problem = with_foreign_letters(problem, text);
    let (mut written, generated) = program.names();
    if let Ok(inlined) = program.inlined_names() {
        written.extend(inlined);
    }
    if let Some(help) = named_otherwise(program, text, &written) {
        return problem.help(help);
    }
    let close = near::functions_of(
        text,
        written.iter().map(String::as_str),
        generated.iter().map(String::as_str),
        4,
    );
    let close = with_any_arguments(close);
    problem = match close.as_slice() {
        [] => problem.help(format!(
            "`gobt funcs {} PATTERN` lists what there is",
            program.identity().path
        )),
        [one] => problem.help(format!("did you mean `{one}`?")),
        many => {
            let lines: Vec<String> = many.iter().map(|n| format!("    {n}")).collect();
            problem.help(format!("did you mean one of these?\n{}", lines.join("\n")))
        }
    };
    problem
}

/// The names with `[...]` for the shapes of their type arguments, which nobody writes; each once.
fn with_any_arguments(names: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let name = function::with_any_arguments(&name).unwrap_or(name);
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Implementers of an interface that are shown.
const MOST_IMPLEMENTERS: usize = 8;

/// A name that has a meaning in Go but is not that of a function: with the module's path for `main`, without the type
/// arguments of a generic function, or of an interface's method.
fn named_otherwise(program: &dyn Program, text: &str, names: &[String]) -> Option<String> {
    let generic = format!("{text}[");
    let instances = names.iter().filter(|name| name.starts_with(&generic)).count();
    if instances > 0 {
        let what = if instances == 1 {
            "one body"
        } else {
            "several bodies"
        };
        return Some(format!(
            "did you mean `{text}[...]`? it is generic, and has {what} here"
        ));
    }
    let in_main = function::as_of_main(text)?;
    if in_main != text && names.contains(&in_main) {
        return Some(format!(
            "did you mean `{in_main}`? a program's own package is called `main`, whatever its path"
        ));
    }
    let (interface, method) = function::last_element(text);
    let id = program.type_named(interface).ok().flatten()?;
    if !matches!(program.type_of(id).ok()?.kind, Kind::Interface { methods: true }) {
        return None;
    }
    let mut found: Vec<&str> = Vec::new();
    for itab in program.itabs(id) {
        let Some(function) = function::of_method(&itab.name, method) else {
            continue;
        };
        let ends = format!("/{function}");
        // A type's name has only the last element of its package's path.
        found.extend(
            names
                .iter()
                .map(String::as_str)
                .filter(|name| *name == function || name.ends_with(&ends)),
        );
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return None;
    }
    let more = match found.len().saturating_sub(MOST_IMPLEMENTERS) {
        0 => String::new(),
        more => format!(",\n    … and {more} more"),
    };
    let shown: Vec<&str> = found.iter().take(MOST_IMPLEMENTERS).copied().collect();
    Some(format!(
        "did you mean its implementers? `{interface}` is an interface, and these have the method:\n    {}{more}",
        shown.join(",\n    ")
    ))
}

/// Says which letter of an unknown name only looks like the right one.
pub(super) fn with_foreign_letters(problem: Diagnostic, name: &str) -> Diagnostic {
    match crate::syntax::foreign_letters(name) {
        Some(note) => problem.note(note),
        None => problem,
    }
}

/// `a`, `b` and `c`
pub(super) fn names_list<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match shown.split_last() {
        None => "none".into(),
        Some((one, [])) => (*one).to_string(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
