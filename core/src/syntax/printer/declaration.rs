//! Declarations.

use super::layout::Doc;
use super::term::{enclosed, quoted, separated};
use super::{Item, Lines, Printer};
use crate::syntax::span::Span;
use crate::syntax::tree::{
    AliasDecl, BinaryOp, Clause, CtorDecl, Decl, DeclKind, DefDecl, EntityDecl, ExamplesDecl, Expr, ExprKind,
    HoleDecl, HoleKind, Ident, ImportDecl, ImportFrom, ImportTake, IntentDecl, LinkKind, Measure, Param,
    SpecDecl, SumDecl,
};

impl Printer<'_> {
    pub(super) fn declaration(&mut self, decl: &Decl) -> Doc {
        let end = decl.span.end;
        // A comment between the keyword and the name goes before both.
        let name = match &decl.kind {
            DeclKind::Alias(alias) => alias.name.span,
            DeclKind::Sum(sum) => sum.name.span,
            DeclKind::Entity(entity) => entity.name.span,
            DeclKind::Intent(intent) => intent.title_span,
            DeclKind::Spec(spec) => spec.name.span,
            DeclKind::Def(def) => def.name.span,
            DeclKind::Hole(hole) => hole.name.span,
            DeclKind::Import(import) => import.from.span(),
            DeclKind::Examples(_) | DeclKind::Error => decl.span,
        };
        let comments = self.comments.before(name.start);
        comments.then(match &decl.kind {
            DeclKind::Alias(alias) => self.alias(alias),
            DeclKind::Sum(sum) => self.sum(sum),
            DeclKind::Entity(entity) => self.entity(entity, end),
            DeclKind::Intent(intent) => self.intent(intent, end),
            DeclKind::Spec(spec) => self.spec(spec, end),
            DeclKind::Def(def) => self.def(def),
            DeclKind::Hole(hole) => self.hole(hole),
            DeclKind::Examples(examples) => self.examples(examples, end),
            DeclKind::Import(import) => self.import(import),
            DeclKind::Error => Doc::text("…"),
        })
    }

    fn alias(&mut self, alias: &AliasDecl) -> Doc {
        let head = self.type_head(&alias.name, &alias.params).then_text(" =");
        head.then(Doc::Line.then(self.ty(&alias.body)).indent()).group()
    }

    fn type_head(&mut self, name: &Ident, params: &[Param]) -> Doc {
        let mut head = Doc::text(format!("type {}", name.name));
        for param in params {
            head = head.then_text(" ").then(self.type_param(param));
        }
        head
    }

    fn type_param(&mut self, param: &Param) -> Doc {
        let doc = self.param(param);
        if param.ty.is_some() { Doc::text("(").then(doc).then_text(")") } else { doc }
    }

    /// One line, or one constructor a line, each after a bar.
    fn sum(&mut self, sum: &SumDecl) -> Doc {
        let head = self.type_head(&sum.name, &sum.params).then_text(" =");
        let bare = matches!(sum.ctors.as_slice(), [only] if only.fields.is_empty());
        let mut ctors = Doc::nothing();
        for (number, ctor) in sum.ctors.iter().enumerate() {
            let comments = self.comments.before(ctor.name.span.start);
            let bar = if number > 0 || bare { Doc::text("| ") } else { Doc::IfBroken("| ") };
            let doc = self.ctor(ctor);
            let end = ctor.fields.last().map_or(ctor.name.span.end, |(_, ty)| ty.span.end);
            ctors = ctors
                .then(Doc::Line)
                .then(comments)
                .then(bar)
                .then(doc)
                .then(self.comments.after_closing(end));
        }
        head.then(ctors.indent()).group()
    }

    fn ctor(&mut self, ctor: &CtorDecl) -> Doc {
        let fields = ctor.fields.iter().map(|(name, ty)| {
            let start = name.as_ref().map_or(ty.span.start, |name| name.span.start);
            let comments = self.comments.before(start);
            let name = name.as_ref().map(|name| format!("{}: ", name.name)).unwrap_or_default();
            comments.then_text(name).then(self.ty(ty)).then(self.comments.after(ty.span.end))
        });
        let fields: Vec<Doc> = fields.collect();
        let name = Doc::text(ctor.name.name.as_str());
        if fields.is_empty() { name } else { name.then(enclosed("(", fields, ")")) }
    }

    fn entity(&mut self, entity: &EntityDecl, end: u32) -> Doc {
        let mut head = Doc::text(format!("entity {}", entity.name.name));
        for param in &entity.params {
            head = head.then_text(" ").then(self.type_param(param));
        }
        enum Member<'e> {
            Field(&'e (Ident, Expr)),
            Invariant(&'e Clause),
        }
        let fields = entity.fields.iter().map(|field| (field.0.span.start, Member::Field(field)));
        let invariants =
            entity.invariants.iter().map(|clause| (clause.span.start, Member::Invariant(clause)));
        let mut members: Vec<(u32, Member<'_>)> = fields.chain(invariants).collect();
        members.sort_by_key(|(start, _)| *start);
        let head = head.then_text(" {").then(self.behind_opening(members.first().map(|(start, _)| *start)));
        let items = members.into_iter().map(|(_, member)| match member {
            Member::Field((name, ty)) => self.typed(name, ty),
            Member::Invariant(clause) => self.clause("invariant", clause),
        });
        let items = items.collect();
        self.block(head, items, end, Lines::Always)
    }

    fn behind_opening(&mut self, first: Option<u32>) -> Doc {
        first.map_or_else(Doc::nothing, |start| self.comments.behind_opening(start))
    }

    /// `name: type` on a line of its own.
    fn typed(&mut self, name: &Ident, ty: &Expr) -> Item {
        let before = self.comments.before(name.span.start);
        let doc = Doc::text(format!("{}: ", name.name)).then(self.ty(ty));
        Item { before, doc, behind: self.comments.after(ty.span.end), comma: false }
    }

    /// `requires label: p`
    fn clause(&mut self, keyword: &str, clause: &Clause) -> Item {
        let before = self.comments.before(clause.span.start);
        let label = clause.label.as_ref().map(|label| format!("{}: ", label.name)).unwrap_or_default();
        let doc = Doc::text(format!("{keyword} {label}")).then(self.term(&clause.body).indent());
        Item { before, doc, behind: self.comments.after(clause.span.end), comma: false }
    }

    fn intent(&mut self, intent: &IntentDecl, end: u32) -> Doc {
        let head = Doc::text(format!("intent {} {{", quoted(&intent.title)));
        let start_of = |spans: &mut dyn Iterator<Item = Span>| spans.next().map(|span| span.start);
        let mut sections: Vec<(u32, Section<'_>)> = Vec::new();
        let mut add = |start: Option<u32>, section| sections.extend(start.map(|start| (start, section)));
        add(
            start_of(&mut intent.inputs.iter().map(|(name, _)| name.span)),
            Section::Typed("inputs", &intent.inputs),
        );
        add(
            start_of(&mut intent.outputs.iter().map(|(name, _)| name.span)),
            Section::Typed("outputs", &intent.outputs),
        );
        add(
            start_of(&mut intent.goals.iter().map(|(name, ..)| name.span)),
            Section::Worded("goals", &intent.goals),
        );
        add(
            start_of(&mut intent.constraints.iter().map(|measure| measure.span)),
            Section::Measured("constraints", &intent.constraints),
        );
        add(
            start_of(&mut intent.metrics.iter().map(|measure| measure.span)),
            Section::Measured("metrics", &intent.metrics),
        );
        add(
            start_of(&mut intent.roles.iter().map(|(name, ..)| name.span)),
            Section::Worded("roles", &intent.roles),
        );
        sections.sort_by_key(|(start, _)| *start);
        // The word before its brace has no place in the tree: comments go before it, not into the braces.
        let items = sections.into_iter().map(|(start, section)| {
            let before = self.comments.before(start);
            Item { before, doc: self.section(section), behind: Doc::nothing(), comma: false }
        });
        let items = items.collect();
        self.block(head, items, end, Lines::Always)
    }

    fn section(&mut self, section: Section<'_>) -> Doc {
        let (name, items): (_, Vec<Item>) = match section {
            Section::Typed(name, fields) => {
                (name, fields.iter().map(|(name, ty)| self.typed(name, ty)).collect())
            }
            Section::Worded(name, entries) => {
                let items = entries.iter().map(|(name, text, span)| {
                    let before = self.comments.before(name.span.start);
                    let doc = Doc::text(format!("{}: {}", name.name, quoted(text)));
                    Item { before, doc, behind: self.comments.after(span.end), comma: false }
                });
                (name, items.collect())
            }
            Section::Measured(name, measures) => {
                // Without a comma the next name would read as the unit of this one.
                let items = measures
                    .iter()
                    .map(|measure| Item { comma: measure.unit.is_none(), ..self.measure(measure) });
                (name, items.collect())
            }
        };
        self.block(Doc::text(format!("{name} {{")), items, 0, Lines::IfLong)
    }

    fn measure(&mut self, measure: &Measure) -> Item {
        let before = self.comments.before(measure.span.start);
        let doc = self.term(&measure.body).indent().then_text(unit(measure));
        Item { before, doc, behind: self.comments.after(measure.span.end), comma: false }
    }

    /// `latency 5 ms`, which is kept as `latency <= 5`.
    fn bound(&mut self, measure: &Measure) -> Item {
        let ExprKind::Binary(BinaryOp::Le, left, right) = &measure.body.kind else {
            return self.measure(measure);
        };
        let ExprKind::Name(name) = &left.kind else { return self.measure(measure) };
        let before = self.comments.before(measure.span.start);
        let doc = Doc::text(format!("{name} ")).then(self.term(right).indent()).then_text(unit(measure));
        Item { before, doc, behind: self.comments.after(measure.span.end), comma: false }
    }

    fn spec(&mut self, spec: &SpecDecl, end: u32) -> Doc {
        let head = Doc::text(format!("spec {}", spec.name.name))
            .then(self.signature(&spec.type_params, &spec.params));
        let effects = spec.effects.as_deref();
        let clauses = spec.requires.iter().chain(&spec.ensures).map(|clause| clause.span.start);
        let first = clauses.chain(spec.bounds.iter().map(|bound| bound.span.start)).min();
        let opening = self.behind_opening(first);
        let parts = self.contract(&spec.requires, &spec.ensures, effects, None, &spec.bounds);
        let head = head.then_text(" {").then(opening);
        self.block(head, parts, end, Lines::Always)
    }

    /// `[T](x: A, y: B)`
    fn signature(&mut self, type_params: &[Param], params: &[Param]) -> Doc {
        let mut doc = Doc::nothing();
        if !type_params.is_empty() {
            doc = doc.then(enclosed("[", type_params.iter().map(|param| self.param(param)).collect(), "]"));
        }
        doc.then(enclosed("(", params.iter().map(|param| self.param(param)).collect(), ")"))
    }

    /// Clauses, effects and bounds in the order of the text; those of a made tree in the usual order.
    fn contract(
        &mut self,
        requires: &[Clause],
        ensures: &[Clause],
        effects: Option<&[Ident]>,
        decreases: Option<&Expr>,
        bounds: &[Measure],
    ) -> Vec<Item> {
        enum Piece<'e> {
            Clause(&'static str, &'e Clause),
            Effects(&'e [Ident]),
            Decreases(&'e Expr),
            Bound(&'e Measure),
        }
        let mut pieces: Vec<(u32, Piece<'_>)> = Vec::new();
        pieces.extend(requires.iter().map(|clause| (clause.span.start, Piece::Clause("requires", clause))));
        pieces.extend(ensures.iter().map(|clause| (clause.span.start, Piece::Clause("ensures", clause))));
        if let Some(effects) = effects {
            // `pure` has no place of its own: it goes behind the clauses.
            let behind = pieces.iter().map(|(start, _)| *start).max().unwrap_or(0);
            let start = effects.first().map_or(behind, |name| name.span.start);
            pieces.push((start, Piece::Effects(effects)));
        }
        pieces.extend(decreases.map(|measure| (measure.span.start, Piece::Decreases(measure))));
        pieces.extend(bounds.iter().map(|measure| (measure.span.start, Piece::Bound(measure))));
        pieces.sort_by_key(|(start, _)| *start);
        let items = pieces.into_iter().map(|(_, piece)| match piece {
            Piece::Clause(keyword, clause) => self.clause(keyword, clause),
            Piece::Effects(names) => self.effects(names),
            Piece::Decreases(measure) => self.decreases(measure),
            Piece::Bound(measure) => self.bound(measure),
        });
        items.collect()
    }

    fn decreases(&mut self, measure: &Expr) -> Item {
        let before = self.comments.before(measure.span.start);
        let doc = Doc::text("decreases ").then(self.term(measure).indent());
        Item { before, doc, behind: self.comments.after(measure.span.end), comma: false }
    }

    fn effects(&mut self, names: &[Ident]) -> Item {
        let (Some(first), Some(last)) = (names.first(), names.last()) else {
            let doc = Doc::text("effects pure");
            return Item { before: Doc::nothing(), doc, behind: Doc::nothing(), comma: false };
        };
        let before = self.comments.before(first.span.start);
        let names =
            names.iter().map(|name| self.comments.before(name.span.start).then_text(name.name.as_str()));
        let inner = separated(names.collect(), &Doc::text(", "));
        let doc = Doc::text("effects { ").then(inner).then_text(" }");
        Item { before, doc, behind: self.comments.after_closing(last.span.end), comma: false }
    }

    fn def(&mut self, def: &DefDecl) -> Doc {
        let mut head = Doc::text(format!("def {}", def.name.name));
        head = head.then(self.signature(&def.type_params, &def.params));
        if let Some(result) = &def.result {
            head = head.then_text(": ").then(self.ty(result)).then(self.comments.after(result.span.end));
        }
        if let Some(spec) = &def.implements {
            let comments = self.comments.before(spec.span.start);
            head = head.then(comments).then_text(format!(" implements {}", spec.name));
            head = head.then(self.comments.after(spec.span.end));
        }
        let effects = def.effects.as_deref();
        let parts = self.contract(&def.requires, &def.ensures, effects, def.decreases.as_ref(), &[]);
        let Some(body) = &def.body else {
            return head.then(on_lines(parts).indent());
        };
        if parts.is_empty() {
            let doc = head.then_text(" =");
            return doc.then(Doc::Line.then(self.term(body)).indent()).group();
        }
        let comments = self.comments.before(body.span.start);
        let inner = self.term(body);
        let inner = if matches!(body.kind, ExprKind::Match(..)) { inner } else { inner.indent() };
        head.then(on_lines(parts).indent())
            .then(Doc::HardLine(" "))
            .then(comments)
            .then_text("= ")
            .then(inner)
    }

    fn hole(&mut self, hole: &HoleDecl) -> Doc {
        let mut head = Doc::text(format!("hole ?{}", hole.name.name));
        if hole.ty.is_some() || hole.kind != HoleKind::Term {
            head = head.then_text(format!(": {}", kind_word(hole.kind)));
        }
        if let Some(ty) = &hole.ty {
            let doc = self.ty(ty);
            let doc = match holds_hole_here(ty) {
                false => doc,
                true => Doc::text("(").then(doc).then_text(")"),
            };
            head = head.then_text(" ").then(doc).then(self.comments.after(ty.span.end));
        }
        let mut parts = Doc::nothing();
        if let Some(default) = &hole.default {
            let term = self.term(default).indent();
            let doc = match holds_hole_here(default) {
                false => Doc::text("= ").then(term),
                // Its links and hint would take those of this hole.
                true => Doc::text("= (").then(term).then_text(")"),
            };
            parts = parts.then(Doc::Line).then(doc).then(self.comments.after(default.span.end));
        }
        if let Some(because) = &hole.because {
            parts = parts.then(Doc::Line).then_text(format!("because {}", quoted(because)));
        }
        if let Some(hint) = &hole.hint {
            parts = parts.then(Doc::Line).then_text(format!("hint {}", quoted(hint)));
        }
        if !hole.answers.is_empty() {
            let answers = hole.answers.iter().map(|answer| {
                let doc = self.term(answer);
                doc.then(self.comments.after(answer.span.end))
            });
            let inner = separated(answers.collect(), &Doc::text(",").then(Doc::Line));
            let inner = Doc::Line.then(inner).indent().then(Doc::Line);
            parts = parts.then(Doc::Line).then(Doc::text("answers {").then(inner).then_text("}").group());
        }
        if !hole.links.is_empty() {
            parts = parts.then(Doc::Line).then(links(&hole.links));
        }
        head.then(parts.indent()).group()
    }

    fn import(&mut self, import: &ImportDecl) -> Doc {
        let head = Doc::text("import ").then(match &import.from {
            ImportFrom::Document(path, _) => Doc::text(quoted(path)),
            ImportFrom::Hole(name) => Doc::text(format!("?{}", name.name)),
        });
        let head = head.then(self.comments.after(import.from.span().end));
        match &import.take {
            ImportTake::As(name) => {
                let comments = self.comments.before(name.span.start);
                head.then_text(" as ").then(comments).then_text(name.name.as_str())
            }
            ImportTake::Names(names) => {
                let names = names.iter().map(|name| {
                    let before = self.comments.before(name.span.start);
                    before.then_text(name.name.as_str()).then(self.comments.after(name.span.end))
                });
                let inner = separated(names.collect(), &Doc::text(",").then(Doc::Line));
                let inner = Doc::Line.then(inner).indent().then(Doc::Line);
                head.then_text(" {").then(inner).then_text("}").group()
            }
        }
    }

    fn examples(&mut self, examples: &ExamplesDecl, end: u32) -> Doc {
        let first = examples.examples.first().map(|example| example.span.start);
        let head = Doc::text("examples {").then(self.behind_opening(first));
        let items = examples.examples.iter().map(|example| {
            let before = self.comments.before(example.span.start);
            let doc = self.term(example).indent();
            Item { before, doc, behind: self.comments.after(example.span.end), comma: false }
        });
        let items: Vec<Item> = items.collect();
        let lines = if items.len() > 1 { Lines::Always } else { Lines::IfLong };
        self.block(head, items, end, lines)
    }
}

fn unit(measure: &Measure) -> String {
    measure.unit.as_ref().map(|unit| format!(" {}", unit.name)).unwrap_or_default()
}

/// A section of an intent.
enum Section<'e> {
    Typed(&'static str, &'e [(Ident, Expr)]),
    Worded(&'static str, &'e [(Ident, String, Span)]),
    Measured(&'static str, &'e [Measure]),
}

/// Each part on a line of its own.
fn on_lines(parts: Vec<Item>) -> Doc {
    let lines = parts.into_iter().flat_map(|item| [Doc::HardLine(" "), item.before, item.doc, item.behind]);
    Doc::Concat(lines.collect())
}

/// Whether some hole in it says what is known of it where it stands.
fn holds_hole_here(expr: &Expr) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if matches!(expr.kind, ExprKind::HoleHere(_)) {
            return true;
        }
        expr.for_each_child(&mut |child| todo.push(child));
    }
    false
}

/// `links { uses ?a, blocks ?b }`
pub(super) fn links(links: &[(LinkKind, Ident)]) -> Doc {
    let links = links.iter().map(|(kind, name)| {
        let word = match kind {
            LinkKind::Uses => "uses",
            LinkKind::Blocks => "blocks",
        };
        Doc::text(format!("{word} ?{}", name.name))
    });
    let inner = separated(links.collect(), &Doc::text(", "));
    Doc::text("links { ").then(inner).then_text(" }")
}

pub(super) fn kind_word(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Term => "term",
        HoleKind::Type => "type",
        HoleKind::Spec => "spec",
        HoleKind::Entity => "entity",
        HoleKind::Function => "function",
        HoleKind::Module => "module",
    }
}
