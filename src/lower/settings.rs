//! The `config` block: settings of bpftrace that the script needs.

use super::used;
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{self, Item};
use crate::plan::state::MOST_KEYS;

/// Pages of the buffer for lines on their way to bpftrace: 16 MiB, as 0.27 takes by itself. With the 64 of 0.23, two of
/// three lines were lost when one function printed 50,000 in a row; with these none.
const EVENT_PAGES: u64 = 4096;

/// Attach points in functions from which on bpftrace has to be told that there are many.
const MANY_PROBES: usize = 500;
/// Room besides for probes of other events, and the recipe's own.
const OTHER_PROBES: usize = 64;

/// The settings, name and value as written, of a script that reads `texts` and may have many keys if it `needs_keys`.
pub(super) fn settings(
    items: &[Item],
    dialect: Dialect,
    texts: bool,
    needs_keys: bool,
) -> Vec<(String, String)> {
    let mut config = Vec::new();
    let mut set = |name: &str, value: &dyn ToString| config.push((name.to_owned(), value.to_string()));
    if !dialect.has_config() {
        return config;
    }
    if needs_keys {
        set("max_map_keys", &MOST_KEYS);
    }
    if dialect.small_event_buffer() && used::prints(items) {
        set("perf_rb_pages", &EVENT_PAGES);
    }
    if let Some(room) = room_for_probes(items) {
        set("max_probes", &room);
        if dialect.oldest >= 21 {
            set("max_bpf_progs", &room);
        }
    }
    if texts {
        set("max_strlen", &dialect.longest_string());
        if dialect.marks_truncation() {
            set("str_trunc_trailer", &"\"…\"");
        }
    }
    if dialect.keeps_long_variables() && (texts || used::gathers(items)) {
        // A probe has 512 bytes of stack, which strings and keys soon fill: they are better kept elsewhere. With a
        // limit of 0 0.23 keeps every variable in memory, each in 8 bytes of the stack, that LLVM else keeps in
        // registers.
        set("on_stack_limit", &"8");
    }
    config
}

/// How many probes bpftrace has to allow for so many places, if it would not by itself.
pub(crate) fn room_for_places(places: usize) -> Option<usize> {
    (places > MANY_PROBES).then_some(places + OTHER_PROBES)
}

/// The same for a script.
pub(super) fn room_for_probes(items: &[Item]) -> Option<usize> {
    let attached = bt::probes(items).flat_map(|probe| &probe.attach);
    let attach_points = attached
        .filter(|attached| matches!(attached.point, AttachPoint::Uprobe { .. }))
        .count();
    room_for_places(attach_points)
}
