//! Constants that are too long for a release of bpftrace.

use crate::bt::{Expr as Bt, Item, Stmt, visit};

/// Cuts text constants to `longest` bytes: their beginning, which in a function's or type's name says the least. Not
/// those that something is compared with, and not what a `printf` or `time` begins with, which may be of any length.
pub(super) fn cut(items: &mut [Item], longest: usize) {
    for item in items {
        let Item::Probe(probe) = item else { continue };
        visit::statements_mut(&mut probe.body, &mut |statement| match statement {
            Stmt::Call(Bt::Call(_, arguments)) => {
                let behind = arguments.iter_mut().skip(1);
                behind.for_each(|argument| shorten(argument, longest));
            }
            Stmt::If(..) => {}
            statement => statement.each_operand_mut(&mut |operand| shorten(operand, longest)),
        });
    }
}

fn shorten(value: &mut Bt, longest: usize) {
    match value {
        Bt::Str(text) if text.len() > longest => *text = end_of(text, longest),
        Bt::Map(..) | Bt::Tuple(_) | Bt::Ternary(..) => {
            value.each_operand_mut(&mut |operand| shorten(operand, longest));
        }
        _ => {}
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
    use super::end_of;

    #[test]
    fn the_end_is_kept_whole() {
        assert_eq!(end_of("github.com/a/b.(*T).Get", 12), "….(*T).Get");
        assert_eq!(end_of("aéb", 5), "…b"); // half of é would not be text
    }
}
