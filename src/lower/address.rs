//! IP addresses, as Go prints them.

use super::Fragment;
use super::values::{arg, equals, text};
use super::writer::Writer;
use crate::bt::Expr as Bt;
use crate::plan::{Number, Value};

impl Writer<'_> {
    /// An IP address as Go prints it.
    pub(super) fn ip_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Number(n) => {
                let n = self.number(&Number {
                    signed: false,
                    ..n.clone()
                });
                vec![arg("%s", Bt::Call("ntop", vec![Bt::Int(2), n.cast("uint32")]))]
            }
            Value::Bytes { data, len: 4 } => {
                let data = self.unsigned(data);
                vec![arg(
                    "%s",
                    Bt::Call("ntop", vec![Bt::Int(2), Bt::Load("uint32", Box::new(data))]),
                )]
            }
            Value::Bytes { data, len: _ } => {
                let data = self.unsigned(data);
                let data = self.once("_bytes", data);
                vec![arg("%s", self.ip(&data, None, ""))]
            }
            Value::Slice { data, len, .. } => {
                let data = self.unsigned(data);
                let data = self.once("_bytes", data);
                let len = self.unsigned(len);
                let len = self.once("_len", len);
                let form = vec![arg("%s", self.ip(&data, Some(&len), ""))];
                let none = (equals(&len, 0), vec![text("<nil>")]);
                vec![Fragment::Choice {
                    arms: vec![none],
                    otherwise: form.clone(),
                    short: form,
                }]
            }
            _ => Vec::new(),
        }
    }

    /// The address at `data`: 4 bytes, or 16 of which an IPv4 address may be the last four (`net.IP.To4`).
    pub(super) fn ip(&mut self, data: &Bt, len: Option<&Bt>, name: &str) -> Bt {
        let word = |at: u64, ctype: &'static str| Bt::Load(ctype, Box::new(data.clone().plus(at)));
        let mapped = word(0, "uint64")
            .binary("==", Bt::Int(0))
            .binary("&&", word(8, "uint32").binary("==", Bt::Hex(0xffff_0000)));
        let sixteen = match len {
            Some(len) => equals(len, 16).binary("&&", Bt::Unary("!", Box::new(mapped))),
            None => Bt::Unary("!", Box::new(mapped)),
        };
        let v4 = match len {
            Some(len) => equals(len, 4).choose(word(0, "uint32"), word(12, "uint32")),
            None => word(12, "uint32"),
        };
        let v4 = self.assign(&format!("{name}_v4"), v4);
        let long = Bt::Call("ntop", vec![Bt::Int(10), word(0, "uint8[16]")]);
        let short = Bt::Call("ntop", vec![Bt::Int(2), v4]);
        sixteen.choose(long, short)
    }

    pub(super) fn is_mapped(&mut self, data: &Bt) -> Bt {
        let word = |at: u64, ctype: &'static str| Bt::Load(ctype, Box::new(data.clone().plus(at)));
        word(0, "uint64")
            .binary("==", Bt::Int(0))
            .binary("&&", word(8, "uint32").binary("==", Bt::Hex(0xffff_0000)))
    }
}
