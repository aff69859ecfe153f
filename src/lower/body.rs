//! Completes the body of a probe: the statements before the written ones, and the pairing with the entry in a return
//! probe.

use super::unused;
use super::whole::HOLES;
use super::writer::Writer;
use crate::bt::{Expr, Stmt};
use crate::plan::GoroutineSource;
use crate::plan::state::ENTERED;

/// `$base`: the load address of the program minus its link-time address.
pub(super) const BASE: &str = "base";

/// A probe's statements, whatever it is attached to.
pub(super) struct Body {
    statements: Vec<Stmt>,
    needs_base: bool,
}

impl Body {
    /// What is needed of these statements, some of which `may_need_base`.
    fn of(mut statements: Vec<Stmt>, may_need_base: bool) -> Self {
        if may_need_base {
            statements.insert(0, base(0));
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

    /// True if it depends on its attach point's address, from which it computes where the program is loaded.
    pub(super) fn needs_base(&self) -> bool {
        self.needs_base
    }

    /// Its statements for the site at this link-time address.
    pub(super) fn at(&self, site: u64) -> Vec<Stmt> {
        let base = self.needs_base.then(|| base(site));
        base.into_iter().chain(self.statements.iter().cloned()).collect()
    }
}

/// Assigns `$base` in a probe at this address.
fn base(site: u64) -> Stmt {
    let distance = Expr::Reg("ip").cast("int64").binary("-", Expr::Hex(site));
    let why = "where the program is loaded";
    Stmt::Assign(BASE.into(), distance.cast("uint64"), why.into())
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
