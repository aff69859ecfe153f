//! Items: directives, blocks, declarations.

use super::{Block, Builder, child};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ClauseKind, Comments, Directive, EveryAction, Item, ItemKind, Name, On, Recipe, Statement, StatementKind,
};
use crate::syntax::parser::{Node, Rule};

impl<'t> Builder<'t> {
    pub(super) fn recipe(&mut self, root: &Node<'t>) -> Recipe {
        let shebang = child(root, Rule::shebang);
        let start = shebang.as_ref().map_or(0, |node| node.span().end);
        let shebang = shebang.map(|node| node.text().trim_end().to_owned());
        let nodes: Vec<_> = root.children().filter(|n| n.rule() == Rule::item).collect();
        let (items, end) = self.items(&nodes, start, self.text.len(), shebang.is_none());
        let items: Vec<_> = items
            .into_iter()
            .filter_map(|(item, sound)| sound.then_some(item))
            .collect();
        let first = items.is_empty() && shebang.is_none();
        let trailing = Comments {
            before: self.comments.last(end, self.text.len(), first),
            ..Comments::default()
        };
        Recipe {
            shebang,
            items,
            trailing,
        }
    }

    /// Items between two places, each with whether nothing is wrong in it, and where the last of them ends, its comment
    /// included.
    fn items(
        &mut self,
        nodes: &[Node<'t>],
        start: usize,
        end: usize,
        mut first: bool,
    ) -> (Vec<(Item, bool)>, usize) {
        let mut items = Vec::with_capacity(nodes.len());
        let mut previous = start;
        let mut following = nodes.iter().skip(1);
        for node in nodes {
            let next = following.next().map_or(end, |node| node.span().start);
            let before = (self.found, self.lost);
            let item = self.item(node, previous, first);
            first = false;
            self.lost |= item.is_none();
            let Some(mut item) = item else { continue };
            previous = item.span.end;
            if let Some((comment, end)) = self.comments.trail(previous, next) {
                previous = end;
                if has_block(&item.kind) {
                    item.comments.closing = Some(comment);
                } else {
                    item.comments.after = Some(comment);
                }
            }
            items.push((item, before == (self.found, self.lost)));
        }
        (items, previous)
    }

    fn item(&mut self, node: &Node<'t>, previous: usize, first: bool) -> Option<Item> {
        let span = node.span();
        let mut before = self.comments.lead(previous, span.start, first);
        let outer = self.comments.swap_hoisted(Vec::new());
        let label = child(node, Rule::label).and_then(|label| self.label(&label));
        let kind = node.children().find(|child| child.rule() != Rule::label)?;
        let mut header = None;
        let mut inner = Comments::default();
        let kind = match kind.rule() {
            Rule::target => ItemKind::Target(self.string(&child(&kind, Rule::string)?)),
            Rule::param => self.param(&kind)?,
            Rule::on => {
                let (on, block) = self.on(&kind)?;
                (header, inner) = block;
                ItemKind::On(on)
            }
            Rule::during => {
                let (during, block) = self.during(&kind)?;
                (header, inner) = block;
                during
            }
            Rule::every => {
                let (every, comments) = self.every(&kind)?;
                inner = comments;
                every
            }
            Rule::stop => match child(&kind, Rule::number) {
                Some(time) => ItemKind::StopAfter(self.duration(&time)),
                None => ItemKind::StopWhen(self.expression_in(&kind)?),
            },
            Rule::raw => ItemKind::Raw(self.raw(&kind)?),
            Rule::type_declaration => ItemKind::TypeDeclaration(self.declaration(&kind)),
            Rule::func_declaration => ItemKind::FuncDeclaration(self.declaration(&kind)),
            Rule::span => ItemKind::Directive(self.span(&kind)?),
            Rule::directive => ItemKind::Directive(self.directive(&kind)?),
            _ => return None,
        };
        if let Some(label) = &label
            && !matches!(kind, ItemKind::Directive(_))
        {
            self.no_label(label);
        }
        self.comments.hoist(span.end);
        before.extend(self.comments.swap_hoisted(outer));
        let comments = Comments {
            before,
            after: header,
            closing: None,
        };
        Some(Item {
            label,
            kind,
            span,
            comments,
            inner,
        })
    }

    pub(super) fn label(&mut self, node: &Node<'t>) -> Option<Name> {
        child(node, Rule::identifier).map(|name| Self::name(&name))
    }

    pub(super) fn no_label(&mut self, label: &Name) {
        self.problem(
            Diagnostic::error(Code::LABEL, format!("the label `{}` names nothing", label.node))
                .at(label.span, "a label")
                .note("only directives and aggregations have a result to name")
                .help("remove the label"),
        );
    }

    fn param(&mut self, node: &Node<'t>) -> Option<ItemKind> {
        let name = Self::name(&child(node, Rule::new_name)?);
        let value = self.literal(&child(node, Rule::literal)?)?;
        Some(ItemKind::Param { name, value })
    }

    fn declaration(&mut self, node: &Node<'t>) -> Spanned<String> {
        let span = node.span();
        let text = self.verbatim(span).trim_end().to_owned();
        let trimmed = self
            .text
            .get(std::ops::Range::from(span))
            .map_or(0, |t| t.trim_end().len());
        Spanned::new(text, Span::new(span.start, span.start + trimmed))
    }

    fn directive(&mut self, node: &Node<'t>) -> Option<Directive> {
        let verb = Self::name(&child(node, Rule::directive_verb)?);
        let events = self.events(&child(node, Rule::events)?)?;
        let mut clauses = self.clauses(node)?;
        split_aggregation(&mut clauses);
        Some(Directive {
            verb,
            name: None,
            events,
            clauses,
        })
    }

    fn span(&mut self, node: &Node<'t>) -> Option<Directive> {
        let mut clauses = self.clauses(node)?;
        split_aggregation(&mut clauses);
        Some(Directive {
            verb: Self::name(&child(node, Rule::kw_span)?),
            name: Some(Self::name(&child(node, Rule::new_name)?)),
            events: Vec::new(),
            clauses,
        })
    }

    fn on(&mut self, node: &Node<'t>) -> Option<(On, (Option<String>, Comments))> {
        let events = self.events(&child(node, Rule::events)?)?;
        let returning = child(node, Rule::kw_return).map(|node| node.span());
        let mut clauses = self.clauses(node)?;
        if returning.is_some() {
            // `on a.* except a.b return where …`: those that choose functions first, wherever they were written.
            clauses.sort_by_key(|clause| !chooses_functions(&clause.node));
        }
        let block = self.block(&child(node, Rule::block)?)?;
        let on = On {
            events,
            returning,
            clauses,
            body: block.body,
        };
        Some((on, (block.header, block.inner)))
    }

    fn during(&mut self, node: &Node<'t>) -> Option<(ItemKind, (Option<String>, Comments))> {
        let events = self.events(&child(node, Rule::events)?)?;
        let open = node.place_of(Rule::lbrace)?;
        let close = node.span().end.saturating_sub(1);
        self.comments.hoist(open.start);
        let nodes: Vec<_> = node.children().filter(|n| n.rule() == Rule::item).collect();
        let inside = nodes.first().map_or(close, |node| node.span().start);
        let header = self.comments.trail(open.end, inside);
        let start = header.as_ref().map_or(open.end, |(_, end)| *end);
        let items = self.descend(open).then(|| self.items(&nodes, start, close, true));
        self.depth -= 1;
        let (items, end) = items?;
        let items: Vec<_> = items.into_iter().map(|(item, _)| item).collect();
        for item in &items {
            if !matches!(item.kind, ItemKind::Directive(_) | ItemKind::On(_)) {
                self.problem(
                    Diagnostic::error(Code::MISPLACED, "this cannot stand inside `during`")
                        .at(item.span, "only directives and `on` blocks can")
                        .help("move it out of the braces"),
                );
            }
        }
        let inner = Comments {
            before: self.comments.last(end, close, items.is_empty()),
            ..Comments::default()
        };
        let header = header.map(|(comment, _)| comment);
        Some((ItemKind::During { events, items }, (header, inner)))
    }

    fn every(&mut self, node: &Node<'t>) -> Option<(ItemKind, Comments)> {
        let period = self.duration(&child(node, Rule::number)?);
        let open = node.place_of(Rule::lbrace)?;
        self.comments.hoist(open.start);
        let close = node.span().end.saturating_sub(1);
        // Comments at its words go before the closing brace: the words stand in one line.
        let mut before = self.comments.last(open.end, close, true);
        before.retain(|line| !line.is_empty());
        let actions = node
            .children()
            .filter(|n| n.rule() == Rule::action)
            .map(|action| {
                let mut names = action.children().map(|name| Self::name(&name));
                let verb = names.next()?;
                Some(EveryAction {
                    verb,
                    results: names.collect(),
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let inner = Comments {
            before,
            ..Comments::default()
        };
        Some((ItemKind::Every { period, actions }, inner))
    }

    /// A block of statements.
    pub(super) fn block(&mut self, node: &Node<'t>) -> Option<Block<Statement>> {
        let open = node.place_of(Rule::lbrace)?;
        let close = node.span().end.saturating_sub(1);
        self.comments.hoist(open.start);
        let nodes: Vec<_> = node.children().collect();
        let inside = nodes.first().map_or(close, |node| node.span().start);
        let header = self.comments.trail(open.end, inside);
        let mut previous = header.as_ref().map_or(open.end, |(_, end)| *end);
        let mut body = Vec::with_capacity(nodes.len());
        if self.descend(open) {
            let mut following = nodes.iter().skip(1);
            for node in &nodes {
                let next = following.next().map_or(close, |node| node.span().start);
                let mut statement = self.statement(node, previous, body.is_empty())?;
                previous = statement.span.end;
                if let Some((comment, end)) = self.comments.trail(previous, next) {
                    previous = end;
                    if matches!(
                        statement.kind,
                        StatementKind::If { .. } | StatementKind::Return { .. }
                    ) {
                        statement.comments.closing = Some(comment);
                    } else {
                        statement.comments.after = Some(comment);
                    }
                }
                body.push(statement);
            }
        }
        self.depth -= 1;
        let inner = Comments {
            before: self.comments.last(previous, close, body.is_empty()),
            ..Comments::default()
        };
        Some(Block {
            body,
            header: header.map(|(comment, _)| comment),
            inner,
        })
    }
}

fn has_block(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::On(_) | ItemKind::During { .. } | ItemKind::Every { .. }
    )
}

fn chooses_functions(clause: &ClauseKind) -> bool {
    matches!(clause, ClauseKind::Except(_) | ClauseKind::IncludingInlined)
}

/// `latency f by goroutine as stats`: the last key's `as` is the directive's if it names a way to aggregate.
/// No format has one of these names.
fn split_aggregation(clauses: &mut Vec<crate::syntax::ast::Clause>) {
    let mut position = 0;
    while let Some(clause) = clauses.get_mut(position) {
        position += 1;
        let ClauseKind::By(keys) = &mut clause.node else {
            continue;
        };
        let Some(key) = keys.last_mut() else { continue };
        let aggregation =
            |name: &Name| matches!(name.node.as_str(), "hist" | "linear" | "percentiles" | "stats");
        if let Some(name) = key.format.take_if(|name| aggregation(name)) {
            let end = clause.span.end;
            clause.span.end = key.expr.span.end;
            let span = Span::new(clause.span.end, end);
            let word = crate::source::Spanned::new(ClauseKind::As(name, None), span);
            clauses.insert(position, word);
        }
    }
}
