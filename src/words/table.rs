//! The table of foreign words and forms, in the order in which they are replaced.

use super::Ours::{Made, Text};
use super::masked::{absorbed, mark, of, verbatim};
use super::own::OWN;
use super::{Row, printf};
use regex_lite::{Captures, Regex};
use std::sync::LazyLock;

/// What the short forms in patterns stand for.
const SHORT: &[(&str, &str)] = &[
    // The beginning of a statement, with its label.
    ("‹<›", r"(?m)(?P<l>(?:^|[{;}])[ \t]*(?:\w+[ \t]*:[ \t]+)?)"),
    // A function's name or pattern.
    (
        "‹f›",
        r"(?P<f>[A-Za-z_*][\w./*()~%·\[\]-]*(?:,[ \t]*[A-Za-z_*][\w./*()~%·\[\]-]*\.[\w./*()~%·\[\]-]+)*)",
    ),
    // A function's name with a dot in it.
    ("‹F›", r"(?P<f>[A-Za-z_][\w/()*~%·\[\]-]*[.][\w./*()~%·\[\]-]+)"),
    // A value.
    (
        "‹v›",
        r"(?P<v>(?:(?:arg|ret)[ \t]+)?[\w$@~]+(?:\.\w+|->\w+|\[[^\[\]\n]*\]|\([^()\n]*\))*)",
    ),
    // Whatever a statement has up to its end.
    ("‹e›", r"(?P<e>[^\n;{}]*)"),
    // The beginning of a line of the recipe itself, with its label.
    ("‹l›", r"(?m)^(?P<l>(?:\w+[ \t]*:[ \t]+)?)"),
    // A second function.
    ("‹G›", r"(?P<g>[A-Za-z_][\w/()*~%·\[\]-]*[.][\w./*()~%·\[\]-]+)"),
    // A key.
    ("‹k›", r"(?:(?:arg|ret)[ \t]+[\w.]+|[a-z]\w*(?:\([^()\n]*\))?)"),
    // A percentile.
    ("‹p›", r"p[0-9]{2}(?:\.?[0-9]+)?s?"),
    // All that a call is given, or gives.
    (
        "‹w›",
        r"(?:args|arguments|params|parameters|results?|rets?|values|return‹s›values?)",
    ),
    ("‹n›", r"(?P<n>[A-Za-z_]\w*)"),
    ("‹t›", "(?P<t>\u{e000}[0-9]+\u{e001})"),
    ("‹s›", r"[ \t]+"),
    ("‹o›", r"[ \t]*"),
    // The block of a probe.
    (
        "‹b›",
        r"\s*(?:/(?P<c>[^/\n]+)/)?\s*\{(?P<b>(?:[^{}]|\{[^{}]*\})*)\}",
    ),
];

/// Every row, in the order in which they are replaced.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    OWN.iter().chain(TABLE)
}

/// The rows with their patterns; one that is not well formed is left out, and a test finds it.
pub(super) fn compiled() -> impl Iterator<Item = (&'static Row, &'static Regex)> {
    static PATTERNS: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| {
        rows()
            .map(|row| Regex::new(&expanded(row.foreign)).ok())
            .collect()
    });
    rows()
        .zip(PATTERNS.iter())
        .filter_map(|(row, pattern)| Some((row, pattern.as_ref()?)))
}

fn expanded(pattern: &str) -> String {
    let mut out = pattern.to_owned();
    for (short, long) in SHORT {
        out = out.replace(short, long);
    }
    out
}

pub(super) fn part<'c>(found: &'c Captures<'_>, name: &str) -> &'c str {
    found.name(name).map_or("", |part| part.as_str())
}

/// An `on` block made of a probe: at its entry, or at its return.
fn block(found: &Captures<'_>, strings: &[String], returns: bool) -> Option<String> {
    let function = match of(strings, part(found, "t")) {
        Some(name) => name.split('@').next().unwrap_or_default(),
        None => part(found, "f"),
    };
    let (condition, body) = (part(found, "c").trim(), part(found, "b").trim());
    let condition = if condition.is_empty() {
        String::new()
    } else {
        format!(" where {condition}")
    };
    let returns = if returns { " return" } else { "" };
    let statements: Vec<String> = body
        .split([';', '\n'])
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .map(|statement| format!("    {statement}"))
        .collect();
    Some(format!(
        "on {function}{returns}{condition} {{\n{}\n}}",
        statements.join("\n")
    ))
}

/// A text that is a function's name, without its quotes.
fn unquoted_function(found: &Captures<'_>, strings: &[String]) -> Option<String> {
    let name = of(strings, part(found, "t"))?;
    let plain = |c: char| c.is_alphanumeric() || "_./*()[]-".contains(c);
    let name = name.rsplit(':').next().unwrap_or(name);
    (name.contains('.') && name.chars().all(plain))
        .then(|| format!("{}{} {name}", part(found, "l"), part(found, "w")))
}

/// Probes of the kernel and of time as bpftrace has them.
fn raw_probe(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let whole = found.get(0)?.as_str().trim();
    let lines: Vec<String> = whole
        .lines()
        .map(|line| format!("    {}", line.trim_end()))
        .collect();
    Some(verbatim(strings, format!("raw {{\n{}\n}}", lines.join("\n"))))
}

fn every(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let actions = part(found, "b");
    let mut lines = Vec::new();
    for action in actions
        .split([';', '\n'])
        .map(str::trim)
        .filter(|action| !action.is_empty())
    {
        let (verb, of) = action.split_once('(').unwrap_or((action, ""));
        let of = of.trim_end_matches(')').trim().trim_start_matches('@');
        if !matches!(verb, "print" | "clear") {
            return None;
        }
        lines.push(format!("    {verb} {of}").trim_end().to_owned());
    }
    Some(format!(
        "every {}{} {{\n{}\n}}",
        part(found, "v"),
        part(found, "u"),
        lines.join("\n")
    ))
}

/// `@x[k] = sum(v)` and the like.
fn aggregation(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let (verb, values) = (part(found, "a"), part(found, "e").trim());
    let ours = match verb {
        "quantize" | "histogram" | "hist" => "hist",
        "lhist" | "lquantize" | "linear" => "linear",
        "average" | "avg" | "mean" => "avg",
        "count" | "sum" | "min" | "max" | "stats" => verb,
        _ => return None,
    };
    let mut parts = values.split(',').map(str::trim);
    let value = match ours {
        "count" => String::new(),
        "linear" => {
            let (value, low, high, step) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            format!(" {value} {low}..{high} step {step}")
        }
        _ if values.is_empty() => return None,
        _ => format!(" {}", parts.next()?),
    };
    let label = match part(found, "n") {
        "" => String::new(),
        name => format!("{name}: "),
    };
    let keys = part(found, "k").trim();
    let by = if keys.is_empty() {
        String::new()
    } else {
        format!(" by {keys}")
    };
    Some(format!("{}{label}{ours}{value}{by}", part(found, "l")))
}

/// `select count(*), avg(x) from F where C group by K`.
fn select(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let (what, function) = (part(found, "w").trim(), part(found, "f"));
    let condition = match part(found, "c").trim() {
        "" => String::new(),
        condition => format!(" where {condition}"),
    };
    let by = match part(found, "k").trim() {
        "" => String::new(),
        keys => format!(" by {keys}"),
    };
    let plain = what.to_lowercase();
    if plain.contains("count") && plain.matches('(').count() == 1 {
        return Some(format!("count {function}{by}{condition}"));
    }
    if what == "*" {
        return Some(format!("trace {function}{condition}"));
    }
    if let Some((verb, value)) = what.split_once('(') {
        let verb = verb.trim().to_lowercase();
        let value = value.trim_end_matches(')');
        let known = matches!(verb.as_str(), "sum" | "min" | "max" | "avg") && !value.contains(['(', ',']);
        return known.then(|| format!("on {function}{condition} {{\n    {verb} {value}{by}\n}}"));
    }
    by.is_empty()
        .then(|| format!("on {function}{condition} {{\n    print {what}\n}}"))
}

/// `x in (1, 2)` and `x not in (1, 2)`.
fn one_of(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let value = part(found, "v");
    let (sign, joined) = if part(found, "x").is_empty() {
        ("==", " || ")
    } else {
        ("!=", " && ")
    };
    let list: Vec<String> = part(found, "e")
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(|one| format!("{value} {sign} {one}"))
        .collect();
    match list.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        list => Some(format!("({})", list.join(joined))),
    }
}

