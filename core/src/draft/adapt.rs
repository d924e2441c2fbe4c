//! Edits on the document of an idiom: filling declared holes, renaming, dropping what no longer applies.
//!
//! Promises: works on the tokens and spans of the parsed document, never on patterns of text, so that the outcome
//! has the structure of the idiom; a name is only changed to one that is free. Must not: write code of its own.
//! Terms that go in are literals and [`Predicate`]s.

use super::predicate::{Predicate, literal};
use crate::syntax::edit::{self, Edit};
use crate::syntax::lexer::{Kind, Token, lex};
use crate::syntax::parse;
use crate::syntax::span::Span;
use crate::syntax::tree::{Decl, DeclKind, Document};
use std::collections::BTreeMap;

/// What goes where a hole was.
#[derive(Debug, Clone)]
pub struct Fill {
    /// What is written.
    pub value: Value,
    /// How prose says it.
    pub words: String,
    /// What the hole's name becomes as a piece of other names; `None` leaves them.
    pub label: Option<String>,
}

/// What is written where a hole was.
#[derive(Debug, Clone)]
pub enum Value {
    /// A term.
    Term(String),
    /// A condition: `?p(x)` becomes the condition on `x`, `?p` alone a function.
    Condition(Predicate),
}

/// All changes to make to one document.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// By hole name.
    pub fills: BTreeMap<String, Fill>,
    /// Holes that go away together with the examples that mention them.
    pub dropped: Vec<String>,
    /// A hole that stays open under another name, with what to ask.
    pub reopened: Vec<(String, String, String)>,
    /// Nouns to replace, in prose and as pieces of names: from, to.
    pub stems: Vec<(String, String)>,
    /// Whole names to replace: from, to.
    pub names: Vec<(String, String)>,
}

/// Edits to make at once; one inside another that is larger is left out.
#[derive(Debug, Default)]
struct Edits(Vec<Edit>);

impl Edits {
    fn push(&mut self, span: Span, replacement: String) {
        self.0.push(Edit { span, replacement, reason: "adapt the idiom".to_owned() });
    }

    fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|edit| (edit.span.start, std::cmp::Reverse(edit.span.end)));
        let mut end = 0;
        self.0.retain(|edit| {
            let outside = edit.span.start >= end;
            end = end.max(edit.span.end);
            outside
        });
        // Spans of one parse cannot be out of bounds; were they, the idiom stays as it is.
        edit::apply(text, &self.0).unwrap_or_else(|_| text.to_owned())
    }
}

/// Makes the changes. `taken` are names the document may not use for its own.
pub fn adapt(text: &str, changes: &Changes, taken: &dyn Fn(&str) -> bool) -> String {
    let document = parse(text);
    let mut edits = Edits::default();
    for decl in &document.decls {
        remove_or_reopen(text, decl, changes, &mut edits);
    }
    let rename = renaming(text, &document, changes, taken);
    for fence in &document.fences {
        let tokens = lex(text, fence.body).tokens;
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            let word = token.span.slice(text);
            match token.kind {
                Kind::Hole => {
                    let name = word.trim_start_matches('?');
                    if let Some(fill) = changes.fills.get(name) {
                        let (span, written) = fill_edit(text, fill, before, &tokens, at, &rename);
                        edits.push(span, written);
                    } else if let Some((_, to, _)) = changes.reopened.iter().find(|(from, _, _)| from == name)
                    {
                        edits.push(token.span, format!("?{to}"));
                    }
                }
                Kind::Small | Kind::Capital => {
                    if let Some(to) = rename.get(word) {
                        edits.push(token.span, to.clone());
                    }
                }
                Kind::Text if is_prose(&document, token.span) => {
                    let said = say(word, changes, true);
                    if said != word {
                        edits.push(token.span, said);
                    }
                }
                _ => {}
            }
        }
    }
    // Prose says what the holes became.
    let mut at = 0;
    for fence in &document.fences {
        prose_edit(text, Span::new(at, fence.span.start), changes, &mut edits);
        at = fence.span.end;
    }
    prose_edit(text, Span::new(at, text.len() as u32), changes, &mut edits);
    without_empty_fences(&edits.apply(text))
}

/// Whether a text of the language is meant for people: titles, goals, hints.
fn is_prose(document: &Document, span: Span) -> bool {
    document.decls.iter().any(|decl| {
        matches!(decl.kind, DeclKind::Intent(_) | DeclKind::Hole(_))
            && decl.span.start <= span.start
            && span.end <= decl.span.end
    })
}

fn prose_edit(text: &str, span: Span, changes: &Changes, edits: &mut Edits) {
    let said = say(span.slice(text), changes, false);
    if said != span.slice(text) {
        edits.push(span, said);
    }
}

