//! Where probes find the goroutine.

use crate::plan::{GoroutineSource, Plan};

/// Lets all functions whose returns are traced find the goroutine in the same place, if some can find it only in the
/// thread's memory: assembly does not keep it in its register.
///
/// Functions that are traced in the same way then share their probes. Each probe more makes bpftrace read all symbols
/// of the program twice, a fifth of a second in a large one. The word of the thread costs less than a hundredth of what
/// a traced return does.
pub(super) fn shared(plan: &Plan) -> Option<Plan> {
    let of_thread = |source: &GoroutineSource| matches!(source, GoroutineSource::ThreadLocal(_));
    let mut paired = plan.functions.iter().filter(|function| function.paired);
    let place = paired.find(|function| of_thread(&function.goroutine))?.goroutine;
    let mut plan = plan.clone();
    for function in plan.functions.iter_mut().filter(|function| function.paired) {
        if function.goroutine == GoroutineSource::Register {
            function.goroutine = place;
        }
    }
    Some(plan)
}
