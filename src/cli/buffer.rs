//! How large the buffer is that records are in on their way from the kernel.

use crate::bt::dialect::Dialect;
use crate::run::doctor;

/// Pages of all buffers together, where a release has one for each processor (0.17), and the fewest of one.
const OF_ALL: usize = 8192;
const LEAST_OF_EACH: usize = 64;
const MOST_OF_EACH: usize = 4096;
/// Pages where all processors share one.
const USUAL: usize = 4096;
/// The same where records have text or bytes, each of which takes room for the longest: of records of a text and an
/// error, 15,000 have room in 64 MiB.
const LARGE: usize = 16384;
/// It takes at most this part of the memory.
const PART: usize = 64;

/// bpftrace's variable and the number of pages, if the release does not choose well by itself. What somebody has set
/// is left as it is.
pub(super) fn setting(dialect: Dialect, script: &str) -> Option<(&'static str, usize)> {
    const NAME: &str = "BPFTRACE_PERF_RB_PAGES";
    if std::env::var_os(NAME).is_some() {
        return None;
    }
    let pages = if dialect.has_config() {
        let of_memory = pages_of_memory()? / PART;
        let has_text = script.contains("buf(");
        has_text.then(|| floor(of_memory).clamp(USUAL, LARGE))
    } else {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let each = (OF_ALL / processors.next_power_of_two()).clamp(LEAST_OF_EACH, MOST_OF_EACH);
        doctor::may_have_large_buffers().then_some(each)
    };
    pages.map(|pages| (NAME, pages))
}

/// The largest power of two that is not more: of others there are no buffers.
fn floor(pages: usize) -> usize {
    pages.checked_ilog2().map_or(1, |log| 1 << log)
}

/// The machine's memory in pages (`MemTotal` of `/proc/meminfo`, in KiB).
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the machine is asked what it has"
)]
fn pages_of_memory() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: usize = total.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024 / rustix::param::page_size())
}