/// Replaces `?hole` in prose by words, and nouns by nouns.
fn say(text: &str, changes: &Changes, escaped: bool) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(mark) = rest.find('?') {
        let (before, from) = rest.split_at(mark);
        said.push_str(before);
        let name: String =
            from.chars().skip(1).take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let words = changes.fills.get(&name).map(|fill| fill.words.clone()).or_else(|| {
            changes.reopened.iter().find(|(hole, _, _)| *hole == name).map(|(_, to, _)| to.replace('_', " "))
        });
        match words {
            Some(words) if escaped => {
                let written = literal(&words);
                said.push_str(written.get(1..written.len() - 1).unwrap_or(""));
            }
            Some(words) => said.push_str(&words),
            None => {
                said.push('?');
                said.push_str(&name);
            }
        }
        rest = from.get(1 + name.len()..).unwrap_or("");
    }
    said.push_str(rest);
    changes.stems.iter().fold(said, |said, (from, to)| with_noun(&said, from, &to.replace('_', " ")))
}

/// Replaces whole words, and `a` before one by `an` where it sounds so.
fn with_noun(text: &str, from: &str, to: &str) -> String {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '`';
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let after = found.get(from.len()..).unwrap_or("");
        let whole =
            !said.chars().chain(before.chars()).next_back().is_some_and(word) && !after.starts_with(word);
        said.push_str(before);
        if whole {
            if said.ends_with(" a ") && to.starts_with(['a', 'e', 'i', 'o', 'u']) {
                said.insert(said.len() - 1, 'n');
            }
            said.push_str(to);
        } else {
            said.push_str(from);
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

/// Declarations of filled holes go; examples that mention dropped ones go.
fn remove_or_reopen(text: &str, decl: &Decl, changes: &Changes, edits: &mut Edits) {
    match &decl.kind {
        DeclKind::Hole(hole) => {
            let name = hole.name.name.as_str();
            if changes.fills.contains_key(name) || changes.dropped.iter().any(|dropped| dropped == name) {
                edits.push(whole_lines(text, decl.span), String::new());
            } else if let Some((_, to, ask)) = changes.reopened.iter().find(|(from, _, _)| from == name) {
                let ty = hole.ty.as_ref().map_or("", |ty| ty.span.slice(text));
                let text = format!("hole ?{to}: term {ty}\n  hint {}", literal(ask));
                edits.push(decl.span, text);
            }
        }
        DeclKind::Examples(examples) => {
            let mentions = |span: Span| {
                lex(text, span).tokens.iter().any(|token| {
                    token.kind == Kind::Hole
                        && changes
                            .dropped
                            .iter()
                            .any(|name| token.span.slice(text).trim_start_matches('?') == name)
                })
            };
            let gone: Vec<Span> =
                examples.examples.iter().map(|example| example.span).filter(|span| mentions(*span)).collect();
            if !gone.is_empty() && gone.len() == examples.examples.len() {
                edits.push(whole_lines(text, decl.span), String::new());
            } else {
                gone.into_iter().for_each(|span| edits.push(whole_lines(text, span), String::new()));
            }
        }
        _ => {}
    }
}

/// The span with the rest of its lines, when nothing else stands on them, and one blank line after.
fn whole_lines(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let after = text.get(span.end as usize..).unwrap_or("");
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    let alone = before.get(line_start..).unwrap_or("").trim().is_empty()
        && after.get(..line_end).unwrap_or("").trim().trim_matches(',').is_empty();
    if !alone {
        return span;
    }
    let rest = after.get(line_end..).unwrap_or("");
    let blank =
        rest.find('\n').filter(|at| rest.get(..*at).unwrap_or("").trim().is_empty()).map_or(0, |at| at + 1);
    Span::new(line_start as u32, span.end + (line_end + blank) as u32)
}

/// Names by what they become. A name that would collide keeps its old one.
fn renaming(
    text: &str,
    document: &Document,
    changes: &Changes,
    taken: &dyn Fn(&str) -> bool,
) -> BTreeMap<String, String> {
    let mut names: Vec<String> = Vec::new();
    for fence in &document.fences {
        for token in lex(text, fence.body).tokens {
            let word = token.span.slice(text);
            if matches!(token.kind, Kind::Small | Kind::Capital) && !names.iter().any(|name| name == word) {
                names.push(word.to_owned());
            }
        }
    }
    let labels: Vec<(&str, &str)> = changes
        .fills
        .iter()
        .filter_map(|(hole, fill)| Some((hole.as_str(), fill.label.as_deref()?)))
        .chain(changes.reopened.iter().map(|(from, to, _)| (from.as_str(), to.as_str())))
        .chain(changes.stems.iter().map(|(from, to)| (from.as_str(), to.as_str())))
        .collect();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for name in &names {
        let whole = changes.names.iter().find(|(from, _)| from == name).map(|(_, to)| to.clone());
        let to = whole.unwrap_or_else(|| with_labels(name, &labels));
        let free = !names.contains(&to) && !renamed.values().any(|other| *other == to) && !taken(&to);
        if to != *name && free && crate::syntax::is_name(&to) {
            renamed.insert(name.clone(), to);
        }
    }
    renamed
}

/// Replaces pieces of a name: of `sum_wanted` and of `SumWanted`.
fn with_labels(name: &str, labels: &[(&str, &str)]) -> String {
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        let mut pieces: Vec<String> = Vec::new();
        for c in name.chars() {
            if c.is_ascii_uppercase() || pieces.is_empty() {
                pieces.push(String::new());
            }
            if let Some(last) = pieces.last_mut() {
                last.push(c);
            }
        }
        pieces
            .iter()
            .map(|piece| {
                let label = labels.iter().find(|(from, _)| piece.to_lowercase() == *from);
                label.map_or_else(|| piece.clone(), |(_, to)| capitalised(to))
            })
            .collect()
    } else {
        let pieces = name.split('_').map(|piece| {
            let label = labels.iter().find(|(from, _)| piece == *from);
            label.map_or_else(|| piece.to_owned(), |(_, to)| (*to).to_owned())
        });
        pieces.collect::<Vec<_>>().join("_")
    }
}

/// `over_10` as `Over10`.
pub fn capitalised(name: &str) -> String {
    name.split('_')
        .map(|piece| {
            let mut letters = piece.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

fn fill_edit(
    text: &str,
    fill: &Fill,
    before: Option<&Token>,
    tokens: &[Token],
    at: usize,
    rename: &BTreeMap<String, String>,
) -> (Span, String) {
    let span = tokens.get(at).map_or(Span::default(), |token| token.span);
    let kind = |offset: usize| tokens.get(at + offset).map_or(Kind::End, |token| token.kind);
    match &fill.value {
        Value::Term(term) => {
            let bare = !term.starts_with('-')
                || before.is_some_and(|token| takes_any_term(token.kind) || compares(token.kind));
            (span, if bare { term.clone() } else { format!("({term})") })
        }
        Value::Condition(predicate) => {
            let called =
                kind(1) == Kind::LeftParen && matches!(kind(2), Kind::Small) && kind(3) == Kind::RightParen;
            if !called {
                let written = format!("\\n. {}", predicate.term("n"));
                let bare = before.is_some_and(|token| takes_any_term(token.kind)) && ends_term(kind(1));
                return (span, if bare { written } else { format!("({written})") });
            }
            let name = tokens.get(at + 2).map_or("", |token| token.span.slice(text));
            let written = predicate.term(rename.get(name).map_or(name, String::as_str));
            let alternative = matches!(predicate, Predicate::Any(_));
            let left =
                before.is_some_and(|token| takes_any_term(token.kind) || (!alternative && joins(token.kind)));
            let right = ends_term(kind(4)) || (!alternative && joins(kind(4)));
            let end = tokens.get(at + 3).map_or(span, |token| token.span);
            (span.to(end), if left && right { written } else { format!("({written})") })
        }
    }
}

/// Whether a whole term may follow.
fn takes_any_term(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Equals
            | Kind::LeftParen
            | Kind::LeftBracket
            | Kind::Comma
            | Kind::Colon
            | Kind::If
            | Kind::Then
            | Kind::Else
            | Kind::FatArrow
            | Kind::Dot
            | Kind::Bar
            | Kind::In
            | Kind::Implies
            | Kind::Iff
    )
}

fn compares(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::EqualEqual | Kind::NotEqual | Kind::Less | Kind::LessEqual | Kind::Greater | Kind::GreaterEqual
    )
}

fn joins(kind: Kind) -> bool {
    matches!(kind, Kind::And)
}

/// Whether a term ends before this token, whatever the term is.
fn ends_term(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::RightParen
            | Kind::RightBracket
            | Kind::RightBrace
            | Kind::Comma
            | Kind::Then
            | Kind::Else
            | Kind::In
            | Kind::End
            | Kind::Implies
            | Kind::Iff
            | Kind::Small
            | Kind::Capital
            | Kind::Def
            | Kind::Spec
            | Kind::HoleWord
            | Kind::Examples
            | Kind::Type
    )
}

/// Drops fences in which nothing is left, and runs of blank lines.
fn without_empty_fences(text: &str) -> String {
    let document = parse(text);
    let mut edits = Edits::default();
    for fence in document.fences.iter().filter(|fence| fence.body.slice(text).trim().is_empty()) {
        edits.push(fence.span, String::new());
    }
    let text = edits.apply(text);
    let mut kept = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.split_inclusive('\n') {
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            kept.push_str(line);
        }
    }
    // A blank line before the end of a fence is left over from what was removed.
    kept.replace("\n\n```\n", "\n```\n").replace("```spec-ir\n\n", "```spec-ir\n")
}
