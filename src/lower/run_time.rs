//! Where things are while the program runs: link-time addresses, the goroutine, words of threads.

use super::body::BASE;
use super::writer::Writer;
use crate::arch::Registers;
use crate::bt::Expr;
use crate::target::ThreadLocal;

/// How a word is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word {
    Signed,
    Unsigned,
}

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
    pub(super) fn g_field(&mut self, field: &str, offset: u64, word: Word) -> Expr {
        let g = self.g();
        self.word_of(g, "runtime.g", "g", field, offset, word)
    }

    /// A word of what a pointer to one of the run time's structs points to.
    pub(super) fn word_of(
        &mut self,
        pointer: Expr,
        of: &str,
        preferred: &str,
        field: &str,
        offset: u64,
        word: Word,
    ) -> Expr {
        if self.structs.are_avoided() {
            let name = match word {
                Word::Signed => "int64",
                Word::Unsigned => "uint64",
            };
            return Expr::Load(name, Box::new(pointer.plus(offset)));
        }
        let of = self.structs.of(of, preferred, u64::MAX);
        let ctype = match word {
            Word::Signed => "long",
            Word::Unsigned => "unsigned long",
        };
        let name = self.structs.field(of, field, offset, 8, ctype);
        Expr::Member(Box::new(pointer), vec![name])
    }

    /// An address as a pointer to one of the run time's structs.
    pub(super) fn pointer_to(&mut self, of: &str, preferred: &str, address: Expr) -> Expr {
        if self.structs.are_avoided() {
            return address.cast("uint64");
        }
        let of = self.structs.of(of, preferred, u64::MAX);
        address.cast(format!("struct {} *", self.structs.name(of)))
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
