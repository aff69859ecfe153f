//! Which comment belongs to what.

use crate::source::Span;

/// The comments of a recipe, handed out in order.
pub(super) struct Comments<'t> {
    text: &'t str,
    list: std::iter::Peekable<std::vec::IntoIter<(Span, &'t str)>>,
    /// Comments found inside something that is printed in one line; they go before it.
    hoisted: Vec<String>,
}

impl<'t> Comments<'t> {
    /// The comments `list`, by place, in the recipe `text`.
    pub(super) fn new(text: &'t str, list: Vec<(Span, &'t str)>) -> Self {
        Self {
            text,
            list: list.into_iter().peekable(),
            hoisted: Vec::new(),
        }
    }

    /// Those between `previous`, the end of the item before, and `start`, with blank lines as empty strings. Blank
    /// lines at the beginning of a block or file (`first`) are dropped.
    pub(super) fn lead(&mut self, previous: usize, start: usize, first: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let mut from = previous;
        while let Some((span, comment)) = self.list.next_if(|(span, _)| span.start < start) {
            self.blank_line(&mut lines, from, span.start, first);
            lines.push(comment.trim_end().to_owned());
            from = span.end;
        }
        self.blank_line(&mut lines, from, start, first);
        lines
    }

    /// Those before a closing brace or the end of the recipe.
    pub(super) fn last(&mut self, previous: usize, end: usize, first: bool) -> Vec<String> {
        let mut lines = self.lead(previous, end, first);
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    fn blank_line(&self, lines: &mut Vec<String>, from: usize, to: usize, first: bool) {
        let gap = self.text.get(from..to).unwrap_or_default();
        if gap.bytes().filter(|b| *b == b'\n').count() > 1 && !(first && lines.is_empty()) {
            lines.push(String::new());
        }
    }

    /// The one in the same line as `end`, if it comes before `limit`, with its end.
    pub(super) fn trail(&mut self, end: usize, limit: usize) -> Option<(String, usize)> {
        let text = self.text;
        self.list
            .next_if(|(span, _)| {
                span.start < limit && text.get(end..span.start).is_some_and(|gap| !gap.contains('\n'))
            })
            .map(|(span, comment)| (comment.trim_end().to_owned(), span.end))
    }

    /// Sets those before `end` aside for [`Comments::take_hoisted`].
    pub(super) fn hoist(&mut self, end: usize) {
        while let Some((_, comment)) = self.list.next_if(|(span, _)| span.start < end) {
            self.hoisted.push(comment.trim_end().to_owned());
        }
    }

    /// Takes what was set aside, leaving `outer`.
    pub(super) fn swap_hoisted(&mut self, outer: Vec<String>) -> Vec<String> {
        std::mem::replace(&mut self.hoisted, outer)
    }
}
