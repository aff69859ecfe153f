//! Where things are while the program runs: link-time addresses, the goroutine, words of threads.

use super::body::BASE;
use super::writer::Writer;
use crate::arch::Registers;
use crate::bt::Expr;
use crate::target::ThreadLocal;

impl Writer<'_> {
    /// `$g`, the goroutine.
    pub(super) fn g(&mut self) -> Expr {
        self.needs.g = true;
        Expr::Var("g".into())
    }

    /// A link-time address where the program is loaded, or what another file has in its stead.
    pub(super) fn address(&mut self, address: u64) -> Expr {
        match self.plan.bound.get(&address) {
            Some(word) => Expr::Load("uint64", Box::new(self.in_file(*word))),
            None => self.in_file(address),
        }
    }

    /// A link-time address in this very file.
    fn in_file(&mut self, address: u64) -> Expr {
        if self.plan.identity.position_independent {
            self.needs.base = true;
            Expr::Var(BASE.into()).binary("+", Expr::Hex(address))
        } else {
            Expr::Hex(address)
        }
    }

    /// How far the program was moved when it was loaded.
    pub(super) fn base(&mut self) -> Expr {
        self.needs.base = true;
        Expr::Var(BASE.into())
    }

    /// An address in the running program, as the linker meant it.
    pub(super) fn link_time(&mut self, address: Expr) -> Expr {
        if self.plan.identity.position_independent {
            self.needs.base = true;
            let base = Expr::Var(BASE.into()).cast("int64");
            address.cast("int64").binary("-", base).cast("uint64")
        } else {
            address
        }
    }

    /// A field of `runtime.g`.
    pub(super) fn g_field(&mut self, field: &str, offset: u64, ctype: &str) -> Expr {
        let of = self.structs.of("runtime.g", "g", u64::MAX);
        let name = self.structs.field(of, field, offset, 8, ctype);
        Expr::Member(Box::new(self.g()), vec![name])
    }

    /// The processor's registers that have a meaning of their own.
    pub(super) fn registers(&self) -> &'static Registers {
        self.plan.identity.processor.registers()
    }

    /// The word of the thread's own at this place.
    pub(super) fn thread_local(&mut self, place: ThreadLocal) -> Expr {
        // Said to be an address of the program before anything is added: 0.23 and 0.27 warn of address spaces
        // otherwise.
        let base = Expr::Call(
            "uptr",
            vec![Expr::Raw(self.plan.identity.processor.thread_pointer().into())],
        )
        .cast("int64");
        let slot = match place {
            ThreadLocal::Offset(offset) => {
                let distance = Expr::Int(offset.unsigned_abs().into());
                base.binary(if offset < 0 { "-" } else { "+" }, distance)
            }
            ThreadLocal::Word(word) => {
                let word = self.in_file(word);
                base.binary("+", Expr::Load("int64", Box::new(word)))
            }
        };
        Expr::Load("uint64", Box::new(slot))
    }
}
