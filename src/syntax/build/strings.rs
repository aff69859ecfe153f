//! Texts in quotes.

use super::{Builder, child};
use crate::source::Spanned;
use crate::syntax::ast::Segment;
use crate::syntax::parser::{Node, Rule};

impl<'t> Builder<'t> {
    /// A string without holes, its escapes resolved.
    pub(super) fn string(&mut self, node: &Node<'t>) -> Spanned<String> {
        let text = node.children().map(|part| resolve(&part)).collect();
        Spanned::new(text, node.span())
    }

    /// A printed text.
    pub(super) fn segments(&mut self, node: &Node<'t>) -> Option<Vec<Segment>> {
        let mut segments: Vec<Segment> = Vec::new();
        for part in node.children() {
            if part.rule() == Rule::hole {
                segments.push(Segment::Value(self.shown(&child(&part, Rule::shown)?)?));
            } else if let Some(Segment::Text(text)) = segments.last_mut() {
                text.push_str(resolve(&part));
            } else {
                segments.push(Segment::Text(resolve(&part).to_owned()));
            }
        }
        Some(segments)
    }
}

fn resolve<'t>(part: &Node<'t>) -> &'t str {
    match (part.rule(), part.text()) {
        (Rule::escape, "\\n") => "\n",
        (Rule::escape, "\\t") => "\t",
        (Rule::escape | Rule::literal_brace, text) => text.get(1..).unwrap_or_default(),
        (_, text) => text,
    }
}
