//! One character: a rune in UTF-8.

use crate::bt::Expr;
use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => {
            let rune = w.number(&crate::plan::Number {
                signed: false,
                ..n.clone()
            });
            let rune = w.variable("_rune", rune);
            let byte = |shift: i128, keep: u64, mark: u64| {
                let bits = if shift == 0 {
                    rune.clone()
                } else {
                    rune.clone().binary(">>", Expr::Int(shift))
                };
                let bits = bits.binary("&", Expr::Hex(keep));
                Fragment::Arg("%c", bits.binary("|", Expr::Hex(mark)).cast("uint8"))
            };
            let below = |limit: u64| rune.clone().binary("<", Expr::Hex(limit));
            let one = vec![Fragment::Arg("%c", rune.clone().cast("uint8"))];
            let code = vec![Fragment::Text("U+".into()), Fragment::Arg("%04llx", rune.clone())];
            let two = vec![byte(6, 0x1f, 0xc0), byte(0, 0x3f, 0x80)];
            let three = vec![byte(12, 0x0f, 0xe0), byte(6, 0x3f, 0x80), byte(0, 0x3f, 0x80)];
            let four = vec![
                byte(18, 0x07, 0xf0),
                byte(12, 0x3f, 0x80),
                byte(6, 0x3f, 0x80),
                byte(0, 0x3f, 0x80),
            ];
            let arms = vec![
                (below(0x80), one.clone()),
                (below(0x800), two),
                (below(0x1_0000), three),
            ];
            vec![Fragment::Choice {
                arms,
                otherwise: four,
                short: code,
            }]
        }
        _ => Vec::new(),
    }
}
