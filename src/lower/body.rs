//! Completes the body of a probe: the statements before the written ones, and the pairing with the entry in a return
//! probe.

use super::unused;
use super::whole::HOLES;
use super::writer::Writer;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr, Stmt};
use crate::plan::state::ENTERED;
use crate::plan::{GoroutineSource, Plan};
use crate::target::PAGE;

/// `$base`: the load address of the program minus its link-time address.
pub(super) const BASE: &str = "base";

/// So many probes find out by themselves where the program is loaded. More would take longer to attach than it takes to
/// read the types of the kernel and of the program, which bpftrace does when a script names one of the kernel's.
const FEW: usize = 4;

/// A probe's statements, whatever it is attached to.
pub(super) struct Body {
    statements: Vec<Stmt>,
    needs_base: bool,
}

/// How a probe finds out where the program is loaded.
#[derive(Clone, Copy)]
pub(super) enum Base {
    /// By its own address: each site has a probe of its own.
    OfSite,
    /// By where the kernel began the process: the word of its auxiliary vector, and what the linker meant it to be.
    OfProcess {
        /// Which word.
        word: u32,
        /// The link-time address.
        entry: u64,
    },
}

impl Base {
    /// The way for this script.
    pub(super) fn of(plan: &Plan, dialect: Dialect) -> Self {
        let mut sites = plan.probes.iter().flat_map(|probe| &probe.sites);
        match (dialect.entry_word, plan.identity.begins_at) {
            (Some(word), Some(entry)) if sites.nth(FEW).is_some() => Self::OfProcess { word, entry },
            _ => Self::OfSite,
        }
    }

    /// Assigns `$base` in a probe at this address.
    fn assigned(self, site: u64) -> Stmt {
        let distance = |from: Expr, to| from.cast("int64").binary("-", Expr::Hex(to)).cast("uint64");
        let base = match self {
            Self::OfSite => distance(Expr::Reg("ip"), site),
            // A multiple of a page also where somebody asked the loader for the program (`ld.so PROGRAM`), and the
            // process began there: what reads this then knows the site by its place in a page.
            Self::OfProcess { word, entry } => {
                let begun = Expr::Raw(format!("curtask->mm->saved_auxv[{word}]"));
                // An address of the program, though the kernel has it: 0.23 would read the kernel's memory there.
                let begun = Expr::Call("uptr", vec![begun]);
                distance(begun, entry).binary("&", Expr::Hex(!(PAGE - 1)))
            }
        };
        Stmt::Assign(BASE.into(), base, "where the program is loaded".into())
    }
}

impl Body {
    /// What is needed of these statements, some of which `may_need_base`.
    fn of(mut statements: Vec<Stmt>, may_need_base: bool) -> Self {
        if may_need_base {
            statements.insert(0, Base::OfSite.assigned(0));
        }
        unused::remove(&mut statements);
        let needs_base = matches!(statements.first(), Some(Stmt::Assign(name, ..)) if name == BASE);
        if needs_base {
            statements.remove(0);
        }
        Self {
            statements,
            needs_base,
        }
    }

    /// True if it depends on its attach point's address.
    pub(super) fn is_of_one_site(&self, base: Base) -> bool {
        self.needs_base && matches!(base, Base::OfSite)
    }

    /// Its statements for the site at this link-time address.
    pub(super) fn at(&self, site: u64, base: Base) -> Vec<Stmt> {
        let base = self.needs_base.then(|| base.assigned(site));
        base.into_iter().chain(self.statements.iter().cloned()).collect()
    }
}

impl Writer<'_> {
    /// The whole body of an entry probe.
    pub(super) fn finish_entry(mut self) -> Body {
        let mut out = self.preamble();
        out.append(&mut self.top);
        out.append(&mut self.body);
        Body::of(out, self.needs.base)
    }

    /// The whole body of a return probe: the written statements run only for calls whose entry was seen, and then the
    /// call is deleted from the maps.
    pub(super) fn finish_return(mut self) -> Body {
        if !self.function.paired {
            return self.finish_entry();
        }
        let keys = self.call_keys();
        let mut inside = Vec::new();
        if self.needs.elapsed {
            // Signed, because subtraction is (0.26), and unsigned again, because division should be.
            let difference = Expr::Builtin("nsecs")
                .cast("int64")
                .binary("-", Expr::Var("entered".into()).cast("int64"));
            inside.push(Stmt::Assign(
                "elapsed".into(),
                difference.cast("uint64"),
                String::new(),
            ));
        }
        self.read_kept_once(&mut inside);
        inside.append(&mut self.top);
        inside.append(&mut self.body);
        // The start time is deleted last, so that every call with a start time has its other values too.
        inside.extend(self.forget_kept());
        inside.push(Stmt::Delete(ENTERED.into(), keys.clone()));
        let mut out = self.preamble();
        out.push(Stmt::Assign(
            "entered".into(),
            Expr::Map(ENTERED.into(), keys),
            String::new(),
        ));
        out.push(Stmt::If(
            Expr::Var("entered".into()).binary("!=", Expr::Int(0)),
            inside,
            self.without_entry(),
        ));
        Body::of(out, self.needs.base)
    }

    /// `$g`, `$frame`, `$holes`, as far as they are needed.
    fn preamble(&mut self) -> Vec<Stmt> {
        let mut out = Vec::new();
        let pointer = match self.function.goroutine {
            GoroutineSource::Register => Expr::Reg(self.registers().goroutine.name()),
            GoroutineSource::ThreadLocal(place) if self.needs.g => self.thread_local(place),
            GoroutineSource::ThreadLocal(_) | GoroutineSource::Unknown => Expr::Int(0),
        };
        let needs = self.needs;
        if needs.g {
            let g = self.pointer_to("runtime.g", "g", pointer);
            out.push(Stmt::Assign("g".into(), g, String::new()));
        }
        if needs.frame {
            let hi = self.stack_hi();
            let stack = Expr::Reg(self.registers().stack.name());
            let frame = hi.binary("-", stack.cast("int64"));
            out.push(Stmt::Assign(
                "frame".into(),
                frame,
                "survives moves of the stack".into(),
            ));
        }
        if needs.holes {
            let none = Expr::Int(0).cast("uint64");
            out.push(Stmt::Assign(
                HOLES.into(),
                none,
                "texts that are not read whole".into(),
            ));
        }
        out
    }
}