/// `s like "GET%"` and `s =~ "^GET"`, where it is the beginning that is compared.
fn beginning(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let pattern = of(strings, part(found, "t"))?.to_owned();
    let value = part(found, "v");
    let plain = |text: &str| {
        !text.is_empty() && !text.contains(['%', '_', '*', '.', '?', '[', '(', '\\', '^', '$', '|', '+'])
    };
    let (text, whole) = match part(found, "x").to_lowercase().as_str() {
        "like" | "ilike" => match pattern.strip_suffix('%') {
            Some(start) => (start, false),
            None => (pattern.as_str(), true),
        },
        "startswith" | "starts_with" | "hasprefix" => (pattern.as_str(), false),
        _ => {
            let start = pattern.strip_prefix('^')?;
            let start = start.strip_suffix(".*").unwrap_or(start);
            match start.strip_suffix('$') {
                Some(all) => (all, true),
                None => (start, false),
            }
        }
    };
    if !plain(text) {
        return None;
    }
    let length = text.len();
    let text = mark(strings, text.to_owned());
    Some(if whole {
        format!("{value} == {text}")
    } else {
        format!("{value}[0:{length}] == {text}")
    })
}

/// `400 <= x < 500`.
fn chained(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let value = part(found, "v");
    Some(format!(
        "{} {} {value} && {value} {} {}",
        part(found, "a"),
        part(found, "x"),
        part(found, "y"),
        part(found, "z")
    ))
}

/// A number with its unit at once behind it.
fn unit(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let unit = part(found, "u");
    let ours = match unit {
        "ns" | "us" | "ms" | "s" | "m" | "h" | "KiB" | "MiB" | "GiB" => unit,
        "µs" | "μs" => "us",
        other => super::unit(other)?,
    };
    Some(format!("{}{}{ours}", part(found, "p"), part(found, "a")))
}

/// Words of the language in capitals.
fn small(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let word = part(found, "w");
    let lower = word.to_lowercase();
    (lower != word).then(|| format!("{}{lower}{}", part(found, "p"), part(found, "z")))
}

/// A function's name without the rests of a regular expression.
fn plain_pattern(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let pattern = part(found, "e");
    let name = pattern
        .trim_start_matches('^')
        .trim_end_matches('$')
        .replace("\\.", ".")
        .replace(".*", "*")
        .replace("\\(", "(")
        .replace("\\)", ")")
        .replace("\\*", "*");
    // A beginning without an end stands for all that begins so.
    let name = if name.ends_with('.') { name + "*" } else { name };
    let good = name.contains(['.', '*']) && !name.contains(['\\', '|', '?', '+', '^', '$', ' ']);
    good.then(|| format!("{}{name}", part(found, "l")))
}

/// `F` in `VERB F > 5ms` is asked for its calls' time.
const TIME_SAYS: &str = "a condition follows `where`, and the time of a call is `elapsed`";
const PROBE_SAYS: &str = "a probe on a function is written as an `on` block";
const PRINT_SAYS: &str = "`print` writes a line, with values in braces";
const AGG_SAYS: &str = "a label gives a result its name, and `by` its keys";
const RET_SAYS: &str = "results are `ret 0`, `ret 1`, … or `ret NAME`";
const ARG_SAYS: &str = "arguments are `arg NAME`, or `arg 0`, `arg 1`, … without the receiver";

