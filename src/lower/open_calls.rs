//! Calls under way: where it is kept when each began, and what is said when there are more than can be kept.

use super::MAP_KEYS;
use super::writer::Writer;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::state::{ENTERED, Holds, Key};
use crate::plan::{CALLS_NOT_TIMED, EventKind, Plan, Probe, State, Step};

/// Declarations of the maps of open calls, for releases that have them: maps that drop their oldest entries, since
/// calls that were unwound leave theirs behind.
///
/// What is kept besides the time has room for twice as many, so that it is not dropped before the time is.
pub(super) fn declarations(plan: &Plan, dialect: Dialect) -> Vec<(String, String)> {
    if !drops_oldest(plan, dialect) {
        return Vec::new();
    }
    let of_calls = plan.state.iter().filter(|state| state.keyed_by == Key::Call);
    let mut of_calls: Vec<_> = of_calls.collect();
    of_calls.sort_by_key(|state| state.holds.is_value());
    let map = |state: &State| {
        let size = match state.holds {
            Holds::Beginning => MAP_KEYS,
            _ => 2 * MAP_KEYS,
        };
        (state.name.clone(), format!("lruhash({size})"))
    };
    of_calls.into_iter().map(map).collect()
}

/// The oldest calls are dropped when there are too many, and their returns are counted. Where a condition decides which
/// calls are kept, a return without a beginning says nothing: there new calls are not kept, and counted when they
/// begin.
fn drops_oldest(plan: &Plan, dialect: Dialect) -> bool {
    // A function of which every call is kept says so without a condition.
    let keeps_some = |probe: &&Probe| {
        probe.event.kind() == EventKind::Entry
            && plan.function_of(probe).is_some_and(|function| function.paired)
            && !probe.steps.contains(&Step::Enter)
    };
    dialect.declares_maps() && plan.probes.iter().find(keeps_some).is_none()
}

fn count(why: &str) -> Vec<Stmt> {
    let call = Bt::Call("count", Vec::new());
    vec![Stmt::Store(
        CALLS_NOT_TIMED.into(),
        vec![Bt::Str(why.into())],
        call,
    )]
}

impl Writer<'_> {
    /// A call begins: its time, and what else is kept of it.
    pub(super) fn enter(&mut self, keeps: &[Step]) {
        let keys = self.call_keys();
        self.push(Stmt::Store(ENTERED.into(), keys.clone(), Bt::Builtin("nsecs")));
        if drops_oldest(self.plan, self.dialect) {
            self.steps(keeps);
            return;
        }
        // A full map takes nothing new; what goes with the time is then of no use, and would stay for ever.
        let time = Bt::Map(ENTERED.into(), keys);
        let missed = count(&format!("more than {MAP_KEYS} were open at once"));
        let kept = self.nested(|w| w.steps(keeps));
        self.push(if kept.is_empty() {
            Stmt::If(time.binary("==", Bt::Int(0)), missed, Vec::new())
        } else {
            Stmt::If(time.binary("!=", Bt::Int(0)), kept, missed)
        });
    }

    /// Takes what was kept of this call, besides its time, out of its maps.
    pub(super) fn forget_kept(&mut self) -> Vec<Stmt> {
        let keys = self.call_keys();
        let plan = self.plan;
        let kept = self.function.kept_in().into_iter();
        kept.filter_map(|id| plan.state.get(id.0))
            .map(|kept| Stmt::Delete(kept.name.clone(), keys.clone()))
            .collect()
    }

    /// What is done for a return whose call was not seen to begin, or forgotten.
    pub(super) fn without_entry(&mut self) -> Vec<Stmt> {
        if drops_oldest(self.plan, self.dialect) {
            let mut steps = self.forget_kept();
            steps.extend(count(&format!(
                "begun before the trace or over {MAP_KEYS} open at once"
            )));
            steps
        } else {
            Vec::new()
        }
    }
}
