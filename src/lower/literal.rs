//! Constants that are too long for a release of bpftrace.

use crate::bt::{Expr as Bt, Item, Stmt, visit};
use std::collections::{BTreeMap, BTreeSet};

/// Cuts text constants to `longest` bytes: their beginning, which in a function's or type's name says the least. Not
/// those that something is compared with, and not what a `printf` or `time` begins with, which may be of any length.
pub(super) fn cut(items: &mut [Item], longest: usize) {
    let mut cuts = Cuts {
        longest,
        cuts: BTreeMap::new(),
        taken: BTreeSet::new(),
    };
    for item in items {
        let Item::Probe(probe) = item else { continue };
        visit::statements_mut(&mut probe.body, &mut |statement| {
            match statement {
                Stmt::Call(Bt::Call(_, arguments)) => {
                    let behind = arguments.iter_mut().skip(1);
                    behind.for_each(|argument| cuts.shorten(argument));
                }
                Stmt::If(..) => {}
                _ => statement.each_operand_mut(&mut |operand| cuts.shorten(operand)),
            }
            // A key is the same wherever it is.
            statement.each_operand_mut(&mut |operand| {
                visit::in_expression_mut(operand, &mut |e| {
                    if let Bt::Map(..) = e {
                        cuts.shorten(e);
                    }
                });
            });
        });
    }
}

/// The constants that were cut.
struct Cuts {
    longest: usize,
    cuts: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Cuts {
    fn shorten(&mut self, value: &mut Bt) {
        match value {
            Bt::Str(text) if text.len() > self.longest => *text = self.of(text),
            Bt::Map(..) | Bt::Tuple(_) | Bt::Ternary(..) => {
                value.each_operand_mut(&mut |operand| self.shorten(operand));
            }
            _ => {}
        }
    }

    /// What stands for `text`, and for no other.
    fn of(&mut self, text: &str) -> String {
        if let Some(known) = self.cuts.get(text) {
            return known.clone();
        }
        let mut cut = end_of(text, self.longest);
        let mut number = 1;
        while !self.taken.insert(cut.clone()) {
            number += 1;
            let mark = number.to_string();
            cut = mark.clone() + &end_of(text, self.longest.saturating_sub(mark.len()));
        }
        self.cuts.insert(text.to_owned(), cut.clone());
        cut
    }
}

/// `…` and as much of the end as fits.
fn end_of(text: &str, longest: usize) -> String {
    let room = longest.saturating_sub("…".len());
    let from = text.len().saturating_sub(room);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    format!("…{}", from.and_then(|at| text.get(at..)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{cut, end_of};
    use crate::bt::attach::AttachPoint;
    use crate::bt::{Expr as Bt, Item, Probe, Stmt};

    #[test]
    fn keys_are_cut_wherever_they_are_and_told_apart() {
        let map = |key: &str| Bt::Map("m".into(), vec![Bt::Str(key.into())]);
        let [one, two] = [
            "github.com/one/package.Function",
            "github.com/two/package.Function",
        ];
        let body = [one, two, one].map(|name| {
            let more = map(name).binary("+", Bt::Int(1));
            let store = Stmt::Store("m".into(), vec![Bt::Str(name.into())], more);
            Stmt::If(map(name).binary("<", Bt::Int(3)), vec![store], Vec::new())
        });
        let mut items = [Item::Probe(Probe::at(AttachPoint::Begin, "", body.to_vec()))];
        cut(&mut items, 20);
        let Item::Probe(probe) = &items[0] else { panic!() };
        let cuts = ["…/package.Function", "2…package.Function", "…/package.Function"];
        for (statement, cut) in probe.body.iter().zip(cuts) {
            let said = format!("{statement:?}");
            assert_eq!(said.matches(&format!("{cut:?}")).count(), 3, "{said}");
        }
    }

    #[test]
    fn the_end_is_kept_whole() {
        assert_eq!(end_of("github.com/a/b.(*T).Get", 12), "….(*T).Get");
        assert_eq!(end_of("aéb", 5), "…b"); // half of é would not be text
    }
}
