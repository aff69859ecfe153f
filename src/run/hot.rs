//! Functions of Go's run time that every program calls all the time.

/// Their names; one that ends in `*` stands for all that begin so.
const HOT: &[&str] = &[
    "internal/runtime/maps.*",
    "runtime.casgstatus",
    "runtime.chanrecv*",
    "runtime.chansend*",
    "runtime.convT*",
    "runtime.execute",
    "runtime.findRunnable",
    "runtime.findrunnable",
    "runtime.gcWriteBarrier*",
    "runtime.gopark",
    "runtime.goready",
    "runtime.growslice",
    "runtime.lock2",
    "runtime.makeslice",
    "runtime.mallocgc*",
    "runtime.mapaccess*",
    "runtime.mapassign*",
    "runtime.mcall",
    "runtime.memclrNoHeapPointers",
    "runtime.memmove",
    "runtime.nanotime*",
    "runtime.newobject",
    "runtime.scanobject",
    "runtime.schedule",
    "runtime.systemstack",
    "runtime.typedmemmove",
    "runtime.unlock2",
    "runtime.write*Barrier",
];

/// True for a function that is known to be called very often.
pub(crate) fn is_hot(function: &str) -> bool {
    HOT.iter().any(|name| match name.split_once('*') {
        Some((begin, end)) => function.starts_with(begin) && function.ends_with(end),
        None => *name == function,
    })
}

#[cfg(test)]
mod tests {
    use super::is_hot;

    #[test]
    fn allocation_is_hot_and_main_is_not() {
        assert!(is_hot("runtime.mallocgc"));
        assert!(is_hot("runtime.mapaccess1_faststr"));
        assert!(!is_hot("runtime.newproc"));
        assert!(!is_hot("main.memmove"));
    }
}
