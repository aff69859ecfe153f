//! Floating point numbers, of which a probe sees the bits only: BPF computes with whole numbers.

use super::writer::Writer;
use crate::bt::Expr as Bt;
use crate::plan::Number;

/// The parts of a floating point number (IEEE 754): bits of the fraction, largest exponent, what exponents have added
/// to them.
struct Layout {
    fraction: i128,
    exponents: u64,
    bias: i128,
}

const FLOAT32: Layout = Layout {
    fraction: 23,
    exponents: 0xff,
    bias: 127,
};

const FLOAT64: Layout = Layout {
    fraction: 52,
    exponents: 0x7ff,
    bias: 1023,
};

impl Writer<'_> {
    /// A float of `size` bytes without what is behind the point: `int64(x)` in Go on amd64, where what is too large, or
    /// no number, becomes the smallest number (`CVTTSD2SQ`).
    pub(super) fn truncated(&mut self, n: &Number, size: u64) -> Bt {
        let layout = if size == 4 { FLOAT32 } else { FLOAT64 };
        let number = |n: i128| Bt::Int(n).cast("int64");
        let bits = self.unsigned(&n.expr);
        let bits = self.once("_bits", bits);
        let exponent = bits
            .clone()
            .binary(">>", Bt::Int(layout.fraction))
            .binary("&", Bt::Hex(layout.exponents));
        let exponent = self.assign("_exponent", exponent.cast("int64"));
        // The first bit of the fraction's number is not written down, since it is always one.
        let one = 1_u64 << layout.fraction;
        let mantissa = bits
            .clone()
            .binary("&", Bt::Hex(one - 1))
            .binary("|", Bt::Hex(one));
        let mantissa = self.assign("_mantissa", mantissa.cast("int64"));
        let point = layout.bias + layout.fraction;
        let below = |limit: i128| exponent.clone().binary("<", Bt::Int(limit));
        let size_of = self.value_if(
            "_magnitude",
            number(1).binary("<<", Bt::Int(63)),
            vec![
                (below(layout.bias), number(0)),
                (
                    below(point),
                    mantissa
                        .clone()
                        .binary(">>", number(point).binary("-", exponent.clone())),
                ),
                (
                    below(layout.bias + 63),
                    mantissa.binary("<<", exponent.clone().binary("-", number(point))),
                ),
            ],
        );
        let sign = i128::from(size) * 8 - 1;
        let negative = bits.binary(">>", Bt::Int(sign)).binary("==", Bt::Int(1));
        let opposite = Bt::Unary("-", Box::new(size_of.clone()));
        self.value_if("_whole", size_of, vec![(negative, opposite)])
    }
}
