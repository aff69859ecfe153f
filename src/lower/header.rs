//! What a script says about itself, and how a path is written in an attach point.

use crate::bt::dialect::Dialect;
use crate::plan::Plan;

/// The comment a script begins with.
pub(super) fn header(plan: &Plan, dialect: Dialect, texts: bool) -> Vec<String> {
    let id = &plan.identity;
    let mut about = vec![format!("Go {}", id.go_version.trim_start_matches("go"))];
    about.extend(id.build_id.as_ref().map(|b| format!("build id {b}")));
    about.push(if id.position_independent {
        "position-independent".into()
    } else {
        "fixed addresses".to_string()
    });
    let mut lines = vec![
        format!("{} for {}", plan.recipe, id.path),
        format!("({}),", about.join(", ")),
        format!(
            "made by gobt {} for bpftrace {}.",
            env!("CARGO_PKG_VERSION"),
            dialect.range()
        ),
        String::new(),
    ];
    if let Some(pid) = plan.pid {
        lines.push(format!("Only process {pid} is traced."));
    }
    let unsafe_flag = if id.has_symbols { "" } else { "--unsafe " };
    let environment = if texts && !dialect.has_config() {
        "BPFTRACE_STRLEN=200 "
    } else {
        ""
    };
    lines.push(format!(
        "Run as root:  {environment}bpftrace {unsafe_flag}{}",
        script_name(&plan.recipe)
    ));
    if !id.has_symbols {
        lines.push(
            "The program has no symbol table: the numbers below are places in its file, which is why".into(),
        );
        lines.push("bpftrace asks for --unsafe. gobt has decoded the instruction at each of them.".into());
    }
    if dialect.may_lack_offsets() {
        lines.push(
            "Debian's bpftrace 0.17 is built without libbfd and refuses probes inside functions.".into(),
        );
    }
    lines.push(String::new());
    lines.extend(plan.summary.iter().map(|l| format!("    {l}")));
    if !plan.results.is_empty() {
        lines.push(String::new());
        lines.extend(plan.results.iter().map(|r| format!("@{}: {}", r.name, r.about)));
    }
    lines
}

/// `dial.bt` for `recipes/dial.gobt`.
fn script_name(recipe: &str) -> String {
    let file = recipe.rsplit('/').next().unwrap_or(recipe);
    format!("{}.bt", file.strip_suffix(".gobt").unwrap_or(file))
}

/// A path as an attach point takes it: in quotes when it holds something that would end it. Paths that no quoting helps
/// (wildcards, quotes, control characters) were refused before.
pub(super) fn command_path(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~=".contains(c);
    if path.chars().all(plain) {
        path.to_string()
    } else {
        format!("\"{path}\"")
    }
}
