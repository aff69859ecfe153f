//! Pieces of a printf, and how pieces with alternatives become `if`s around several printfs.

use crate::bt::{Expr, Stmt};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fragment {
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

/// More pieces than this are not written in all of a line's alternatives together: a jump goes over 32,767
/// instructions, and each piece is about 34 of them (seen with 0.23 and 0.27: 1,192 pieces were loaded, and 1,701 were
/// "Branch target out of insn range").
const MOST_PIECES: usize = 900;

/// The statements that print a line made of `fragments`, in a probe that computes as much as `besides` pieces take.
pub(super) fn print(mut fragments: Vec<Fragment>, besides: usize) -> Vec<Stmt> {
    let room = MOST_PIECES.saturating_sub(besides);
    let most = (room / pieces(&fragments).max(1)).clamp(1, MOST_LINES);
    shorten(&mut fragments, &mut 1, most);
    expand(&fragments)
}

fn shorten(fragments: &mut Vec<Fragment>, lines: &mut usize, most: usize) {
    let mut out = Vec::with_capacity(fragments.len());
    for mut fragment in std::mem::take(fragments) {
        let forms = forms(&fragment);
        if *lines * forms > most
            && let Fragment::Choice { short, .. } = fragment
        {
            out.extend(short);
            continue;
        }
        *lines *= forms;
        if let Fragment::Choice { arms, otherwise, .. } = &mut fragment {
            let mut inner = 1;
            for (_, arm) in arms.iter_mut() {
                shorten(arm, &mut inner, most);
            }
            shorten(otherwise, &mut inner, most);
        }
        out.push(fragment);
    }
    *fragments = out;
}

/// How many values the longest alternative shows.
fn pieces(fragments: &[Fragment]) -> usize {
    let each = fragments.iter().map(|fragment| match fragment {
        Fragment::Text(_) => 0,
        Fragment::Arg(..) => 1,
        Fragment::Choice { arms, otherwise, .. } => {
            let forms = arms.iter().map(|(_, form)| form).chain([otherwise]);
            forms.map(|form| pieces(form)).max().unwrap_or(0)
        }
    });
    each.sum()
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
    let mut line = Line::default();
    for fragment in fragments {
        match fragment {
            Fragment::Text(text) | Fragment::Arg(_, Expr::Str(text)) => line.literal.push_str(text),
            Fragment::Arg(directive, value) => {
                line.end_literal();
                line.format.push_str(directive);
                line.arguments.push(value.clone());
            }
            Fragment::Choice { .. } => {}
        }
    }
    line.end_literal();
    line.format.push('\n');
    line.arguments.insert(0, Expr::Str(line.format));
    Stmt::Call(Expr::Call("printf", line.arguments))
}

/// A printf in the making.
#[derive(Default)]
struct Line {
    format: String,
    arguments: Vec<Expr>,
    /// Characters that stand for themselves and are not in the format yet.
    literal: String,
}

impl Line {
    /// Takes over what stands for itself.
    ///
    /// `%%` is a percent sign to 0.27 only: 0.17 and 0.23 print both signs unless a directive follows them, and take
    /// `%%d` for one that wants an argument. So percent signs are arguments.
    fn end_literal(&mut self) {
        for (number, part) in std::mem::take(&mut self.literal).split('%').enumerate() {
            if number > 0 {
                self.format.push_str("%c");
                self.arguments.push(Expr::Int(i128::from(b'%')));
            }
            self.format.push_str(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fragment, print};
    use crate::bt::print::expr;
    use crate::bt::{Expr, Stmt};

    fn printed(fragments: Vec<Fragment>) -> String {
        match print(fragments, 0).as_slice() {
            [Stmt::Call(call)] => expr(call),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn percent_signs_are_no_directives() {
        let text = |text: &str| Fragment::Text(text.to_owned());
        let number = || Fragment::Arg("%d", Expr::Int(5));
        assert_eq!(
            printed(vec![text("100%"), number(), text("% %")]),
            r#"printf("100%c%d%c %c\n", 37, 5, 37, 37)"#
        );
        assert_eq!(
            printed(vec![text("%d%-5s%"), text("x"), number()]),
            r#"printf("%cd%c-5s%cx%d\n", 37, 37, 37, 5)"#
        );
        assert_eq!(
            printed(vec![text("5%%d %"), text("%")]),
            r#"printf("5%c%cd %c%c\n", 37, 37, 37, 37)"#
        );
    }

    #[test]
    fn long_lines_have_fewer_forms() {
        fn printfs(list: &[Stmt]) -> usize {
            let each = list.iter().map(|statement| match statement {
                Stmt::If(_, a, b) => printfs(a) + printfs(b),
                _ => 1,
            });
            each.sum()
        }
        let line = |numbers: usize| {
            let choice = Fragment::Choice {
                arms: vec![(Expr::Int(0), vec![Fragment::Text("nil".to_owned())])],
                otherwise: vec![Fragment::Arg("%d", Expr::Int(5))],
                short: vec![Fragment::Arg("%d", Expr::Int(5))],
            };
            let mut line = vec![choice; 6];
            line.extend(vec![Fragment::Arg("%d", Expr::Int(5)); numbers]);
            printfs(&print(line, 0))
        };
        assert_eq!([line(0), line(60), line(200), line(2000)], [16, 8, 4, 1]);
    }
}
