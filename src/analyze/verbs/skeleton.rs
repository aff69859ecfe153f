//! `skeleton FUNCS`: empty, commented probes at entry and at every return, to write by hand from there.

use super::Entry;
use crate::analyze::Builder;
use crate::syntax::ast::{Directive, Item};

pub(super) const ENTRY: Entry = Entry {
    verb: "skeleton",
    clauses: &["except"],
    summary: "empty, commented probes at entry and every return: a script to write by hand from there",
    example: "skeleton net.(*sysDialer).dialTCP",
    has_result: false,
    build,
};

fn build(b: &mut Builder<'_>, _item: &Item, directive: &Directive) {
    for named in b.functions(&directive.events, &directive.clauses) {
        b.skeleton(named);
    }
}
