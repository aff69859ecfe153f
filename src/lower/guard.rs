//! Conditions on the stack check's jump, which decide at which executions of a site's instruction the statements run.

use crate::bt::{Expr as Bt, Stmt};
use crate::plan::state::RESTARTS;
use crate::plan::{self, Plan};
use crate::target::Guard;

/// What is done at a site, and when: whether the jump to `runtime.morestack` is taken may decide it.
pub(super) fn guarded(
    plan: &Plan,
    probe: &plan::Probe,
    body: Vec<Stmt>,
    site: u64,
) -> (Vec<Stmt>, &'static str) {
    let check = plan.identity.processor.flags();
    let flags = |is: &'static str| {
        let bits = Bt::Reg(check.register).binary("&", Bt::Hex(check.mask));
        bits.binary(is, Bt::Int(check.not_taken.into()))
    };
    let about_flags = || {
        let (mask, names) = (check.mask, check.names);
        Stmt::Comment(format!(
            "{mask:#x} is {names}, which tell whether the stack check's jump is taken"
        ))
    };
    match probe.guard {
        Guard::None if probe.checked => (body, " (after the stack check)"),
        Guard::None => (body, ""),
        Guard::CheckJumpNotTaken => (
            vec![about_flags(), Stmt::If(flags("=="), body, Vec::new())],
            " (of the stack check, when not taken)",
        ),
        Guard::FirstArrival => (
            std::iter::once(about_flags())
                .chain(first_arrival(plan, body, flags("!="), site))
                .collect(),
            " (of the stack check, before the stack grows)",
        ),
    }
}

/// The body for arrivals at the check's jump that are not the call's second, after the jump was `taken`.
fn first_arrival(plan: &Plan, body: Vec<Stmt>, taken: Bt, site: u64) -> Vec<Stmt> {
    let goroutine = plan.identity.processor.registers().goroutine;
    let keys = || vec![Bt::Builtin("pid"), Bt::Reg(goroutine.name())];
    let restarts = || Bt::Var(RESTARTS.into());
    vec![
        Stmt::Assign(
            RESTARTS.into(),
            Bt::Map(RESTARTS.into(), keys()),
            "the stack grew, and this call begins again".into(),
        ),
        Stmt::If(
            taken,
            vec![Stmt::Store(RESTARTS.into(), keys(), Bt::Hex(site))],
            vec![Stmt::If(
                restarts().binary("!=", Bt::Int(0)),
                vec![Stmt::Delete(RESTARTS.into(), keys())],
                Vec::new(),
            )],
        ),
        Stmt::If(restarts().binary("!=", Bt::Hex(site)), body, Vec::new()),
    ]
}
