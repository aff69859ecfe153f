//! Pieces of a printf, and how pieces with alternatives become `if`s around several printfs.

use crate::bt::{Expr, Stmt, text};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// Characters.
    Text(String),
    /// A printf directive and its argument.
    Arg(&'static str, Expr),
    /// One of several forms: the first whose condition holds, or else the last.
    Choice {
        /// Condition and form.
        arms: Vec<(Expr, Vec<Fragment>)>,
        /// When none holds.
        otherwise: Vec<Fragment>,
        /// What stands for all of them when a line has too many alternatives.
        short: Vec<Fragment>,
    },
}

/// More alternatives than this are not written out: the last ones are shown in short.
const MOST_LINES: usize = 24;

/// The statements that print a line made of `fragments`.
pub(super) fn print(mut fragments: Vec<Fragment>) -> Vec<Stmt> {
    let mut lines = 1;
    shorten(&mut fragments, &mut lines);
    expand(&fragments)
}

fn shorten(fragments: &mut Vec<Fragment>, lines: &mut usize) {
    let mut out = Vec::with_capacity(fragments.len());
    for mut fragment in std::mem::take(fragments) {
        let forms = forms(&fragment);
        if *lines * forms > MOST_LINES
            && let Fragment::Choice { short, .. } = fragment
        {
            out.extend(short);
            continue;
        }
        *lines *= forms;
        if let Fragment::Choice { arms, otherwise, .. } = &mut fragment {
            let mut inner = 1;
            for (_, arm) in arms.iter_mut() {
                shorten(arm, &mut inner);
            }
            shorten(otherwise, &mut inner);
        }
        out.push(fragment);
    }
    *fragments = out;
}

/// How many lines a fragment alone would make.
fn forms(fragment: &Fragment) -> usize {
    let of = |list: &Vec<Fragment>| list.iter().map(forms).fold(1usize, usize::saturating_mul);
    match fragment {
        Fragment::Choice { arms, otherwise, .. } => arms
            .iter()
            .map(|(_, arm)| of(arm))
            .fold(of(otherwise), usize::saturating_add),
        _ => 1,
    }
}

fn expand(fragments: &[Fragment]) -> Vec<Stmt> {
    let split = fragments
        .iter()
        .position(|f| matches!(f, Fragment::Choice { .. }));
    let Some(at) = split else {
        return vec![printf(fragments)];
    };
    let (before, rest) = fragments.split_at(at);
    let Some((Fragment::Choice { arms, otherwise, .. }, after)) = rest.split_first() else {
        return Vec::new();
    };
    let with = |form: &[Fragment]| {
        let mut line = before.to_vec();
        line.extend_from_slice(form);
        line.extend_from_slice(after);
        expand(&line)
    };
    let mut chain = with(otherwise);
    for (condition, form) in arms.iter().rev() {
        chain = vec![Stmt::If(condition.clone(), with(form), chain)];
    }
    chain
}

fn printf(fragments: &[Fragment]) -> Stmt {
    let mut format = String::new();
    let mut args = Vec::new();
    for fragment in fragments {
        match fragment {
            Fragment::Text(t) => format.push_str(&text::format(t)),
            Fragment::Arg(_, Expr::Str(s)) => format.push_str(&text::format(s)),
            Fragment::Arg(directive, value) => {
                format.push_str(directive);
                args.push(value.clone());
            }
            Fragment::Choice { .. } => {}
        }
    }
    format.push('\n');
    args.insert(0, Expr::Str(format));
    Stmt::Call(Expr::Call("printf", args))
}
