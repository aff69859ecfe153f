//! Words that this language has, or nearly has, where they do not belong: a clause of another directive, two lines in
//! one, the function behind what is asked of it. They are replaced before the words of other tools.

use super::Ours::{Made, Text};
use super::Row;
use super::masked::{mark, of};
use super::table::{part, time};
use regex_lite::Captures;

const PERCENTILES_SAYS: &str = "`as percentiles` shows p50, p90, p99 and p99.9";
const CALLER_SAYS: &str = "`caller` is the function that called";
const FAILS_SAYS: &str = "an error is a result, `ret NAME` or `ret 0`";
const LINE_SAYS: &str = "each is a line of its own";
const BLOCK_SAYS: &str = "values are put together in an `on` block";
const COMMAS_SAYS: &str = "several functions are separated by commas";
const SAMPLE_SAYS: &str = "one call of N is `sample 1/N`";
const TEXTS_SAYS: &str = "texts are not searched; `by` shows each of them with its number";

/// Every form of them.
pub(super) const OWN: &[Row] = &[
    // ---- two lines in one ---------------------------------------------------------------------------------
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency|trace|graph)‹s›[^\n{}]*?)‹o›,?‹s›(?:stop‹s›after|stop‹s›in|until|(?:--)?(?:for|duration|timeout|during))(?:‹s›|=)(?P<a>[0-9]+)‹o›(?P<u>[a-zµμ]*)‹o›$",
        ours: Made(|found, _| {
            let (lead, line) = (part(found, "l"), part(found, "e"));
            Some(format!("{lead}{line}\nstop after {}", time(found)?))
        }),
        says: LINE_SAYS,
        example: (
            "count main.charge stop after 1s",
            "count main.charge\nstop after 1s",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency|trace)‹s›[^\n{}]*?)‹o›,?‹s›stop‹s›(?:when|if)‹s›(?P<c>[^\n{}]+)$",
        ours: Text("$l$e\nstop when $c"),
        says: LINE_SAYS,
        example: (
            "n: count main.charge stop when n > 100",
            "n: count main.charge\nstop when n > 100",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>count‹s›[^\n{}]*?)‹o›,?‹s›(?:stop‹s›(?:after|at)|until|(?:--)?for)‹s›(?P<a>[0-9]+)‹s›(?:calls?|times|hits)‹o›$",
        ours: Made(|found, _| {
            let name = part(found, "l").trim().trim_end_matches(':').trim_end();
            let name = if name.is_empty() { "calls" } else { name };
            let (line, most) = (part(found, "e"), part(found, "a"));
            Some(format!("{name}: {line}\nstop when {name} >= {most}"))
        }),
        says: "`stop when` compares counts by their names",
        example: (
            "count main.charge stop after 100 calls",
            "calls: count main.charge\nstop when calls >= 100",
        ),
    },
    Row {
        foreign: r"(?m)^stop‹s›(?:after|at)‹s›(?P<a>[0-9]+)‹s›(?:calls?|times|hits)‹o›$",
        ours: Text("stop when calls >= $a"),
        says: "`stop when` compares counts by their names",
        example: (
            "calls: count main.charge\nstop after 100 calls",
            "calls: count main.charge\nstop when calls >= 100",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency)‹s›[^\n{}]*?)‹s›(?:per|each|a|every)‹s›1?(?P<u>second|sec|s|minute|min|m)‹o›$",
        ours: Made(|found, _| {
            let unit = if part(found, "u").starts_with('m') {
                "m"
            } else {
                "s"
            };
            let (lead, line) = (part(found, "l"), part(found, "e"));
            Some(format!(
                "{lead}{line}\nevery 1{unit} {{\n    print\n    clear\n}}"
            ))
        }),
        says: "`every` repeats something at an interval",
        example: (
            "count main.charge per second",
            "count main.charge\nevery 1s {\n    print\n    clear\n}",
        ),
    },
    Row {
        foreign: r"(?m)^every‹s›(?P<a>[0-9]+)‹o›(?P<u>[a-zµμ]+)‹s›(?P<e>(?:print|clear)\b[^\n{}]*)$",
        ours: Made(|found, _| {
            Some(format!(
                "every {} {{ {} }}",
                time(found)?,
                part(found, "e").trim_end()
            ))
        }),
        says: "the statements of a block stand in braces",
        example: (
            "count main.charge\nevery 1s print",
            "count main.charge\nevery 1s { print }",
        ),
    },
    Row {
        foreign: r"(?m)^every‹s›(?P<u>s|m|h)(?:ec|econd|in|inute|our)?\b",
        ours: Text("every 1$u"),
        says: "a time has a number and a unit",
        example: (
            "count main.charge\nevery second { print }",
            "count main.charge\nevery 1s { print }",
        ),
    },
    // ---- the function behind what is asked of it ------------------------------------------------------------
    Row {
        foreign: r"‹l›(?P<a>count|latency)‹s›(?P<k>by‹s›‹k›(?:‹o›,‹o›‹k›)*)‹s›(?:(?:on|of|in|for)‹s›)?‹F›‹o›$",
        ours: Made(|found, _| {
            let keys = part(found, "k");
            let whole = !keys.ends_with(" arg") && !keys.ends_with(" ret");
            whole.then(|| {
                let (lead, verb, function) = (part(found, "l"), part(found, "a"), part(found, "f"));
                format!("{lead}{verb} {function} {keys}")
            })
        }),
        says: "functions follow the directive, and clauses follow them",
        example: (
            "count by arg customer main.charge",
            "count main.charge by arg customer",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<k>(?:by|where)‹s›[^\n{}]+?)‹s›(?P<e>(?:count|latency|trace)‹s›[^\n{}]+)$",
        ours: Text("$e $k"),
        says: "functions follow the directive, and clauses follow them",
        example: (
            "by arg customer count main.charge",
            "count main.charge by arg customer",
        ),
    },
    Row {
        foreign: r"(?m)^print‹s›(?P<e>[^\n{}]+?)‹s›(?:in|of|on|from|when|at|for)‹s›‹F›‹o›$",
        ours: Made(|found, _| {
            let values = part(found, "e");
            Some(format!(
                "on {}{} {{ print {values} }}",
                part(found, "f"),
                returns(values)
            ))
        }),
        says: "`print` stands in an `on` block",
        example: (
            "print arg customer in main.charge",
            "on main.charge { print arg customer }",
        ),
    },
    Row {
        foreign: r"‹l›(?P<a>hist|histogram|sum|min|max|avg|average|stats)‹s›‹F›‹s›(?:of‹s›|for‹s›)?(?P<e>(?:arg|ret|recv|elapsed|len|duration|latency)\b[^\n{}]*)$",
        ours: Made(|found, _| Some(put_together(found))),
        says: BLOCK_SAYS,
        example: (
            "hist main.charge arg amount",
            "on main.charge {\n    hist arg amount\n}",
        ),
    },
    Row {
        foreign: r"‹l›(?P<a>hist|histogram|sum|min|max|avg|average|stats)‹s›(?:of‹s›)?(?P<e>(?:arg|ret)‹s›[\w.]+|ret|recv[\w.]*|elapsed|duration|len\([^()\n]*\))‹s›(?:(?:on|in|of|for|at|from)‹s›)?‹F›(?P<z>(?:‹s›(?:by|where)‹s›[^\n{}]*)?)‹o›$",
        ours: Made(|found, _| Some(put_together(found))),
        says: BLOCK_SAYS,
        example: (
            "max elapsed main.charge by arg customer",
            "on main.charge return {\n    max elapsed by arg customer\n}",
        ),
    },
    Row {
        foreign: r"(?m)^(?P<l>[ \t]*)on‹s›‹F›(?P<r>(?:‹s›on)?‹s›return)?(?P<c>(?:‹s›where‹s›[^\n{}]*?)?)‹s›(?P<e>(?:print|count|sum|min|max|avg|stats|hist|linear)\b[^\n{}]*)$",
        ours: Made(|found, _| {
            let at = if found.name("r").is_some() { " return" } else { "" };
            let (lead, function) = (part(found, "l"), part(found, "f"));
            let (condition, statement) = (part(found, "c"), part(found, "e").trim_end());
            Some(format!("{lead}on {function}{at}{condition} {{ {statement} }}"))
        }),
        says: "the statements of a block stand in braces",
        example: (
            "on main.charge return print elapsed",
            "on main.charge return { print elapsed }",
        ),
    },
    Row {
        foreign: r"‹l›trace‹s›(?:(?:return|returns|exit|ret)‹s›(?:of‹s›|from‹s›)?‹F›|‹G›‹s›(?:on‹s›|at‹s›|only‹s›)?(?:returns?|exit|ret))‹o›$",
        ours: Made(|found, _| {
            let function = [part(found, "f"), part(found, "g")].concat();
            Some(format!("on {function} return {{\n    print ret\n}}"))
        }),
        says: "`on F return { … }` runs when a call returns",
        example: (
            "trace main.(*Shop).Take on return",
            "on main.(*Shop).Take return {\n    print ret\n}",
        ),
    },
    Row {
        foreign: r"‹l›(?P<a>count|latency|trace|on)‹s›‹F›(?:‹o›(?:&&?|\|\|?|\+)‹o›|‹s›and‹s›|‹s›)‹G›",
        ours: Text("$l$a $f, $g"),
        says: COMMAS_SAYS,
        example: (
            "count main.charge and main.(*Shop).Take",
            "count main.charge, main.(*Shop).Take",
        ),
    },
    Row {
        foreign: r"‹l›(?P<a>count|latency|trace|on)‹s›\[‹o›(?P<e>[A-Za-z_][^\[\]\n{}]*?)‹o›\]",
        ours: Text("$l$a $e"),
        says: COMMAS_SAYS,
        example: (
            "count [main.charge, main.(*Shop).Take]",
            "count main.charge, main.(*Shop).Take",
        ),
    },
    Row {
        foreign: r"‹l›(?P<a>count|latency|trace|graph|on)‹s›(?:(?:\*|all|everything|(?:all‹s›|every‹s›)?functions?|calls)‹s›(?:in|of|from|inside)‹s›(?:the‹s›)?(?:package‹s›|pkg‹s›|module‹s›)?|(?:package|pkg|module)‹s›)(?P<p>[A-Za-z][\w./-]*)(?P<z>[ \t{]|$)",
        ours: Text("$l$a $p.*$z"),
        says: "the functions of a package are `PACKAGE.*`",
        example: ("count * in main", "count main.*"),
    },
    Row {
        foreign: r"‹l›(?P<a>count|latency|trace|graph|on)‹s›(?P<p>[\w./-]*?)/\.\.\.(?P<z>[ \t{]|$)",
        ours: Made(|found, _| {
            let (lead, verb, package) = (part(found, "l"), part(found, "a"), part(found, "p"));
            let pattern = match package {
                "" | "." | "main" => "main.*".to_owned(),
                package => format!("{package}*"),
            };
            Some(format!("{lead}{verb} {pattern}{}", part(found, "z")))
        }),
        says: "in a pattern `*` stands for any characters",
        example: ("count main/...", "count main.*"),
    },
    // ---- latency ------------------------------------------------------------------------------------------
    Row {
        foreign: r"‹l›(?P<e>latency‹s›[^\n{}]*?)(?:‹o›,)?‹s›(?:(?:by|with|show|as|in|and)‹s›)?(?:percentiles?|quantiles?|‹p›(?:(?:‹o›,‹o›|‹s›(?:and‹s›)?)‹p›)*)(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e as percentiles$z"),
        says: PERCENTILES_SAYS,
        example: (
            "latency main.charge by percentiles",
            "latency main.charge as percentiles",
        ),
    },
    Row {
        foreign: r"‹l›(?:percentiles?|quantiles?|‹p›)‹s›(?:latency‹s›|duration‹s›|latencies‹s›|time‹s›)?(?:of‹s›|for‹s›)?‹F›(?P<z>[^\n{}]*)$",
        ours: Text("${l}latency $f$z as percentiles"),
        says: PERCENTILES_SAYS,
        example: ("p99 latency main.charge", "latency main.charge as percentiles"),
    },
    Row {
        foreign: r"‹l›(?P<e>latency‹s›[^\n{}]*?)(?:‹o›,)?‹s›(?:(?:by|with|show|as)‹s›)?(?:an?‹s›)?(?:histograms?|distribution|heatmap|buckets)(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e as hist$z"),
        says: "`as hist` shows a histogram",
        example: (
            "latency main.charge with histogram",
            "latency main.charge as hist",
        ),
    },
    Row {
        foreign: r"‹l›count‹s›(?P<e>[^\n{}]*?)‹s›as‹s›(?P<z>(?:hist|histogram|percentiles?|stats|p[0-9]{2})\b[^\n{}]*)$",
        ours: Text("${l}latency $e as $z"),
        says: "`count` counts calls, and `latency` shows how long they take",
        example: (
            "count main.charge as percentiles",
            "latency main.charge as percentiles",
        ),
    },
    Row {
        foreign: r"‹l›(?:slow|slower|slowest)‹s›(?:calls‹s›(?:of‹s›|to‹s›)?)?‹F›‹s›(?:than‹s›|over‹s›|>‹o›)?(?P<a>[0-9]+)‹o›(?P<u>[a-zµμ]*)‹o›$",
        ours: Made(|found, _| {
            let (lead, function) = (part(found, "l"), part(found, "f"));
            Some(format!("{lead}trace {function} where elapsed > {}", time(found)?))
        }),
        says: "a condition follows `where`, and the time of a call is `elapsed`",
        example: ("slow main.charge 5ms", "trace main.charge where elapsed > 5ms"),
    },
    Row {
        foreign: r"\belapsed‹o›(?P<x>>=|<=|>|<)‹o›‹t›",
        ours: Made(|found, strings| {
            let written = of(strings, part(found, "t"))?.replace(' ', "");
            let digits = written.bytes().take_while(u8::is_ascii_digit).count();
            let (number, unit) = written.split_at_checked(digits)?;
            (!number.is_empty() && matches!(unit, "ns" | "us" | "ms" | "s" | "m" | "h"))
                .then(|| format!("elapsed {} {written}", part(found, "x")))
        }),
        says: "a time has no quotes",
        example: (
            "count main.charge where elapsed > \"5ms\"",
            "count main.charge where elapsed > 5ms",
        ),
    },
    // ---- trace and graph ----------------------------------------------------------------------------------
    Row {
        foreign: r"‹l›(?P<e>trace‹s›[^\n{}]*?)(?:‹o›,)?‹s›(?:(?:with|show|print|and|including)‹s›)?(?:all‹s›)?‹w›(?:(?:‹o›,‹o›|‹s›and‹s›)‹w›)*(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e$z"),
        says: "`trace` shows all arguments and results",
        example: ("trace main.charge with args", "trace main.charge"),
    },
    Row {
        foreign: r"‹l›trace‹s›‹F›‹s›(?:with|by|and)‹s›(?:the‹s›|call‹s›)?(?:stacks?|stacktraces?|stack‹s›traces?|backtraces?)‹o›$",
        ours: Text("on $f {\n    print arg\n    print stack\n}"),
        says: "`on F { … }` runs when a call begins",
        example: (
            "trace main.charge with stack",
            "on main.charge {\n    print arg\n    print stack\n}",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>graph‹s›[^\n{}]*?)(?:‹o›,)?‹s›(?:and‹s›)?(?:(?:follows?|following|across|through|with|including)‹s›)(?:the‹s›|new‹s›|started‹s›)?(?:go‹s›routines?|goroutines?|go)(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e following go$z"),
        says: "goroutines that are started under a root are taken in by `following go`",
        example: ("graph main.charge follow go", "graph main.charge following go"),
    },
    Row {
        foreign: r"‹l›(?P<e>graph‹s›[^\n{}]*?)(?:‹o›,)?‹s›(?:with|show|showing|print|including)‹s›(?:all‹s›)?‹w›(?:(?:‹o›,‹o›|‹s›and‹s›)‹w›)*(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e with args$z"),
        says: "`with args` shows arguments and results",
        example: ("graph main.charge with arguments", "graph main.charge with args"),
    },
    Row {
        foreign: r"‹l›graph‹s›‹F›‹s›(?:to|in|inside|within|through|over|of|only)‹s›‹G›",
        ours: Text("${l}graph $f into $g"),
        says: "what is called under a root is chosen by `into`",
        example: (
            "graph main.(*Shop).Take to main.*",
            "graph main.(*Shop).Take into main.*",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>graph‹s›[^\n{}]*?)‹s›(?:--)?(?:max(?:imum)?[ \t_-]?)?(?:depth|levels?)(?:‹o›[=:]‹o›|‹s›(?:of‹s›)?)(?P<a>[0-9]+)",
        ours: Text("$l$e depth $a"),
        says: "the number of levels follows `depth`",
        example: ("graph main.charge depth=3", "graph main.charge depth 3"),
    },
    // ---- rows ---------------------------------------------------------------------------------------------
    Row {
        foreign: r"‹l›top‹s›(?P<a>[0-9]+)‹s›(?:of‹s›|calls‹s›(?:of‹s›|to‹s›)?)?‹F›(?P<e>[^\n{}]*)$",
        ours: Made(|found, _| {
            let (lead, function, rest) = (part(found, "l"), part(found, "f"), part(found, "e").trim_end());
            let several = rest.contains(" by ") || function.replace("(*", "").contains('*');
            let rows = if several {
                format!(" top {}", part(found, "a"))
            } else {
                String::new()
            };
            Some(format!("{lead}count {function}{rest}{rows}"))
        }),
        says: "`count` counts calls, and `top N` behind it shows the largest rows",
        example: (
            "top 10 main.charge by arg customer",
            "count main.charge by arg customer top 10",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency)‹s›[^\n{}]*?‹s›by‹s›[^\n{}]*?)‹s›(?:limit|first|head|max|only|top)(?:‹s›(?P<a>[0-9]+)(?:/s)?)?‹o›$",
        ours: Made(|found, _| {
            let rows = match part(found, "a") {
                "" => "10",
                rows => rows,
            };
            Some(format!("{}{} top {rows}", part(found, "l"), part(found, "e")))
        }),
        says: "`top N` shows the N largest rows",
        example: (
            "count main.charge by arg customer limit 10",
            "count main.charge by arg customer top 10",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency)‹s›[^\n{}]*?)‹s›limit‹s›[0-9]+(?:/s)?(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e$z"),
        says: "`limit` is for the lines of `trace` and `print`",
        example: ("count main.charge limit 10", "count main.charge"),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency)‹s›[^\n{}]*?)‹s›(?:desc|asc|descending|ascending|sorted|sort)‹o›$",
        ours: Text("$l$e"),
        says: "results are printed in order of their values",
        example: (
            "count main.charge by arg customer desc",
            "count main.charge by arg customer",
        ),
    },
    Row {
        foreign: r",‹o›(?P<c>as|by|where|limit|top|sample|in|except)(?P<z>‹s›)",
        ours: Text(" $c$z"),
        says: "no comma stands before a clause",
        example: (
            "latency main.charge by arg customer, as percentiles",
            "latency main.charge by arg customer as percentiles",
        ),
    },
    // ---- samples ------------------------------------------------------------------------------------------
    Row {
        foreign: r"\bsampled?‹s›(?:at‹s›)?(?P<a>[0-9]{0,3}(?:\.[0-9]{1,6})?)‹o›(?P<u>%|percent\b)",
        ours: Made(|found, _| one_of(part(found, "a"), 100)),
        says: SAMPLE_SAYS,
        example: ("count main.charge sample 10%", "count main.charge sample 1/10"),
    },
    Row {
        foreign: r"\bsampled?‹s›(?:at‹s›)?(?P<a>0?\.[0-9]{1,6})\b",
        ours: Made(|found, _| one_of(part(found, "a"), 1)),
        says: SAMPLE_SAYS,
        example: ("count main.charge sample 0.01", "count main.charge sample 1/100"),
    },
    Row {
        foreign: r"\bsampled?‹s›(?:every‹s›|(?:1|one)‹s›(?:in|of|out‹s›of|per)‹s›|1:)(?P<a>[0-9]+)(?:th|nd|rd)?\b",
        ours: Text("sample 1/$a"),
        says: SAMPLE_SAYS,
        example: (
            "count main.charge sample 1 in 10",
            "count main.charge sample 1/10",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency|trace|graph)‹s›[^\s,]+)‹s›1/(?P<a>[0-9]+)",
        ours: Text("$l$e sample 1/$a"),
        says: SAMPLE_SAYS,
        example: ("count main.charge 1/10", "count main.charge sample 1/10"),
    },
    // ---- callers and stacks ---------------------------------------------------------------------------------
    Row {
        foreign: r"\bcaller‹s›(?:is‹s›|=‹o›|in‹s›|from‹s›|eq‹s›)?‹F›",
        ours: Text("caller == $f"),
        says: CALLER_SAYS,
        example: (
            "count main.charge where caller is main.(*Shop).Take",
            "count main.charge where caller == main.(*Shop).Take",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency|trace)‹s›[^\n{}]*?)‹s›(?:(?:when|if|only|where)‹s›)?(?:called‹s›(?:by|from)|from|via|under)‹s›‹F›(?P<z>‹s›[^\n{}]*|‹o›)$",
        ours: Text("$l$e where caller == $f$z"),
        says: CALLER_SAYS,
        example: (
            "count main.charge called by main.(*Shop).Take",
            "count main.charge where caller == main.(*Shop).Take",
        ),
    },
    Row {
        foreign: r"‹l›(?:callers?|who‹s›calls?)‹s›(?:of‹s›)?‹F›",
        ours: Text("${l}count $f by caller"),
        says: CALLER_SAYS,
        example: ("callers main.charge", "count main.charge by caller"),
    },
    Row {
        foreign: r"‹l›(?:stacks?|stacktraces?|backtraces?|flamegraph)‹s›(?:of‹s›)?‹F›",
        ours: Text("${l}count $f by stack"),
        says: "`stack` is the goroutine's stack",
        example: ("stacks of main.charge", "count main.charge by stack"),
    },
    Row {
        foreign: r"\bby‹s›(?:stack‹s›traces?|call‹s›stacks?|stacks)\b",
        ours: Text("by stack"),
        says: "`stack` is the goroutine's stack",
        example: ("count main.charge by stack trace", "count main.charge by stack"),
    },
    // ---- errors ---------------------------------------------------------------------------------------------
    Row {
        foreign: r"\bret‹s›(?:error|errors|errs)\b",
        ours: Text("ret err"),
        says: FAILS_SAYS,
        example: (
            "count main.(*Shop).reserve by ret error",
            "count main.(*Shop).reserve by ret err",
        ),
    },
    Row {
        foreign: r"(?P<p>\bwhere‹s›)(?:it‹s›|call‹s›|ret‹s›)?(?:fails?|failed|failing|errors?|errored|errs?|returns?‹s›(?:an?‹s›)?err(?:or)?)(?P<z>‹o›(?:$|\n|\{|\bby\b|\bas\b|\blimit\b|\btop\b))",
        ours: Text("${p}ret err != nil$z"),
        says: FAILS_SAYS,
        example: (
            "count main.(*Shop).reserve where it fails",
            "count main.(*Shop).reserve where ret err != nil",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|trace|latency)‹s›[^\s{}]+)‹s›(?:on|with|if|when|only)‹s›(?:errors?|failures?|err|fails?|failed)‹o›$",
        ours: Text("$l$e where ret err != nil"),
        says: FAILS_SAYS,
        example: (
            "trace main.(*Shop).reserve on error",
            "trace main.(*Shop).reserve where ret err != nil",
        ),
    },
    Row {
        foreign: r"‹l›(?:errors?|failures?|errs)‹s›(?:of‹s›|in‹s›|from‹s›)?‹F›",
        ours: Text("${l}count $f by ret err"),
        says: FAILS_SAYS,
        example: (
            "errors main.(*Shop).reserve",
            "count main.(*Shop).reserve by ret err",
        ),
    },
    Row {
        foreign: r"(?P<p>(?:\bby|\bprint|,)‹o›)(?:errors?|errs?)(?P<z>[ \t,;}\n]|$)",
        ours: Text("${p}ret err$z"),
        says: FAILS_SAYS,
        example: (
            "count main.(*Shop).reserve by error",
            "count main.(*Shop).reserve by ret err",
        ),
    },
    // ---- values ---------------------------------------------------------------------------------------------
    Row {
        foreign: r"\bprint‹s›(?:all‹s›)?(?:args|arguments|params|parameters)(?P<z>[ \t,;}\n]|$)",
        ours: Text("print arg$z"),
        says: "`print arg` shows all arguments, and `print ret` all results",
        example: ("on main.charge { print args }", "on main.charge { print arg }"),
    },
    Row {
        foreign: r"(?P<l>\btype\([^()\n]*\)‹o›[!=]=‹o›)(?P<e>\*?[A-Za-z_][\w/]*\.[\w./]+)",
        ours: Made(|found, strings| {
            Some(format!(
                "{}{}",
                part(found, "l"),
                mark(strings, part(found, "e").to_owned())
            ))
        }),
        says: "the name of a type stands in double quotes",
        example: (
            "count main.(*Shop).Take where type(ret 1) == *main.SoldOut",
            "count main.(*Shop).Take where type(ret 1) == \"*main.SoldOut\"",
        ),
    },
    Row {
        foreign: r"‹l›(?P<e>(?:count|latency)‹s›[^\n{}]*?)‹s›where‹s›(?:‹v›‹s›(?:contains|includes|has|endswith)‹s›‹t›|(?:strings\.)?(?:[cC]ontains|HasSuffix|endswith)\((?P<w>[^,()\n]+),[^()\n]*\)|(?P<x>(?:(?:arg|ret)‹s›)?[\w.]+)‹o›(?:=~|~|matches)‹o›/[^/\n]*/)‹o›$",
        ours: Made(|found, _| {
            let value = [part(found, "v"), part(found, "w"), part(found, "x")].concat();
            Some(format!("{}{} by {value}", part(found, "l"), part(found, "e")))
        }),
        says: TEXTS_SAYS,
        example: (
            "count main.charge where arg customer contains \"d\"",
            "count main.charge by arg customer",
        ),
    },
];

/// ` return` if the values of a statement are there only when a call returns.
fn returns(values: &str) -> &'static str {
    let late = values
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| matches!(word, "ret" | "elapsed" | "duration" | "latency"));
    if late { " return" } else { "" }
}

/// `sum arg n` as a statement in the block of the function.
fn put_together(found: &Captures<'_>) -> String {
    let (label, function) = (part(found, "l"), part(found, "f"));
    let values = format!("{}{}", part(found, "e"), part(found, "z"));
    let values = values.trim();
    let verb = match part(found, "a") {
        "histogram" => "hist",
        "average" => "avg",
        verb => verb,
    };
    format!(
        "on {function}{} {{\n    {label}{verb} {values}\n}}",
        returns(values)
    )
}

/// `sample 1/N` for a part of `whole`.
fn one_of(written: &str, whole: u64) -> Option<String> {
    let (number, decimals) = written.split_once('.').unwrap_or((written, ""));
    let scale = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let share = format!("{number}{decimals}").parse::<u64>().ok()?;
    let every = whole
        .checked_mul(scale)?
        .checked_add(share / 2)?
        .checked_div(share)?;
    (every > 0).then(|| format!("sample 1/{every}"))
}
