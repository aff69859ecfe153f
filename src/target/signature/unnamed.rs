//! Parameters that the debug information leaves out.
//!
//! Up to Go 1.21 DWARF has no entries for unnamed parameters and receivers, so the rules cannot be applied to what it
//! lists. The run time's own table of arguments, made for tracebacks, lists every one with the offset and size of each
//! word of it (`EmitArgInfo` in `src/cmd/compile/internal/ssagen/ssa.go`; FUNCDATA 5). It does not tell a float from an
//! integer, and it ends after ten words. All signatures that fit both tables are tried; what they agree on is certain.

use crate::diagnostic::Diagnostic;
use crate::gotype::abi::{Leaf, Shape};
use crate::gotype::{Kind, TypeRef};
use crate::target::dwarf::Debug;
use crate::target::signature::parts::Passed;

/// Operators in the table.
const END: u8 = 0xff;
const OPEN: u8 = 0xfe;
const CLOSE: u8 = 0xfd;
const MORE: u8 = 0xfc;
const TOO_FAR: u8 = 0xfb;
/// Values from here on are operators, those below offsets.
const OPERATORS: u8 = 0xf0;

/// The compiler goes no deeper into a value.
const DEEPEST: usize = 5;
/// The compiler's own limit for the length of a table.
const LONGEST: usize = 200;
/// Ways to fit the two tables together that are tried.
const MOST_WAYS: usize = 512;

/// One argument, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::target) enum Node {
    /// A word at this offset in the caller's frame, if it is near enough to be said, and its size then.
    Word(Option<(u64, u64)>),
    /// A string, slice, interface, complex number, struct or array.
    Group(Vec<Node>),
    /// The table leaves out what follows.
    More,
}

impl Node {
    /// The table of a function. None if it is none.
    pub(in crate::target) fn parse(bytes: &[u8]) -> Option<Vec<Node>> {
        let mut levels: Vec<Vec<Node>> = vec![Vec::new()];
        let mut bytes = bytes.iter().copied().take(LONGEST);
        loop {
            let node = match bytes.next()? {
                END => return if levels.len() == 1 { levels.pop() } else { None },
                OPEN if levels.len() <= DEEPEST => {
                    levels.push(Vec::new());
                    continue;
                }
                CLOSE if levels.len() > 1 => Node::Group(levels.pop()?),
                MORE => Node::More,
                TOO_FAR => Node::Word(None),
                offset if offset < OPERATORS => {
                    Node::Word(Some((u64::from(offset), u64::from(bytes.next()?))))
                }
                _ => return None,
            };
            levels.last_mut()?.push(node);
        }
    }

    /// The words of a value, with the offsets that the table gives; None if it does not give all of them.
    fn words(&self, into: &mut Vec<(u64, u64)>) -> Option<()> {
        match self {
            Node::Word(word) => into.push((*word)?),
            Node::Group(nodes) => {
                for node in nodes {
                    node.words(into)?;
                }
            }
            Node::More => return None,
        }
        Some(())
    }

    /// The offset of the first word that has one.
    fn first(&self) -> Option<u64> {
        match self {
            Node::Word(word) => word.map(|(offset, _)| offset),
            Node::Group(nodes) => nodes.iter().find_map(Node::first),
            Node::More => None,
        }
    }

