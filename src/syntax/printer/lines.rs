//! Lines with indentation and comments.

const INDENT: &str = "    ";

/// The text so far.
#[derive(Default)]
pub(super) struct Lines {
    out: String,
    depth: usize,
}

impl Lines {
    /// A line; only its beginning is indented if it has line breaks in it (text of others is kept as it is).
    pub(super) fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str(INDENT);
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A line with a comment at its end. Comments in lines that follow each other are not aligned: a change in one line
    /// shall not change the others.
    pub(super) fn line_with(&mut self, text: &str, comment: Option<&str>) {
        match comment {
            Some(comment) => self.line(&format!("{text} {comment}")),
            None => self.line(text),
        }
    }

    /// Comments, and blank lines for the empty ones.
    pub(super) fn comments(&mut self, comments: &[String]) {
        for comment in comments {
            if comment.is_empty() {
                self.out.push('\n');
            } else {
                self.line(comment);
            }
        }
    }

    /// What follows is inside a block.
    pub(super) fn open(&mut self) {
        self.depth += 1;
    }

    /// What follows is outside the block again.
    pub(super) fn dedent(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The end of a block.
    pub(super) fn close(&mut self, brace: &str, comment: Option<&str>) {
        self.dedent();
        self.line_with(brace, comment);
    }

    /// Columns before a line's text.
    pub(super) fn indentation(&self) -> usize {
        self.depth * INDENT.len()
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}