/// Every form of other tools.
const TABLE: &[Row] = &[
    // ---- probes of other tracers --------------------------------------------------------------------------
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?bpftrace‹s›(?:-[a-z]+‹s›)*-e‹s›‹t›[^\n]*",
        ours: Made(|found, strings| {
            let inside = of(strings, part(found, "t"))?.replace("\\\"", "\"");
            Some(absorbed(strings, &inside))
        }),
        says: PROBE_SAYS,
        example: (
            "bpftrace -e 'uprobe:/bin/shop:main.charge { @ = count(); }'",
            "on main.charge {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?:\(?dlv\)?|delve|gdb|\(gdb\)|gobt(?:‹s›compile)?)‹s›(?P<e>[a-z]+‹s›[^\n]*)",
        ours: Text("$e"),
        says: "a line begins with a directive or a statement",
        example: ("dlv trace main.charge", "trace main.charge"),
    },
    Row {
        foreign: r"(?:uretprobe|ur):[^:\s]*:(?:‹t›|‹f›)‹b›",
        ours: Made(|found, strings| block(found, strings, true)),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "uretprobe:/bin/shop:main.charge { @ = count(); }",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?:uprobe|u):[^:\s]*:(?:‹t›|‹f›)‹b›",
        ours: Made(|found, strings| block(found, strings, false)),
        says: PROBE_SAYS,
        example: (
            "uprobe:/bin/shop:main.charge /arg1 > 5/ { @[arg0] = count(); }",
            "on main.charge where arg 1 > 5 {\n    count by arg 0\n}",
        ),
    },
    Row {
        foreign: r"pid(?:\$target|[0-9]+):[^:\s]*:‹f›:return‹b›",
        ours: Made(|found, strings| block(found, strings, true)),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "pid$target::main.charge:return { @ = count(); }",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"pid(?:\$target|[0-9]+):[^:\s]*:‹f›(?::entry)?‹b›",
        ours: Made(|found, strings| block(found, strings, false)),
        says: PROBE_SAYS,
        example: (
            "pid$target::main.charge:entry { @[arg0] = count(); }",
            "on main.charge {\n    count by arg 0\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)(?:pid(?:\$target|[0-9]+):[^:\s]*|(?:uprobe|uretprobe|u|ur):[^:\s]*):‹f›(?::entry|:return)?[ \t]*$",
        ours: Text("${l}count $f"),
        says: PROBE_SAYS,
        example: ("uprobe:/bin/shop:main.charge", "count main.charge"),
    },
    Row {
        foreign: r"(?m)^probe‹s›process(?:\([^)]*\))?\.function\(‹t›\)(?P<r>(?:\.\w+)?)(?P<f>)‹b›",
        ours: Made(|found, strings| block(found, strings, part(found, "r").contains("return"))),
        says: PROBE_SAYS,
        example: (
            "probe process(\"shop\").function(\"main.charge\") { println($amount) }",
            "on main.charge {\n    print arg amount\n}",
        ),
    },
    Row {
        foreign: r"interval:(?P<u>s|ms|us):(?P<v>[0-9]+)\s*\{(?P<b>[^{}]*)\}",
        ours: Made(every),
        says: "`every` repeats something at an interval",
        example: (
            "count main.charge\ninterval:s:1 { print(@); clear(@); }",
            "count main.charge\nevery 1s {\n    print\n    clear\n}",
        ),
    },
    Row {
        foreign: r"(?:kprobe|kretprobe|tracepoint|rawtracepoint|usdt|profile|interval|software|hardware|kfunc|kretfunc|fentry|fexit):[^\s{]+‹b›",
        ours: Made(raw_probe),
        says: "bpftrace's own probes go into `raw { … }`",
        example: (
            "kprobe:vfs_read { @reads = count(); }",
            "raw {\n    kprobe:vfs_read { @reads = count(); }\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?:BEGIN|END)\s*\{(?P<b>[^{}]*)\}",
        ours: Made(raw_probe),
        says: "bpftrace's own probes go into `raw { … }`",
        example: (
            "END { printf(\"done\"); }",
            "raw {\n    END { printf(\"done\"); }\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:funccount|funccount-bpfcc|funccount\.py)(?:‹s›-\w+(?:‹s›[0-9.]+)?)*‹s›(?:‹t›|‹f›)",
        ours: Made(|found, strings| tool(found, strings, "count")),
        says: "`count` counts calls",
        example: ("funccount -p 123 'main.*'", "count main.*"),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:funclatency|funclatency-bpfcc|funcslower)(?:‹s›-\w+(?:‹s›[0-9.]+)?)*‹s›(?:‹t›|‹f›)",
        ours: Made(|found, strings| tool(found, strings, "latency")),
        says: "`latency` measures calls",
        example: ("funclatency '/bin/shop:main.charge'", "latency main.charge"),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:stackcount|stackcount-bpfcc)(?:‹s›-\w+(?:‹s›[0-9.]+)?)*‹s›(?:‹t›|‹f›)",
        ours: Made(|found, strings| tool(found, strings, "count").map(|text| text + " by stack")),
        says: "`count … by stack` counts calls by the stack that led to them",
        example: ("stackcount 'main.charge'", "count main.charge by stack"),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:argdist|argdist-bpfcc)‹s›-H‹s›‹t›",
        ours: Made(|found, strings| argdist(found, strings, "hist")),
        says: "for a histogram of a value, write `hist` in an `on` block",
        example: (
            "argdist -H 'p:/bin/shop:main.charge(long customer, long amount):long:amount'",
            "on main.charge {\n    hist arg amount\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:argdist|argdist-bpfcc)‹s›-C‹s›‹t›",
        ours: Made(|found, strings| argdist(found, strings, "count by")),
        says: "to count by a value, write `count by` in an `on` block",
        example: (
            "argdist -C 'p:/bin/shop:main.charge():long:amount'",
            "on main.charge {\n    count by arg amount\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?perf‹s›(?:probe|trace|stat)(?:‹s›-x‹s›\S+)?(?:‹s›(?:-a|-e|--add|-d))*‹s›(?:‹t›|‹f›)[^\n]*",
        ours: Made(|found, strings| tool(found, strings, "trace")),
        says: "`trace` writes a line for each call",
        example: ("perf probe -x ./shop main.charge", "trace main.charge"),
    },
    Row {
        foreign: r"(?m)^(?:sudo‹s›)?(?:ftrace|gofuncgraph|go-ftrace)‹s›(?:[^\s\x{e000}]+‹s›)*(?:(?:\x{e000}[0-9]+\x{e001})‹s›(?:[^\s\x{e000}]+‹s›)*)?‹t›[^\n]*",
        ours: Made(|found, strings| tool(found, strings, "trace")),
        says: "`trace` writes a line for each call",
        example: (
            "ftrace -u 'main.*' ./shop 'main.charge(amount)'",
            "trace main.charge",
        ),
    },
    Row {
        foreign: r"‹<›(?:break|b|tb|tbreak|bp|breakpoint|tp|tracepoint)‹s›(?:set‹s›)?‹F›",
        ours: Text("${l}trace $f"),
        says: "nothing stops the program; `trace` writes a line for each call",
        example: ("break main.charge", "trace main.charge"),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*(?:\w+[ \t]*:[ \t]+)?)(?P<a>[a-z]\w*)‹o›\(‹o›(?P<f>[A-Za-z_][\w/-]*\.(?:\(\*\w+\)\.)?[\w.*]+)‹o›\)(?P<z>[^\n]*)$",
        ours: Made(|found, _| {
            let (verb, function) = (part(found, "a"), part(found, "f"));
            let value = [
                "len", "cap", "type", "print", "printf", "sum", "min", "max", "hist", "stats",
            ]
            .contains(&verb);
            let named = function.starts_with("main.") || function.contains(['/', '(']);
            (named && !value).then(|| format!("{}{verb} {function}{}", part(found, "l"), part(found, "z")))
        }),
        says: "functions follow the directive, without brackets",
        example: ("count(main.charge)", "count main.charge"),
    },
    // ---- SQL ----------------------------------------------------------------------------------------------
    Row {
        foreign: r"(?mi)^(?P<l>[ \t]*)select‹s›(?P<w>[^\n]+?)‹s›from‹s›‹f›(?:‹s›where‹s›(?P<c>[^\n;]+?))?(?:‹s›group‹s›by‹s›(?P<k>[^\n;]+?))?(?:‹s›(?:order‹s›by|limit|having)‹s›[^\n;]*)?‹o›;?‹o›$",
        ours: Made(select),
        says: "a line begins with a directive, which functions follow",
        example: (
            "SELECT count(*) FROM main.charge WHERE amount = 5 GROUP BY customer;",
            "count main.charge by arg customer where arg amount == 5",
        ),
    },
    Row {
        foreign: r"(?i)\b(?:group|grouped|keyed|partition|split|broken‹s›down|break‹s›down)‹s›by\b",
        ours: Text("by"),
        says: "keys follow `by`",
        example: (
            "count main.charge group by arg customer",
            "count main.charge by arg customer",
        ),
    },
    Row {
        foreign: r"(?i)‹s›(?:order|sort|sorted)‹s›by‹s›[\w(*), ]+?(?:‹s›(?:desc|asc)\b)?(?P<z>‹o›(?:\n|$))",
        ours: Text("$z"),
        says: "results are printed in order of their values",
        example: (
            "count main.charge by arg customer order by count desc",
            "count main.charge by arg customer",
        ),
    },
    // ---- words in capitals --------------------------------------------------------------------------------
    Row {
        foreign: r"(?mi)(?P<p>^[ \t]*|[{;}][ \t]*)(?P<w>count|latency|trace|skeleton|on|target|param|every|stop|sum|min|max|avg|stats|hist|linear|print|let|if|return)(?P<z>[ \t])",
        ours: Made(small),
        says: "words of the language are written in lower case",
        example: ("COUNT main.charge", "count main.charge"),
    },
    Row {
        foreign: r"(?i)(?P<p>[ \t)])(?P<w>by|where|as|in|limit|except|or|step|after|hist|ms|us|ns|elapsed|return)(?P<z>[ \t]|$|\n)",
        ours: Made(small),
        says: "words of the language are written in lower case",
        example: (
            "count main.charge By arg customer",
            "count main.charge by arg customer",
        ),
    },
    // ---- blocks by other names ----------------------------------------------------------------------------
    Row {
        foreign: r"‹<›(?:func|function|fn|def|fun|at|when|probe|for|upon|hook)‹s›‹F›(?:\([^){]*\))?(?P<z>‹s›?[^\n{]*\{)",
        ours: Text("${l}on $f$z"),
        says: PROBE_SAYS,
        example: (
            "func main.charge {\n    count\n}",
            "on main.charge {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›(?:the‹s›)?(?:entry|enter|entering|call|calls|start|begin)‹s›(?:of‹s›|to‹s›|in‹s›)?‹F›",
        ours: Text("${l}on $f"),
        says: "`on F { … }` runs when a call begins",
        example: (
            "on entry main.charge {\n    count\n}",
            "on main.charge {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:on‹s›(?:the‹s›)?(?:return|returns|exit|leave|leaving|end)‹s›(?:of‹s›|from‹s›)?|after‹s›)‹F›(?P<z>[^\n{]*\{)",
        ours: Text("${l}on $f return$z"),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "on return main.charge {\n    count\n}",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›‹F›(?::|‹s›)(?:entry|enter|call|begin)(?P<z>\b[^\n{]*\{)",
        ours: Text("${l}on $f$z"),
        says: "`on F { … }` runs when a call begins",
        example: (
            "on main.charge entry {\n    count\n}",
            "on main.charge {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:on‹s›)?(?:return|exit)‹s›‹F›(?P<z>‹o›\{)",
        ours: Text("${l}on $f return$z"),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "return main.charge {\n    count\n}",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›(?P<f>[A-Za-z_][\w/.()*-]*?\.[\w.()*]+?)[.:](?:return|exit|ret)(?P<z>‹o›\{)",
        ours: Text("${l}on $f return$z"),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "on main.charge:return {\n    count\n}",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›‹F›‹s›(?:do|then)‹o›\{",
        ours: Text("${l}on $f {"),
        says: PROBE_SAYS,
        example: (
            "on main.charge do {\n    count\n}",
            "on main.charge {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)on‹s›‹F›(?:‹o›(?:=>|->)|‹s›do|‹o›:)‹s›(?P<e>[^\n{}]+)$",
        ours: Text("${l}on $f { $e }"),
        says: "the statements of a block stand in braces",
        example: ("on main.charge => count", "on main.charge { count }"),
    },
    Row {
        foreign: r"(?P<p>\b(?:by|where|if|print|sum|min|max|avg|stats|hist)‹s›|,‹o›)\{‹o›(?P<v>[A-Za-z_][^{};\n]*?)‹o›\}",
        ours: Text("${p}${v}"),
        says: "a value has braces only inside a text",
        example: (
            "on main.(*Shop).Take { print {arg order.Item} }",
            "on main.(*Shop).Take { print arg order.Item }",
        ),
    },
    Row {
        foreign: r"(?P<p>\bprint‹s›(?:[^\n;{}]*[^\s,;{}])?‹t›)‹o›\{‹o›(?P<v>[A-Za-z_][^{};\n]*?)‹o›\}",
        ours: Text("${p}, ${v}"),
        says: "",
        example: (
            "on main.(*Shop).Take { print \"item\" {arg order.Item} }",
            "on main.(*Shop).Take { print \"item {arg order.Item}\" }",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›‹F›‹o›\{\s*(?:where|when|filter)‹s›(?P<e>[^\n;{}]+?)‹o›(?:;|(?P<w>\n))(?P<z>[ \t]*\S)",
        ours: Text("${l}on $f where $e {${w}${z}"),
        says: "a condition for the whole block comes before its `{`",
        example: (
            "on main.(*Shop).Take {\n    where arg order.Count > 1\n    print arg order.Item\n}",
            "on main.(*Shop).Take where arg order.Count > 1 {\n    print arg order.Item\n}",
        ),
    },
    Row {
        foreign: r"‹<›on‹s›‹F›(?::|‹s›)(?:exit|leave|returns|:return|ret)(?P<z>\b[^\n{]*\{)",
        ours: Text("${l}on $f return$z"),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "on main.charge exit {\n    count\n}",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)‹F›(?:‹s›(?:->|=>))?‹o›(?P<z>\{)",
        ours: Text("${l}on $f $z"),
        says: PROBE_SAYS,
        example: ("main.charge { print $1 }", "on main.charge { print arg 0 }"),
    },
    // ---- lines of output ----------------------------------------------------------------------------------
    Row {
        foreign: r"‹<›(?:fmt\.|log\.|console\.)?(?:[Pp]rintf|[Ff]printf|Infof|Debugf|format|echo)‹o›\(‹o›(?:(?:os\.)?[Ss]td(?:err|out),‹o›)?‹t›(?:,(?P<v>[^\n;{}]*))?\)‹o›;?",
        ours: Made(printf::formatted),
        says: PRINT_SAYS,
        example: (
            "on main.charge {\n    printf(\"%s pays %d\\n\", str(arg0), arg1);\n}",
            "on main.charge {\n    print \"{arg 0} pays {arg 1}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›printf‹s›‹t›(?:,(?P<v>[^\n;{}]*))?‹o›;?",
        ours: Made(printf::formatted),
        says: PRINT_SAYS,
        example: (
            "on main.charge {\n    printf \"%d\\n\", arg amount\n}",
            "on main.charge {\n    print \"{arg amount}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:fmt\.|log\.|console\.)?(?:[Pp]rintln|[Pp]rint|log|info|debug|puts|echo|say|emit|output|show)‹o›\((?P<v>[^\n;{}]*)\)‹o›;?",
        ours: Made(printf::listed),
        says: PRINT_SAYS,
        example: (
            "on main.charge {\n    fmt.Println(\"paid\", amount)\n}",
            "on main.charge {\n    print \"paid {arg amount}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›print‹s›f‹t›",
        ours: Made(printf::with_holes),
        says: PRINT_SAYS,
        example: (
            "on main.charge {\n    print f\"{arg amount} cents\"\n}",
            "on main.charge {\n    print \"{arg amount} cents\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›print‹s›‹t›",
        ours: Made(printf::with_holes),
        says: "",
        example: (
            "on main.charge return {\n    print \"{amount} after {duration}\"\n}",
            "on main.charge return {\n    print \"{arg amount} after {elapsed}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›print‹s›(?P<v>[^\n;{}]*,[^\n;{}]*)",
        ours: Made(printf::mixed),
        says: "values are written into the text, in braces",
        example: (
            "on main.charge {\n    print \"paid\", arg amount\n}",
            "on main.charge {\n    print \"paid {arg amount}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›print‹s›‹t›‹o›%‹o›\(?(?P<v>[^\n;{}]+)",
        ours: Made(printf::formatted_by),
        says: "values are written into the text, in braces",
        example: (
            "on main.charge {\n    print \"%d cents\" % arg amount\n}",
            "on main.charge {\n    print \"{arg amount} cents\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›print‹s›(?P<v>[^\n;{}+]*(?:\+[^\n;{}+]+)+)",
        ours: Made(printf::joined),
        says: "values are written into the text, in braces",
        example: (
            "on main.charge {\n    print \"from \" + arg customer\n}",
            "on main.charge {\n    print \"from {arg customer}\"\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:log|println|echo|puts|say|emit|output|show|display)‹s›(?P<e>(?:arg|ret|recv|elapsed|goroutine)\b[^\n;{}]*|\x{e000}[^\n;{}]*|[a-z]\w*(?P<x>‹o›(?:\n|$|[;}])))",
        ours: Text("${l}print $e"),
        says: "`print` writes a line",
        example: (
            "on main.charge {\n    log arg amount\n}",
            "on main.charge {\n    print arg amount\n}",
        ),
    },
    // ---- results ------------------------------------------------------------------------------------------
    Row {
        foreign: r"\bnsecs‹o›-‹o›(?:@\w+\[[^\]\n]*\]|\$\w+)",
        ours: Text("elapsed"),
        says: "a call's time is `elapsed`",
        example: (
            "on main.charge return {\n    @t = hist(nsecs - @start[tid]);\n}",
            "on main.charge return {\n    t: hist elapsed\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:@\w+(?:\[[^\]\n]*\])?‹o›=‹o›nsecs|delete\(@[^\n;)]*\))‹o›;?",
        ours: Text("$l"),
        says: "gobt itself keeps what a call needs until it returns",
        example: (
            "on main.charge return {\n    count\n    delete(@start[tid]);\n}",
            "on main.charge return {\n    count\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:@(?P<n>\w*)(?:\[(?P<k>[^\n]*?)\])?|\$?(?P<n2>[A-Za-z_]\w*))‹o›:?=‹o›(?P<a>count|sum|min|max|avg|stats|hist|lhist|quantize|lquantize|linear|histogram|average)‹o›\((?P<e>[^\n;{}]*)\)‹o›;?",
        ours: Made(aggregation_named),
        says: AGG_SAYS,
        example: (
            "on main.charge {\n    @paid[arg customer] = sum(arg amount);\n}",
            "on main.charge {\n    paid: sum arg amount by arg customer\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:@(?P<n>\w*)(?:\[(?P<k>[^\n]*?)\])?|\$?(?P<n2>[A-Za-z_]\w*))‹o›\+\+‹o›;?",
        ours: Made(|found, _| Some(named(found, "count"))),
        says: AGG_SAYS,
        example: (
            "on main.charge {\n    @calls[arg customer]++;\n}",
            "on main.charge {\n    calls: count by arg customer\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:@(?P<n>\w*)(?:\[(?P<k>[^\n]*?)\])?|\$?(?P<n2>[A-Za-z_]\w*))‹o›\+=‹o›(?P<e>[^\n;{}]+?)‹o›;?(?P<z>$|\n|\})",
        ours: Made(|found, _| Some(added(found))),
        says: AGG_SAYS,
        example: (
            "on main.charge {\n    total += arg amount\n}",
            "on main.charge {\n    total: sum arg amount\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?P<n>)(?P<a>sum|min|max|avg|stats|hist|quantize|histogram|average)\((?P<e>[^\n;{}()]*)\)(?:‹s›by‹s›(?P<k>[^\n;{}]+))?",
        ours: Made(aggregation),
        says: "",
        example: (
            "on main.charge {\n    quantize(arg amount);\n}",
            "on main.charge {\n    hist arg amount\n}",
        ),
    },
    Row {
        foreign: r"‹<›count‹o›\([*]?\)",
        ours: Text("${l}count"),
        says: "`count` takes no value",
        example: (
            "on main.charge {\n    count(*) by (customer)\n}",
            "on main.charge {\n    count by arg customer\n}",
        ),
    },
    Row {
        foreign: r"\bby‹o›\(‹o›(?P<e>[^()\n]+?)‹o›\)",
        ours: Text("by $e"),
        says: "keys follow `by`, separated by commas",
        example: (
            "on main.charge {\n    count by (customer)\n}",
            "on main.charge {\n    count by arg customer\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:var|const|auto|int|int64|uint64|string|set|local|my|val|let)‹s›\$?‹n›(?:‹s›(?:int|int64|uint64|string|bool|float64))?‹o›:?=‹o›(?P<e>[^=\n;{}][^\n;{}]*?)‹o›(?P<z>;|$|\n|\})",
        ours: Text("${l}let $n = $e$z"),
        says: "a name is given with `let` in a block, and with `param` outside",
        example: (
            "on main.charge {\n    var x = arg amount\n    print x\n}",
            "on main.charge {\n    let x = arg amount\n    print x\n}",
        ),
    },
    Row {
        foreign: r"‹<›\$?‹n›‹o›=‹o›\$?(?P<m>[A-Za-z_]\w*)‹o›\+‹o›(?P<e>[^\n;{}]+?)‹o›(?P<z>;|$|\n|\})",
        ours: Made(|found, _| {
            let (name, value) = (part(found, "n"), part(found, "e"));
            let what = if value == "1" {
                "count".to_owned()
            } else {
                format!("sum {value}")
            };
            (name == part(found, "m"))
                .then(|| format!("{}{name}: {what}{}", part(found, "l"), part(found, "z")))
        }),
        says: AGG_SAYS,
        example: (
            "on main.charge {\n    total = total + amount\n}",
            "on main.charge {\n    total: sum arg amount\n}",
        ),
    },
    Row {
        foreign: r"‹<›\$?‹n›‹o›:?=‹o›(?P<e>[^=\n;{}][^\n;{}]*?)‹o›(?P<z>;|$|\n|\})",
        ours: Text("${l}let $n = $e$z"),
        says: "a name is given with `let` in a block, and with `param` outside",
        example: (
            "on main.charge {\n    x := arg amount\n    print x\n}",
            "on main.charge {\n    let x = arg amount\n    print x\n}",
        ),
    },
    // ---- directives by other names ------------------------------------------------------------------------
    Row {
        foreign: r"‹<›(?P<a>count|latency|trace|on)‹s›(?:all‹s›|the‹s›)?(?:func|function|functions|calls|call|method|fn|probe)‹s›(?:to‹s›|of‹s›|in‹s›)?‹F›",
        ours: Text("${l}$a $f"),
        says: "write only the function's name",
        example: ("count func main.charge", "count main.charge"),
    },
    Row {
        foreign: r"‹<›(?P<a>count|latency|trace)‹s›(?:of|for|from)‹s›‹F›",
        ours: Text("${l}$a $f"),
        says: "write only the function's name",
        example: ("latency of main.charge", "latency main.charge"),
    },
    Row {
        foreign: r"‹<›(?:avg|average|mean|median)‹s›(?:latency|duration|time)?‹o›(?:of‹s›|for‹s›)?‹F›",
        ours: Text("${l}latency $f as stats"),
        says: "`as stats` shows number, average and total of the times",
        example: ("avg latency main.charge", "latency main.charge as stats"),
    },
    Row {
        foreign: r"‹<›(?:histogram|hist|timing|timings|time|times|duration|durations|measure|profile|timer|latencies|heatmap|distribution)‹s›(?:latency‹s›|duration‹s›|latencies‹s›|time‹s›)?(?:of‹s›|for‹s›)?‹F›",
        ours: Text("${l}latency $f"),
        says: "`latency` shows how long calls take, as a histogram",
        example: ("histogram main.charge", "latency main.charge"),
    },
    Row {
        foreign: r"‹<›(?:max|min|longest|slowest|worst)‹s›(?:latency|duration|time)‹s›(?:of‹s›|for‹s›)?‹F›",
        ours: Text("${l}on $f return {\n    max elapsed\n}"),
        says: "a call's time is `elapsed`",
        example: (
            "max latency main.charge",
            "on main.charge return {\n    max elapsed\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:top(?:‹s›[0-9]+)?|calls|hits|invocations|frequency|counter|tally|number)‹s›(?:of‹s›|to‹s›|calls‹s›(?:of‹s›|to‹s›)?)?‹F›",
        ours: Text("${l}count $f"),
        says: "`count` counts calls",
        example: ("top main.charge", "count main.charge"),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)(?:rate|throughput|qps|rps)‹s›(?:of‹s›)?‹F›(?P<e>[^\n;{}]*?)(?:‹s›(?:every‹s›1s|per‹s›second))?‹o›$",
        ours: Text("${l}count $f$e\nevery 1s {\n    print\n    clear\n}"),
        says: "calls per second are counted and printed every second",
        example: (
            "rate main.charge",
            "count main.charge\nevery 1s {\n    print\n    clear\n}",
        ),
    },
    Row {
        foreign: r"‹<›(?:watch|log|dump|print|show|monitor|follow|spy|inspect|observe|strace|ltrace|debug)‹s›(?:calls‹s›(?:to|of)‹s›)?(?P<f>(?:[a-z][\w./-]*)[.](?:\(\*?\w+\)\.)?[\w*]+)(?P<z>‹o›(?:$|\n|by\b|where\b|limit\b))",
        ours: Made(|found, _| {
            let (lead, function) = (part(found, "l"), part(found, "f"));
            // In a block it is a value that is printed.
            let named = function.starts_with("main.") || function.contains(['/', '*']);
            (named && lead.trim().is_empty()).then(|| format!("{lead}trace {function}{}", part(found, "z")))
        }),
        says: "`trace` writes a line for each call",
        example: ("watch main.charge", "trace main.charge"),
    },
    Row {
        foreign: r"\bas‹s›(?:histogram|histograms|heatmap|distribution|log2|quantize)\b",
        ours: Text("as hist"),
        says: "times are shown `as hist`, `as stats`, `as percentiles` or `as linear A..B step S`",
        example: ("latency main.charge as log2", "latency main.charge as hist"),
    },
    Row {
        foreign: r"\bas‹s›l(?:inear|hist|quantize)‹o›\(‹o›(?P<a>[\w.]+)‹o›,‹o›(?P<x>[\w.]+)‹o›,‹o›(?P<z>[\w.]+)‹o›\)",
        ours: Text("as linear $a..$x step $z"),
        says: "the range of `linear` is A..B step S",
        example: (
            "latency main.charge as linear(0, 100, 10)",
            "latency main.charge as linear 0..100 step 10",
        ),
    },
    Row {
        foreign: r"\blinear‹s›(?P<a>[0-9]\w*)‹s›(?:to|-|until)‹s›(?P<x>[0-9]\w*)‹s›(?:step|by)‹s›(?P<z>[0-9]\w*)",
        ours: Text("linear $a..$x step $z"),
        says: "the range of `linear` is A..B step S",
        example: (
            "latency main.charge as linear 0 to 100 step 10",
            "latency main.charge as linear 0..100 step 10",
        ),
    },
    Row {
        foreign: r"(?P<l>[ \t])(?:unit|units)‹s›(?:in‹s›)?(?P<u>ns|us|ms|s)\b",
        ours: Text("${l}in $u"),
        says: "a unit follows `in`",
        example: ("latency main.charge unit ms", "latency main.charge in ms"),
    },
    Row {
        foreign: r"\bas‹s›(?:avg|average|mean|summary|median|total|sum)\b",
        ours: Text("as stats"),
        says: "times are shown `as hist`, `as stats`, `as percentiles` or `as linear A..B step S`",
        example: ("latency main.charge as avg", "latency main.charge as stats"),
    },
    Row {
        foreign: r"\b(?:as|in|using|units?)‹s›(?P<u>nanoseconds?|nsecs?|microseconds?|usecs?|milliseconds?|msecs?|seconds?|secs?)\b",
        ours: Made(|found, _| super::unit(part(found, "u")).map(|unit| format!("in {unit}"))),
        says: "the units are `ns`, `us`, `ms` and `s`",
        example: ("latency main.charge in milliseconds", "latency main.charge in ms"),
    },
    Row {
        foreign: r"\bas‹s›(?P<u>ns|us|ms|s)\b",
        ours: Text("in $u"),
        says: "a unit follows `in`",
        example: ("latency main.charge as ms", "latency main.charge in ms"),
    },
    // ---- other lines --------------------------------------------------------------------------------------
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)(?:stop|exit|quit|timeout|for|run|duration|end)(?:‹s›(?:after|in|for))?‹s›(?P<a>[0-9]+)‹o›(?P<u>[a-zµμ]*)‹o›;?$",
        ours: Made(|found, _| span(found, "stop after ")),
        says: "a trace ends with `stop after`",
        example: (
            "count main.charge\ntimeout 10s",
            "count main.charge\nstop after 10s",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)(?:every|each|interval|tick)‹s›(?P<a>[0-9]+)‹o›(?P<u>[a-zµμ]*)‹o›(?P<z>\{)",
        ours: Made(|found, _| span(found, "every ").map(|text| text + " {")),
        says: "the unit directly follows the number",
        example: (
            "count main.charge\nevery 5 s {\n    print\n}",
            "count main.charge\nevery 5s {\n    print\n}",
        ),
    },
    Row {
        foreign: r"\blimit‹s›(?P<a>[0-9]+)‹o›(?:/|per)‹o›(?P<u>minute|min|m|hour|h)\b",
        ours: Made(|found, _| {
            let seconds = if part(found, "u").starts_with('m') {
                60
            } else {
                3600
            };
            let lines = part(found, "a").parse::<u64>().ok()?.div_ceil(seconds);
            Some(format!("limit {lines}/s"))
        }),
        says: "lines are limited per second",
        example: ("trace main.charge limit 600/min", "trace main.charge limit 10/s"),
    },
    Row {
        foreign: r"\b(?:limit|max|throttle|at‹s›most)‹s›(?P<a>[0-9]+)(?:‹o›(?:/|per)‹o›(?:second|sec|s)\b)?(?P<z>[^\w/.]|$)",
        ours: Text("limit $a/s$z"),
        says: "lines are limited per second",
        example: (
            "trace main.charge limit 10 per second",
            "trace main.charge limit 10/s",
        ),
    },
    Row {
        foreign: r"‹s›(?:excluding|exclude|without|but‹s›not|not‹s›in|ignoring|ignore|skip|minus)‹s›‹F›",
        ours: Text(" except $f"),
        says: "functions are left out with `except`",
        example: (
            "count main.* excluding main.main",
            "count main.* except main.main",
        ),
    },
    // ---- conditions ---------------------------------------------------------------------------------------
    Row {
        foreign: r"(?m)(?P<l>(?:^|[{;}])[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace)‹s›[^\s,]+)‹s›(?:(?:if|when|where)‹s›)?(?:(?:is|slow|slower|took|takes|taking|duration|latency|longer|lasting|time)‹s›)?(?P<x>>=|>|<=|<|over|above|than|under|below)‹s›?(?:than‹s›)?(?P<a>[0-9][\w.]*)",
        ours: Made(|found, _| slower(found)),
        says: TIME_SAYS,
        example: (
            "latency main.charge > 5ms",
            "latency main.charge where elapsed > 5ms",
        ),
    },
    Row {
        foreign: r"(?m)(?P<l>(?:^|[{;])[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|sum|avg|min|max|hist|stats|print)\b[^\n{}]*?‹s›)unless‹s›(?P<e>[^\n{}]*)",
        ours: Text("${l}where !($e)"),
        says: "a condition follows `where`",
        example: (
            "count main.charge unless amount > 5",
            "count main.charge where !(arg amount > 5)",
        ),
    },
    Row {
        foreign: r"(?m)(?P<l>(?:^|[{;])[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|sum|avg|min|max|hist|stats|print)\b[^\n{}]*?‹s›)(?:if|when|having|filter|such‹s›that)‹s›(?P<e>(?:arg|ret|recv|elapsed|goroutine|!|\(|len)[^\n{}]*|[^\n{}]*[<>=!~][^\n{}]*)",
        ours: Text("${l}where $e"),
        says: "a condition follows `where`",
        example: (
            "count main.charge if arg amount > 5",
            "count main.charge where arg amount > 5",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(=<>,]|^)(?P<a>[0-9]+)‹s›(?P<u>ns|us|µs|μs|ms|s|nsecs?|usecs?|msecs?|secs?|nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|mins?|hours?)\b",
        ours: Made(unit),
        says: "the unit directly follows the number",
        example: (
            "count main.charge where elapsed > 5 ms",
            "count main.charge where elapsed > 5ms",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(=<>,])(?P<a>[0-9]+)(?P<u>nsecs?|nanos|usecs?|micros|msecs?|millis|secs?|seconds?|minutes?|mins?|hours?|hrs?|kb|KB|kib|mb|MB|mib|gb|GB|gib|µs|μs)\b",
        ours: Made(unit),
        says: "the units are `ns`, `us`, `ms`, `s`, `m` and `h`, and `B`, `KiB`, `MiB` and `GiB`",
        example: (
            "count main.charge where elapsed > 5msec",
            "count main.charge where elapsed > 5ms",
        ),
    },
    Row {
        foreign: r"\belapsed‹o›(?P<x>>=|<=|>|<|==|!=)‹o›(?P<a>[1-9][0-9]*)(?P<z>[^\w.]|$)",
        ours: Made(|found, _| {
            let number = part(found, "a");
            // So large a number can only be of nanoseconds.
            let unit = if number.len() > 5 { "ns" } else { "ms" };
            Some(format!(
                "elapsed {} {number}{unit}{}",
                part(found, "x"),
                part(found, "z")
            ))
        }),
        says: "a time has a unit",
        example: (
            "count main.charge where elapsed > 5",
            "count main.charge where elapsed > 5ms",
        ),
    },
    Row {
        foreign: r"(?P<p>(?:\bwhere|\bif|&&|\|\||\()‹o›!?)err(?:or)?‹o›(?P<x>[!=]=)‹o›(?:nil|null|NULL|None)\b",
        ours: Text("${p}ret err $x nil"),
        says: RET_SAYS,
        example: (
            "count main.(*Shop).reserve where err != nil",
            "count main.(*Shop).reserve where ret err != nil",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(=<>])(?P<a>[0-9]+\.[0-9]+)(?P<u>h|m|s|ms|us)\b",
        ours: Made(fraction),
        says: "durations are whole numbers",
        example: (
            "count main.charge where elapsed > 1.5ms",
            "count main.charge where elapsed > 1500us",
        ),
    },
    Row {
        foreign: r"(?i)‹v›‹s›(?P<x>not‹s›)?in‹o›[(\[](?P<e>[^()\[\]\n]*)[)\]]",
        ours: Made(one_of),
        says: "each value needs a comparison of its own",
        example: (
            "count main.charge where arg amount in (1, 2)",
            "count main.charge where (arg amount == 1 || arg amount == 2)",
        ),
    },
    Row {
        foreign: r"(?i)‹v›‹s›between‹s›(?P<a>[\w.]+)‹s›and‹s›(?P<z>[\w.]+)",
        ours: Text("($v >= $a && $v <= $z)"),
        says: "both bounds are compared",
        example: (
            "count main.charge where arg amount between 5 and 10",
            "count main.charge where (arg amount >= 5 && arg amount <= 10)",
        ),
    },
    Row {
        foreign: r"(?P<a>[0-9]\w*)‹o›(?P<x><=|<|>=|>)‹o›‹v›‹o›(?P<y><=|<|>=|>)‹o›(?P<z>[0-9]\w*)",
        ours: Made(chained),
        says: "both bounds are compared",
        example: (
            "count main.charge where 400 <= arg amount < 500",
            "count main.charge where 400 <= arg amount && arg amount < 500",
        ),
    },
    Row {
        foreign: r"(?i)‹v›‹o›(?P<x>like|ilike|=~|~=|~|matches|startswith|hasprefix)‹o›‹t›",
        ours: Made(beginning),
        says: "there are no patterns for texts; `x[0:N]` is the beginning of a text",
        example: (
            "count main.charge where arg customer like 'Ad%'",
            "count main.charge where arg customer[0:2] == \"Ad\"",
        ),
    },
    Row {
        foreign: r"(?i)‹s›is‹s›not‹s›(?:nil|null|none)\b|‹s›isnt‹s›(?:nil|null|none)\b",
        ours: Text(" != nil"),
        says: "two values are compared with `==` and `!=`",
        example: (
            "on main.(*Shop).Take return where ret 1 is not null {\n    count\n}",
            "on main.(*Shop).Take return where ret 1 != nil {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?i)‹s›(?:is|eq|equals)‹s›(?:to‹s›)?",
        ours: Text(" == "),
        says: "two values are compared with `==` and `!=`",
        example: (
            "on main.(*Shop).Take return where ret 1 is nil {\n    count\n}",
            "on main.(*Shop).Take return where ret 1 == nil {\n    count\n}",
        ),
    },
    Row {
        foreign: r"(?P<p>[=!]=[ \t]*)(?:null|NULL|None|NIL|Nil|nullptr|undefined|Null)\b",
        ours: Text("${p}nil"),
        says: "a missing value is called `nil`",
        example: (
            "on main.(*Shop).Take return where ret 1 == null {\n    count\n}",
            "on main.(*Shop).Take return where ret 1 == nil {\n    count\n}",
        ),
    },
    Row {
        foreign: r"===",
        ours: Text("=="),
        says: "two values are compared with `==` and `!=`",
        example: (
            "count main.charge where arg amount === 5",
            "count main.charge where arg amount == 5",
        ),
    },
    Row {
        foreign: r"!==|<>",
        ours: Text("!="),
        says: "two values are compared with `==` and `!=`",
        example: (
            "count main.charge where arg amount <> 5",
            "count main.charge where arg amount != 5",
        ),
    },
    Row {
        foreign: r"(?m)(?P<l>\b(?:where|if|when|and|or|AND|OR|&&|\|\|)‹s›!?\(?)‹v›‹o›=‹o›(?P<z>[^=~\n])",
        ours: Text("$l$v == $z"),
        says: "two values are compared with `==` and `!=`",
        example: (
            "count main.charge where arg amount = 5",
            "count main.charge where arg amount == 5",
        ),
    },
    Row {
        foreign: r"(?m)(?P<l>(?:&&|\|\|)‹s›!?\(?)‹v›‹o›=‹o›(?P<z>[^=~\n])",
        ours: Text("$l$v == $z"),
        says: "two values are compared with `==` and `!=`",
        example: (
            "count main.charge where arg amount > 5 && arg customer = \"Ada\"",
            "count main.charge where arg amount > 5 && arg customer == \"Ada\"",
        ),
    },
    Row {
        foreign: r"(?mi)(?P<l>\b(?:where|if)\b[^\n{}]*?)‹s›and‹s›",
        ours: Text("$l && "),
        says: "conditions are joined with `&&` and `||`",
        example: (
            "count main.charge where arg amount > 1 and arg amount < 5",
            "count main.charge where arg amount > 1 && arg amount < 5",
        ),
    },
    Row {
        foreign: r"(?mi)(?P<l>\b(?:where|if)\b[^\n{}]*?)‹s›or‹s›",
        ours: Text("$l || "),
        says: "conditions are joined with `&&` and `||`",
        example: (
            "count main.charge where arg amount < 1 or arg amount > 5",
            "count main.charge where arg amount < 1 || arg amount > 5",
        ),
    },
    Row {
        foreign: r"(?mi)(?P<l>(?:\b(?:where|if)|&&|\|\|)‹s›\(?)not‹s›(?P<e>\([^()\n]*\)|(?:(?:arg|ret)‹s›)?[\w.]+)(?P<z>‹o›(?:$|\n|\{|&&|\|\||\)|by\b|as\b|limit\b))",
        ours: Text("$l!$e$z"),
        says: "the opposite of a condition is written `!`",
        example: (
            "count main.charge where not (arg amount > 5)",
            "count main.charge where !(arg amount > 5)",
        ),
    },
    Row {
        foreign: r"(?mi)(?P<l>(?:\b(?:where|if)|&&|\|\|)‹s›\(?)not‹s›(?P<e>[^\n{}&|()]+?)(?P<z>‹o›(?:$|\n|\{|&&|\|\||by\b|as\b|limit\b))",
        ours: Text("$l!($e)$z"),
        says: "the opposite of a condition is written `!`",
        example: (
            "count main.charge where not arg amount > 5",
            "count main.charge where !(arg amount > 5)",
        ),
    },
    // ---- values by other names ----------------------------------------------------------------------------
    Row {
        foreign: r"(?:\$|\b)(?:retval|ret_val|returnval|return_value|retvalue|returned|rv)\b|\$(?:ret|return|result)\b|\breturn‹s›value\b",
        ours: Text("ret 0"),
        says: RET_SAYS,
        example: (
            "on main.(*Shop).Take return where retval > 5 {\n    count\n}",
            "on main.(*Shop).Take return where ret 0 > 5 {\n    count\n}",
        ),
    },
    Row {
        foreign: r"\b(?P<a>arg|ret)s?‹o›[(\[]‹o›(?P<n>[0-9]+)‹o›[)\]]|\bargs\.(?P<m>[0-9]+)\b",
        ours: Made(|found, _| {
            let word = if part(found, "a") == "ret" { "ret" } else { "arg" };
            Some(format!("{word} {}{}", part(found, "n"), part(found, "m")))
        }),
        says: ARG_SAYS,
        example: (
            "count main.charge where args[1] > 5",
            "count main.charge where arg 1 > 5",
        ),
    },
    Row {
        foreign: r"\b(?P<a>arg|ret)s?(?:->|\.)(?P<n>[A-Za-z_]\w*)",
        ours: Text("$a $n"),
        says: "a name follows `arg` or `ret` after a space",
        example: (
            "count main.charge where args.amount > 5",
            "count main.charge where arg amount > 5",
        ),
    },
    Row {
        foreign: r"\b(?P<a>arg|ret)s‹s›(?P<n>[A-Za-z_]\w*)",
        ours: Text("$a $n"),
        says: ARG_SAYS,
        example: (
            "count main.charge where args amount > 5",
            "count main.charge where arg amount > 5",
        ),
    },
    Row {
        foreign: r"\b(?:str|string|int|int64|uint64|buf|kstr|copyinstr|user_string)\(‹o›‹v›(?:,[^()\n]*)?‹o›\)",
        ours: Text("$v"),
        says: "values are shown by their Go types",
        example: (
            "on main.charge {\n    count by str(arg customer)\n}",
            "on main.charge {\n    count by arg customer\n}",
        ),
    },
    Row {
        foreign: r"\b(?:strlen|length|size|sizeof)‹o›\(‹o›(?P<e>[^()\n]+)\)",
        ours: Text("len($e)"),
        says: "lengths are `len(x)`",
        example: (
            "count main.charge where strlen(arg customer) > 3",
            "count main.charge where len(arg customer) > 3",
        ),
    },
    Row {
        foreign: r"\b(?P<a>len|cap|type)‹s›\(",
        ours: Text("$a("),
        says: "the bracket directly follows `len`",
        example: (
            "count main.charge where len (arg customer) > 3",
            "count main.charge where len(arg customer) > 3",
        ),
    },
    Row {
        foreign: r"\b(?P<a>len|cap|type)‹s›(?P<v>(?:arg|ret)‹s›[\w.]+|recv(?:\.\w+)*)",
        ours: Text("$a($v)"),
        says: "the value stands in brackets: `len(x)`",
        example: (
            "count main.charge where len arg customer > 3",
            "count main.charge where len(arg customer) > 3",
        ),
    },
    Row {
        foreign: r"\b(?:typeof|reflect\.TypeOf|gettype|type_of)‹o›\(",
        ours: Text("type("),
        says: "the type in an interface is `type(x)`",
        example: (
            "on main.(*Shop).Take return {\n    print typeof(ret 1)\n}",
            "on main.(*Shop).Take return {\n    print type(ret 1)\n}",
        ),
    },
    Row {
        foreign: r"(?P<p>^|[^\w.])(?P<a>goroutine|thread|process|cpu|comm|func|caller|elapsed|recv|parent|goid|tid|pid)\(\)",
        ours: Text("$p$a"),
        says: "built-in words such as `goroutine` have no brackets",
        example: ("count main.charge by caller()", "count main.charge by caller"),
    },
    Row {
        foreign: r"@arg\b",
        ours: Text("arg"),
        says: ARG_SAYS,
        example: (
            "count main.charge by @arg customer",
            "count main.charge by arg customer",
        ),
    },
    Row {
        foreign: r"\b(?:this|self|receiver)(?:->|\.)(?P<n>[A-Za-z_]\w*)",
        ours: Text("recv.$n"),
        says: "the receiver is `recv`",
        example: (
            "on main.(*Shop).Take {\n    print len(self.stock)\n}",
            "on main.(*Shop).Take {\n    print len(recv.stock)\n}",
        ),
    },
    Row {
        foreign: r"->",
        ours: Text("."),
        says: "fields are read through pointers with a dot",
        example: (
            "on main.(*Shop).Take {\n    print arg order->Item\n}",
            "on main.(*Shop).Take {\n    print arg order.Item\n}",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(,=<>!\[]|^)(?:\*|&)(?P<v>(?:arg|ret)‹s›\w)",
        ours: Text("$p$v"),
        says: "fields are read through any number of pointers, without a sign",
        example: (
            "on main.(*Shop).Take {\n    print *arg order\n}",
            "on main.(*Shop).Take {\n    print arg order\n}",
        ),
    },
    Row {
        foreign: r"\$(?P<n>[1-9])\b",
        ours: Made(|found, _| {
            let position = part(found, "n").parse::<u32>().ok()?.checked_sub(1)?;
            Some(format!("arg {position}"))
        }),
        says: ARG_SAYS,
        example: ("count main.charge by $2", "count main.charge by arg 1"),
    },
    Row {
        foreign: r"\barg(?P<n>[0-9]+)\b",
        ours: Text("arg $n"),
        says: ARG_SAYS,
        example: (
            "count main.charge where arg1 > 5",
            "count main.charge where arg 1 > 5",
        ),
    },
    Row {
        foreign: r"\$(?P<n>[A-Za-z_]\w*)",
        ours: Text("$n"),
        says: "a name has no `$` before it",
        example: (
            "on main.charge {\n    let x = arg amount\n    print $x\n}",
            "on main.charge {\n    let x = arg amount\n    print x\n}",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(,=!]|^)(?:ustack|kstack|backtrace|stacktrace|stack_trace|callstack|bt|jstack)(?:\([^()\n]*\))?(?P<z>[ \t,);}\n]|$)",
        ours: Text("${p}stack$z"),
        says: "`stack` is the goroutine's stack",
        example: ("count main.charge by ustack", "count main.charge by stack"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint)‹o›)(?:goid|gid|goroutine_id|goroutineid|goroutineID|GoroutineID|g\.goid|curg|coroutine)\b",
        ours: Text("${p}goroutine"),
        says: "the goroutine's id is `goroutine`",
        example: ("count main.charge by goid", "count main.charge by goroutine"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint)‹o›)(?:tid|thread_id|threadid)\b",
        ours: Text("${p}thread"),
        says: "the thread's id is `thread`",
        example: ("count main.charge by tid", "count main.charge by thread"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint)‹o›)(?:pid|process_id|tgid)\b",
        ours: Text("${p}process"),
        says: "the process's id is `process`",
        example: ("count main.charge by pid", "count main.charge by process"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint)‹o›)(?:execname|procname|process_name|command)\b",
        ours: Text("${p}comm"),
        says: "the process's name is `comm`",
        example: ("count main.charge by execname", "count main.charge by comm"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint)‹o›)(?:probefunc|function|funcname|fn|function_name|__func__)\b",
        ours: Text("${p}func"),
        says: "the function's name is `func`",
        example: ("count main.charge by probefunc", "count main.charge by func"),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|,|\bwhere|&&|\|\||\(|\bprint|\bif|\bhist|\bsum|\bavg|\bmin|\bmax|\bstats|\blinear|\{)‹o›)(?:duration|latency|took|runtime|time_taken|elapsed_time|elapsedtime|delta|elapsed\(\))(?P<z>[^\w.:(]|$)",
        ours: Text("${p}elapsed$z"),
        says: "a call's time is `elapsed`",
        example: (
            "count main.charge where duration > 5ms",
            "count main.charge where elapsed > 5ms",
        ),
    },
    // ---- names of functions -------------------------------------------------------------------------------
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|on)‹s›)/(?P<e>[^/\n]+(?:/[^/\n]+)*)/",
        ours: Made(plain_pattern),
        says: "in a pattern `*` stands for any characters",
        example: (r"count /main\.cha.*/", "count main.cha*"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|on)‹s›)(?P<e>\^?[\w/]+\\\.[^\s{]*)",
        ours: Made(plain_pattern),
        says: "in a pattern `*` stands for any characters",
        example: (r"count ^main\.charge$", "count main.charge"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*(?:\w+[ \t]*:[ \t]+)?(?P<w>count|latency|trace|on)‹s›)(?P<p>[\w./-]+)::(?P<f>[\w.*:()]+)",
        ours: Made(|found, _| {
            Some(format!(
                "{}{}.{}",
                part(found, "l"),
                part(found, "p"),
                part(found, "f").replace("::", ".")
            ))
        }),
        says: "a package and its function are joined by a dot",
        example: ("count main::charge", "count main.charge"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|on)‹s›)(?P<p>[a-z]\w*)/(?P<f>\w+)(?P<z>[ \t\n{]|$)",
        ours: Text("$l$p.$f$z"),
        says: "a package and its function are joined by a dot",
        example: ("count main/charge", "count main.charge"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*(?:\w+[ \t]*:[ \t]+)?(?:count|latency|trace|on)‹s›)(?P<f>[A-Za-z_][\w/.-]*?\.(?:\(\*\w+\)\.)?\w+)\([^()*\n]*\)",
        ours: Text("$l$f"),
        says: "write only the function's name",
        example: ("count main.charge()", "count main.charge"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*)(?P<w>count|latency|trace|on)‹s›‹t›",
        ours: Made(|found, strings| unquoted_function(found, strings)),
        says: "",
        example: ("count 'main.charge'", "count main.charge"),
    },
    Row {
        foreign: r"(?m)(?P<l>^[ \t]*param‹s›\w+‹o›)(?:==|:=)",
        ours: Text("$l="),
        says: "write a single `=`",
        example: (
            "param slow == 10ms\ncount main.charge where elapsed > slow",
            "param slow = 10ms\ncount main.charge where elapsed > slow",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<f>main\.(?:\(\*\w+\)\.)?\w+|[a-z][\w.-]*/[\w./-]*\.(?:\(\*\w+\)\.)?\w+)(?:\(\))?‹o›;?$",
        ours: Text("count $f"),
        says: "a line begins with a directive or a statement",
        example: ("main.charge()", "count main.charge"),
    },
    Row {
        foreign: r"(?m)^(?P<l>(?:\w+[ \t]*:[ \t]+)?(?:count|latency)‹s›[^\n{}]*?)‹s›every‹s›(?P<a>[0-9]+)‹o›(?P<u>ms|s|m|h)$",
        ours: Text("$l\nevery $a$u {\n    print\n    clear\n}"),
        says: "`every` repeats something at an interval",
        example: (
            "count main.charge every 5s",
            "count main.charge\nevery 5s {\n    print\n    clear\n}",
        ),
    },
    Row {
        foreign: r"(?P<p>[ \t(=<>])(?P<a>[0-9]+)e(?P<z>[0-9])\b",
        ours: Made(|found, _| {
            let zeros = part(found, "z").parse::<usize>().ok()?;
            Some(format!(
                "{}{}{}",
                part(found, "p"),
                part(found, "a"),
                "0".repeat(zeros)
            ))
        }),
        says: "numbers are whole",
        example: (
            "count main.charge where arg amount > 1e3",
            "count main.charge where arg amount > 1000",
        ),
    },
    Row {
        foreign: r"(?:strings\.)?(?P<x>HasPrefix|startswith|startsWith|starts_with|hasPrefix)\(‹o›‹v›‹o›,‹o›‹t›‹o›\)",
        ours: Made(beginning),
        says: "there are no patterns for texts; `x[0:N]` is the beginning of a text",
        example: (
            "count main.charge where strings.HasPrefix(customer, \"Ad\")",
            "count main.charge where arg customer[0:2] == \"Ad\"",
        ),
    },
    // ---- signs --------------------------------------------------------------------------------------------
    Row {
        foreign: r"(?m)(?P<l>^|[ \t])(?:#|--|/\*)[ \t]?(?P<e>[^\n]*?)(?:[ \t]*\*/)?$",
        ours: Text("$l// $e"),
        says: "comments begin with `//`",
        example: (
            "count main.charge # all of them",
            "count main.charge // all of them",
        ),
    },
    Row {
        foreign: r"\b(?:elif|elsif|elseif)\b",
        ours: Text("else if"),
        says: "",
        example: (
            "on main.charge {\n    if arg amount > 5 {\n        count\n    } elif arg amount > 3 {\n        count\n    }\n}",
            "on main.charge {\n    if arg amount > 5 {\n        count\n    } else if arg amount > 3 {\n        count\n    }\n}",
        ),
    },
];

/// `label: ` and ` by keys` around a statement.
fn named(found: &Captures<'_>, statement: &str) -> String {
    let name = [part(found, "n"), part(found, "n2")].concat();
    let label = if name.is_empty() || name == "count" {
        String::new()
    } else {
        format!("{name}: ")
    };
    let keys = part(found, "k").trim();
    let by = if keys.is_empty() {
        String::new()
    } else {
        format!(" by {keys}")
    };
    format!("{}{label}{statement}{by}", part(found, "l"))
}

/// `x += v`.
fn added(found: &Captures<'_>) -> String {
    let value = part(found, "e").trim();
    let statement = if value == "1" {
        "count".to_owned()
    } else {
        format!("sum {value}")
    };
    format!("{}{}", named(found, &statement), part(found, "z"))
}

fn aggregation_named(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    let (verb, values) = (part(found, "a"), part(found, "e").trim());
    let mut parts = values.split(',').map(str::trim);
    let statement = match verb {
        "count" => "count".to_owned(),
        "lhist" | "lquantize" | "linear" => {
            let (value, low, high, step) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            format!("linear {value} {low}..{high} step {step}")
        }
        _ if values.is_empty() => return None,
        "quantize" | "histogram" | "hist" => format!("hist {}", parts.next()?),
        "average" => format!("avg {values}"),
        verb => format!("{verb} {values}"),
    };
    Some(named(found, &statement))
}

/// The function behind a tool's name, without the program's path before it and its arguments behind.
fn tool(found: &Captures<'_>, strings: &[String], verb: &str) -> Option<String> {
    let written = match part(found, "t") {
        "" => part(found, "f"),
        text => of(strings, text)?,
    };
    Some(format!("{verb} {}", function_of(written)?))
}

/// `main.f` of `p:/bin/app:main.f(int x)`.
fn function_of(written: &str) -> Option<String> {
    let name = written.rsplit(':').next()?;
    let end = match (name.find("(*"), name.find('(')) {
        (Some(method), Some(open)) if method == open => name.get(open + 1..)?.find(')').and_then(|close| {
            let rest = open + close + 2;
            name.get(rest..)?.find(['(', ' ', '"']).map(|at| rest + at)
        }),
        _ => name.find(['(', ' ', '"']),
    };
    let name = name.get(..end.unwrap_or(name.len()))?;
    name.contains(['.', '*']).then(|| name.to_owned())
}

/// `p:BIN:F(long x):long:x` of `argdist`.
fn argdist(found: &Captures<'_>, strings: &[String], statement: &str) -> Option<String> {
    let written = of(strings, part(found, "t"))?;
    let parts: Vec<&str> = written.split(':').collect();
    let [_, _, function, .., value] = parts.as_slice() else {
        return None;
    };
    let function = function_of(function)?;
    let named = value.chars().all(|c| c.is_alphanumeric() || c == '_') && !value.is_empty();
    named.then(|| format!("on {function} {{\n    {statement} {value}\n}}"))
}

/// A span of time behind a word.
fn span(found: &Captures<'_>, word: &str) -> Option<String> {
    Some(format!("{}{word}{}", part(found, "l"), time(found)?))
}

/// The number `a` with its unit `u`; seconds where no unit is said.
pub(super) fn time(found: &Captures<'_>) -> Option<String> {
    let unit = match part(found, "u") {
        "" => "s",
        "ns" | "us" | "ms" | "s" | "m" | "h" => part(found, "u"),
        other => super::unit(other)?,
    };
    Some(format!("{}{unit}", part(found, "a")))
}

/// `F > 5ms`.
fn slower(found: &Captures<'_>) -> Option<String> {
    let sign = match part(found, "x") {
        "over" | "above" | "than" => ">",
        "under" | "below" => "<",
        sign => sign,
    };
    let limit = part(found, "a");
    let limit = if limit.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{limit}ms")
    } else {
        limit.to_owned()
    };
    Some(format!("{} where elapsed {sign} {limit}", part(found, "l")))
}

/// `1.5ms` as `1500us`.
fn fraction(found: &Captures<'_>, _: &mut Vec<String>) -> Option<String> {
    const SMALLER: &[(&str, u64, &str)] = &[
        ("h", 60, "m"),
        ("m", 60, "s"),
        ("s", 1000, "ms"),
        ("ms", 1000, "us"),
        ("us", 1000, "ns"),
    ];
    let (whole, decimals) = part(found, "a").split_once('.')?;
    let scale = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let mut value = format!("{whole}{decimals}").parse::<u64>().ok()?;
    let mut unit = part(found, "u");
    while value % scale != 0 {
        let (_, factor, next) = SMALLER.iter().find(|(larger, ..)| *larger == unit)?;
        value = value.checked_mul(*factor)?;
        unit = next;
    }
    Some(format!("{}{}{unit}", part(found, "p"), value / scale))
}
