//! What every script looks like, whatever names and texts are in it: comments and strings that end where they should,
//! braces that pair up, and lines of the known kinds with calls of known functions.

use libtest_mimic::Failed;
use regex_lite::Regex;
use std::sync::LazyLock;

/// Fails at the first line of `script` that is none of those that gobt writes.
pub fn check(script: &str) -> Result<(), Failed> {
    let code = code_of(script)?;
    if !script.ends_with('\n') || script.ends_with("\n\n") {
        return Err("the script does not end in exactly one new line".into());
    }
    // What `raw` passes through is the user's.
    if script.contains("raw {") {
        return Ok(());
    }
    let mut depth = 0_i32;
    for (line, original) in code.lines().zip(script.lines()) {
        let wrong = |why: &str| Failed::from(format!("{why}:\n{original}"));
        known(line, depth).map_err(|why| wrong(&why))?;
        // 0.23.2 crashes on some of them.
        if line
            .match_indices(" ? ")
            .any(|(at, _)| branches(&line[at..]).contains('@'))
        {
            return Err(wrong("a branch of `?:` reads a map"));
        }
        depth += braces(line);
        if depth < 0 {
            return Err(wrong("a brace closes nothing"));
        }
    }
    if depth != 0 {
        return Err("a brace is not closed".into());
    }
    Ok(())
}

/// The script with its comments blank and its strings as `""`, line by line.
pub fn code_of(script: &str) -> Result<String, Failed> {
    let mut out = String::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        let hidden = |text: &str| text.chars().find(|c| is_hidden(*c));
        let (taken, kept): (usize, &str) = if rest.starts_with("/*") {
            let end = rest.find("*/").ok_or("a comment is not closed")? + 2;
            (end, "")
        } else if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), "")
        } else if c == '"' {
            (string(rest)?, "\"\"")
        } else {
            (c.len_utf8(), &rest[..c.len_utf8()])
        };
        let (token, after) = rest.split_at(taken);
        if let Some(c) = hidden(token) {
            return Err(format!("the script holds {c:?}").into());
        }
        out.push_str(kept);
        if kept.is_empty() {
            out.push_str(&"\n".repeat(token.matches('\n').count()));
        }
        rest = after;
    }
    Ok(out)
}

/// The length of the string that `text` begins with.
fn string(text: &str) -> Result<usize, Failed> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Ok(at + 1),
            _ => {}
        }
    }
    let line = text.lines().next().unwrap_or_default();
    Err(format!("a string does not end in its line: {line}").into())
}

/// Control characters, and those that reorder text.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn braces(line: &str) -> i32 {
    line.chars()
        .map(|c| match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        })
        .sum()
}

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this test")
}

/// Outside of braces.
static OUTSIDE: LazyLock<Regex> = LazyLock::new(|| {
    let attach = r#"uprobe:([A-Za-z0-9/._~=+-]+|""):0x[0-9a-f]+|uprobe:([A-Za-z0-9/._~=+-]+|""):(\d+|gobt_[0-9a-f]{8}_(first|\d+_\*))|interval:(s|ms|us):\d+|BEGIN|END"#;
    let member = r" (char gap\d+\[\d+\]|(unsigned |struct )?\w+ \*?\w+( \*?\w+)?);";
    regex(&format!(
        r"^(|\{{|\}}|config = \{{|let @\w+ = lruhash\(\d+\);|struct \w+ \{{({member})* \}};|({attach}),?|/.+/)\s*$"
    ))
});

/// Inside of braces.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^\t+(|\w+ = (\d+|"");|\$\w+ = .+;|@\w+(\[.+\])? = .+;|(printf|print|clear|delete|time|exit|zero)\(.*\);|if \(.+\) \{|\} else if \(.+\) \{|unroll\(\d+\) \{|\} else \{|\}|return;)\s*$"#,
    )
});

/// Something that is called.
static CALL: LazyLock<Regex> = LazyLock::new(|| regex(r"(\w+)\("));

const FUNCTIONS: &[&str] = &[
    "avg", "buf", "clear", "count", "delete", "exit", "hist", "if", "kptr", "lhist", "lruhash", "max", "min",
    "ntop", "print", "printf", "reg", "stats", "str", "strftime", "strncmp", "sum", "time", "unroll", "uptr",
    "ustack", "usym", "zero",
];

/// What `bt::print` writes around a `delete` that is read by releases before 0.24 and since 0.25, outside of braces and
/// inside.
const SINCE_0_24: [&str; 2] = [
    "#define since__0_24 any); /",
    "$release = offsetof(struct bpftrace__, since__0_24); $deleted =",
];

fn known(line: &str, depth: i32) -> Result<(), String> {
    if SINCE_0_24.get(usize::from(depth > 0)) == Some(&line.trim()) {
        return Ok(());
    }
    // The end of a block is written where the block begins.
    let kind = if depth == 0 || line == "}" {
        &OUTSIDE
    } else {
        &INSIDE
    };
    if !kind.is_match(line) && !line.trim().is_empty() {
        return Err("this line is of no known kind".to_owned());
    }
    if line.matches(';').count() > 1 && depth > 0 {
        return Err("there are two statements in a line".to_owned());
    }
    for call in CALL.captures_iter(line) {
        let name = &call[1];
        if !FUNCTIONS.contains(&name) {
            return Err(format!("`{name}` is called"));
        }
    }
    Ok(())
}

/// The beginning of `text`, which stands behind a condition, up to the parenthesis that ends the `?:`.
fn branches(text: &str) -> &str {
    let mut depth = 0_i32;
    let end = text.find(|c| {
        depth += match c {
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        };
        depth < 0
    });
    &text[..end.unwrap_or(text.len())]
}