    /// The shapes that an unnamed value of this kind can have, as far as the rules tell them apart.
    fn shapes(&self) -> Vec<Shape> {
        let mut words = Vec::new();
        if self.words(&mut words).is_none() {
            return Vec::new();
        }
        let base = words.first().map_or(0, |(offset, _)| *offset);
        let align = words.iter().map(|(_, size)| *size).max().unwrap_or(1);
        let end = words.last().map_or(0, |(offset, size)| {
            offset.saturating_sub(base).saturating_add(*size)
        });
        let (Some(size), true) = (
            end.checked_next_multiple_of(align.max(1)),
            align.is_power_of_two(),
        ) else {
            return Vec::new();
        };
        let leaves = |float: bool| {
            let leaves = words.iter().map(|(offset, size)| Leaf {
                offset: offset.saturating_sub(base),
                size: *size,
                float,
            });
            Some(Shape {
                size,
                align,
                leaves: Some(leaves.collect()),
            })
        };
        let can_float = words.iter().all(|(_, size)| *size == 4 || *size == 8);
        let can_array = matches!(self, Node::Group(_)) && words.len() > 1;
        [
            leaves(false),
            leaves(true).filter(|_| can_float && !words.is_empty()),
            Some(Shape {
                size,
                align,
                leaves: None,
            })
            .filter(|_| can_array),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A way to fit the tables together: each argument, and where the run time's table puts it, as an offset from the
/// caller's frame.
pub(in crate::target) type Way = Vec<(Passed, Shape, Option<u64>)>;

impl Debug<'_> {
    /// Every way to complete `known`, the arguments that DWARF lists, to what the run time's table lists. `hidden` of
    /// the known ones, from the front, are not in that table. None when there are too many ways, or the table
    /// contradicts DWARF.
    pub(in crate::target) fn ways(
        &self,
        known: &[(Passed, Shape, Option<TypeRef>)],
        hidden: usize,
        table: &[Node],
    ) -> Result<Option<Vec<Way>>, Diagnostic> {
        let start: Way = known
            .iter()
            .take(hidden)
            .map(|(passed, shape, _)| (*passed, shape.clone(), None))
            .collect();
        let mut trees = Vec::with_capacity(known.len());
        for (_, _, ty) in known.iter().skip(hidden) {
            trees.push(match ty {
                Some(ty) => self.tree(*ty, 0, 0, &mut MOST_PARTS.clone())?,
                None => Node::Word(Some((0, 8))),
            });
        }
        let mut ways: Vec<(Way, usize)> = vec![(start, hidden)];
        for (index, item) in table.iter().enumerate() {
            if *item == Node::More {
                break;
            }
            let last = index + 1 == table.len();
            let mut next = Vec::new();
            for (way, used) in ways {
                if let Some((passed, shape, _)) = known.get(used)
                    && let Some(tree) = trees.get(used - hidden)
                {
                    let mut base = None;
                    if fits(tree, item, &mut base) {
                        let mut way = way.clone();
                        way.push((*passed, shape.clone(), base));
                        next.push((way, used + 1));
                    }
                }
                // Nothing stands before the receiver, and the function's name tells whether there is one.
                if matches!(
                    known.get(used),
                    Some((Passed::Receiver(..) | Passed::Dictionary, _, _))
                ) {
                    continue;
                }
                let left = known.len() - used;
                let room = table.len() - index - usize::from(table.last() == Some(&Node::More));
                if left < room || table.last() == Some(&Node::More) {
                    for shape in item.shapes() {
                        let mut way = way.clone();
                        way.push((Passed::Unnamed, shape, item.first()));
                        next.push((way, used));
                    }
                }
                self.sections.spend(next.len())?;
                if next.len() > MOST_WAYS {
                    return Ok(None);
                }
            }
            ways = next;
            if last {
                // What the whole table lists is all there is.
                ways.retain(|(_, used)| *used == known.len());
            }
        }
        // Where the table ends early more parameters could always be thought of; the fewest are assumed.
        let unnamed = |way: &Way| {
            way.iter()
                .filter(|(passed, _, _)| *passed == Passed::Unnamed)
                .count()
        };
        let fewest = ways.iter().map(|(way, _)| unnamed(way)).min();
        let ways = ways
            .into_iter()
            .filter(|(way, _)| Some(unnamed(way)) == fewest)
            .map(|(mut way, used)| {
                let rest = known.iter().skip(used);
                way.extend(rest.map(|(passed, shape, _)| (*passed, shape.clone(), None)));
                way
            })
            .collect();
        Ok(Some(ways))
    }

    /// A type as the run time's table would list it, with offsets from the value's beginning. It may go further than
    /// the table does, but has no more than `left` parts.
    fn tree(&self, ty: TypeRef, at: u64, depth: usize, left: &mut usize) -> Result<Node, Diagnostic> {
        if depth > DEEPEST || *left == 0 {
            return Ok(Node::More);
        }
        *left -= 1;
        let ty = self.type_of(ty)?;
        let words = |count: u64, size: u64| {
            let word = |index: u64| Node::Word(Some((at.saturating_add(index * size), size)));
            Node::Group((0..count).map(word).collect())
        };
        Ok(match ty.kind {
            Kind::String | Kind::Interface { .. } => words(2, 8),
            Kind::Slice(_) => words(3, 8),
            Kind::Complex => words(2, ty.size / 2),
            Kind::Struct(fields) => {
                let mut nodes = Vec::new();
                for field in &fields {
                    nodes.push(self.tree(field.ty, at.saturating_add(field.offset), depth + 1, left)?);
                    if *left == 0 {
                        nodes.push(Node::More);
                        break;
                    }
                }
                Node::Group(nodes)
            }
            Kind::Array(element, count) => {
                let size = self.type_of(element)?.size;
                let mut nodes = Vec::new();
                for index in 0..count {
                    let at = at.saturating_add(size.saturating_mul(index));
                    nodes.push(self.tree(element, at, depth + 1, left)?);
                    if *left == 0 {
                        nodes.push(Node::More);
                        break;
                    }
                }
                Node::Group(nodes)
            }
            _ => Node::Word(Some((at, ty.size))),
        })
    }
}

/// Parts of a value that are looked at, the value itself and its parts' parts among them; the run time's table has at
/// most ten words in at most five levels.
const MOST_PARTS: usize = 100;

/// Whether a type's words are those of an item, moved by `base`.
fn fits(tree: &Node, item: &Node, base: &mut Option<u64>) -> bool {
    match (tree, item) {
        (_, Node::More) | (Node::More, _) => true,
        (Node::Word(_), Node::Word(None)) => true,
        (Node::Word(Some((within, size))), Node::Word(Some((offset, listed)))) => {
            let Some(start) = offset.checked_sub(*within) else {
                return false;
            };
            size == listed && *base.get_or_insert(start) == start
        }
        (Node::Group(parts), Node::Group(items)) => {
            for (index, item) in items.iter().enumerate() {
                if *item == Node::More {
                    return true;
                }
                if !parts.get(index).is_some_and(|part| fits(part, item, base)) {
                    return false;
                }
            }
            items.len() == parts.len() || parts.last() == Some(&Node::More)
        }
        _ => false,
    }
}
