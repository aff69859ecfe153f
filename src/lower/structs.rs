//! The C structs a script needs: named after Go's types, only the fields that are used, gaps between.

use crate::bt::names::{Names, identifier};
use crate::bt::{Member, Struct};
use std::collections::BTreeMap;

/// The structs asked for so far.
#[derive(Debug, Default)]
pub(super) struct Structs {
    /// There are to be none: fields are read by their places. Nobody reads the script, and 0.27 reads all of the
    /// program's debug information for a script with structs, a third of a second for one of 149 MB.
    are_avoided: bool,
    names: Names,
    by_type: BTreeMap<String, usize>,
    list: Vec<Building>,
}

#[derive(Debug)]
struct Building {
    name: String,
    comment: String,
    size: u64,
    /// By offset and size: two fields of one struct can share an offset only if one of them is empty.
    fields: BTreeMap<(u64, u64), Member>,
    taken: Names,
    /// Structs that must stand before this one.
    after: Vec<usize>,
}

impl Structs {
    /// None at all.
    pub(super) fn avoided() -> Self {
        Self {
            are_avoided: true,
            ..Self::default()
        }
    }

    /// Fields are to be read by their places.
    pub(super) fn are_avoided(&self) -> bool {
        self.are_avoided
    }

    /// The struct for the Go type `go_type`, as an index for the other calls. `preferred` is what it should be called.
    pub(super) fn of(&mut self, go_type: &str, preferred: &str, size: u64) -> usize {
        if let Some(&i) = self.by_type.get(go_type) {
            return i;
        }
        let comment = if identifier(go_type) == preferred || !go_type.contains(['.', '/']) {
            String::new()
        } else {
            go_type.to_string()
        };
        let name = self.names.allocate_in_c(preferred);
        self.list.push(Building {
            name,
            comment,
            size,
            fields: BTreeMap::new(),
            taken: Names::default(),
            after: Vec::new(),
        });
        self.by_type.insert(go_type.to_string(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// What the struct is called.
    pub(super) fn name(&self, index: usize) -> String {
        self.list.get(index).map(|s| s.name.clone()).unwrap_or_default()
    }

    /// The name of the field at `offset`, which is added if it was not asked for before.
    pub(super) fn field(
        &mut self,
        index: usize,
        preferred: &str,
        offset: u64,
        size: u64,
        ctype: &str,
    ) -> String {
        let Some(s) = self.list.get_mut(index) else {
            return String::new();
        };
        if let Some(member) = s.fields.get(&(offset, size)) {
            return member.name.clone();
        }
        let name = s.taken.allocate_in_c(preferred);
        s.fields.insert(
            (offset, size),
            Member {
                ctype: ctype.to_string(),
                name: name.clone(),
                offset,
                size,
            },
        );
        name
    }

    /// The name of a field that is itself the struct `inner`.
    pub(super) fn inner(&mut self, index: usize, preferred: &str, offset: u64, inner: usize) -> String {
        let (ctype, size) = match self.list.get(inner) {
            Some(s) => (format!("struct {}", s.name), s.size),
            None => return String::new(),
        };
        if let Some(s) = self.list.get_mut(index)
            && !s.after.contains(&inner)
        {
            s.after.push(inner);
        }
        self.field(index, preferred, offset, size, &ctype)
    }

    /// All of them, inner ones before those that hold them.
    pub(super) fn finish(self) -> Vec<Struct> {
        let mut done = vec![false; self.list.len()];
        let mut order = Vec::new();
        for i in 0..self.list.len() {
            visit(&self.list, i, &mut done, &mut order);
        }
        let mut list: Vec<Option<Building>> = self.list.into_iter().map(Some).collect();
        order
            .into_iter()
            .filter_map(|i| list.get_mut(i).and_then(Option::take))
            .map(|b| {
                let mut fields: Vec<Member> = b.fields.into_values().collect();
                pad(&mut fields, b.size);
                Struct {
                    name: b.name,
                    comment: b.comment,
                    fields,
                }
            })
            .collect()
    }
}

fn visit(list: &[Building], i: usize, done: &mut [bool], order: &mut Vec<usize>) {
    match done.get_mut(i) {
        Some(seen) if !*seen => *seen = true,
        _ => return,
    }
    if let Some(b) = list.get(i) {
        for &inner in &b.after {
            visit(list, inner, done, order);
        }
    }
    order.push(i);
}

/// Makes the struct as large as Go's, so that it can lie inside another one.
fn pad(fields: &mut Vec<Member>, size: u64) {
    let end = fields.last().map_or(0, |m| m.offset + m.size);
    if size > end && size != u64::MAX {
        let ctype = "char".to_string();
        fields.push(Member {
            ctype,
            name: format!("gap{end}[{}]", size - end),
            offset: end,
            size: size - end,
        });
    }
}
