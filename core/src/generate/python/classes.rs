//! Declared types as classes, abbreviations as aliases, assumptions as constants.

use super::docs;
use super::lower::{Dest, Lowerer, Slot, Uses};
use super::outline::{Class, Outline, Shape};
use super::print::{block, docstring, expression, function_text, one_line, string_literal};
use super::syntax::{Block, Expr, Function, Piece, Stmt};
use crate::generate::Contracts;
use crate::ir::{DataDecl, DeclId, HoleId, Term, TermKind, distill};

/// The classes of a declared type.
pub(super) fn data(outline: &Outline<'_>, uses: &mut Uses, id: DeclId) -> String {
    let (Some(data), Some(class)) = (outline.program.data(id), outline.classes.get(&id)) else {
        return String::new();
    };
    let words = docs::summary(outline.program, id);
    if class.shape == Shape::Enumeration {
        return enumeration(uses, data, class, words);
    }
    uses.imports.insert("dataclass");
    let single = class.ctors.len() == 1;
    let mut text = String::new();
    let mut parts = Vec::new();
    for number in 0..class.ctors.len() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let words = if single { words.clone() } else { None };
        let (class_text, reference) = constructor(outline, uses, id, (data, class), number, words);
        text.push_str(&class_text);
        parts.push(reference);
    }
    let alone = single && class.ctors.first().is_some_and(|ctor| ctor.name == class.name);
    if !alone {
        uses.imports.insert("TypeAlias");
        text.push_str("\n\n");
        if let Some(words) = words.filter(|_| !single) {
            words.lines().for_each(|line| text.push_str(&format!("# {}\n", one_line(line))));
        }
        text.push_str(&format!("{}: TypeAlias = {}\n", class.name, parts.join(" | ")));
    }
    text
}

fn enumeration(uses: &mut Uses, data: &DataDecl, class: &Class, words: Option<String>) -> String {
    uses.imports.insert("Enum");
    let mut text = format!("class {}(Enum):\n", class.name);
    if let Some(words) = words {
        text.push_str(&docstring(&words, 4));
        text.push('\n');
    }
    for (ctor, declared) in class.ctors.iter().zip(&data.ctors) {
        text.push_str(&format!("    {} = {}\n", ctor.name, string_literal(&declared.name)));
    }
    text
}

/// The class of one constructor, and how the alias over all of them refers to it.
fn constructor(
    outline: &Outline<'_>,
    uses: &mut Uses,
    id: DeclId,
    (data, class): (&DataDecl, &Class),
    number: usize,
    words: Option<String>,
) -> (String, String) {
    let (Some(ctor), Some(declared)) = (class.ctors.get(number), data.ctors.get(number)) else {
        return Default::default();
    };
    let variables: Vec<Option<String>> = data
        .params
        .iter()
        .map(|param| {
            let is_type = matches!(&*param.ty.kind, TermKind::Universe);
            is_type.then(|| outline.type_variables.get(&param.name).cloned()).flatten()
        })
        .collect();
    let used: Vec<String> = variables
        .iter()
        .enumerate()
        .filter(|(position, _)| {
            // One class for the whole type carries all its parameters, so that its alias takes them all.
            class.ctors.len() == 1 || {
                let fields = declared.fields.iter().enumerate();
                let index = |field: usize| data.params.len() - 1 - position + field;
                fields.into_iter().any(|(field, (_, ty))| super::patterns::mentions(ty, index(field)))
            }
        })
        .filter_map(|(_, variable)| variable.clone())
        .collect();
    if !used.is_empty() {
        uses.imports.insert("Generic");
    }
    let reference =
        if used.is_empty() { ctor.name.clone() } else { format!("{}[{}]", ctor.name, used.join(", ")) };
    let decoration = if class.shape == Shape::Entity { ", kw_only=True" } else { "" };
    let base = if used.is_empty() { String::new() } else { format!("(Generic[{}])", used.join(", ")) };
    let mut text = format!("@dataclass(frozen=True, slots=True{decoration})\nclass {}{base}:\n", ctor.name);
    let mut lowerer = Lowerer::new(outline, uses);
    lowerer.scope =
        variables.into_iter().map(|variable| variable.map_or(Slot::Value(Expr::None), Slot::Type)).collect();
    let mut body = String::new();
    if let Some(words) = words {
        body.push_str(&docstring(&words, 4));
        body.push_str(if ctor.fields.is_empty() { "" } else { "\n" });
    }
    let mut checks = Block::new();
    for (field, (_, ty)) in ctor.fields.iter().zip(&declared.fields) {
        body.push_str(&format!("    {field}: {}\n", lowerer.annotation(ty)));
        let value = Expr::name("self").attribute(field);
        let mut block = Block::new();
        if let Ok(Some(condition)) = lowerer.refinement(ty, &value, &mut block)
            && block.is_empty()
        {
            let context: Vec<_> = data.params.iter().map(|param| param.name.clone()).collect();
            let text = docs::refinement_text(outline.program, &context, ty, &field.as_str().into());
            let text = format!("{}: {field} needs {}, got ", ctor.name, text.unwrap_or_default());
            checks.push(demand(outline, condition, vec![Piece::Text(text), Piece::Repr(value.clone())]));
        }
        lowerer.scope.push(Slot::Value(value));
    }
    let mut context: Vec<_> = data.params.iter().map(|param| param.name.clone()).collect();
    context.extend(ctor.fields.iter().map(|field| crate::ir::Name::from(field.as_str())));
    for clause in &data.invariants {
        let mut block = Block::new();
        if outline.obstacle(&clause.body).is_some() {
            continue;
        }
        if let Ok(condition) = lowerer.expr(&clause.body, &mut block) {
            let text = docs::clause_text(outline.program, &context, clause);
            let pieces = vec![
                Piece::Text(format!("{}: {text} does not hold of ", ctor.name)),
                Piece::Repr(Expr::name("self")),
            ];
            checks.extend(block);
            checks.push(demand(outline, condition, pieces));
        }
    }
    let _ = id;
    if !checks.is_empty() && outline.options.contracts != Contracts::Comment {
        body.push_str("\n    def __post_init__(self) -> None:\n");
        body.push_str(&block(&checks, 8));
    }
    if body.is_empty() {
        body.push_str("    pass\n");
    }
    text.push_str(&body);
    (text, reference)
}

fn demand(outline: &Outline<'_>, condition: Expr, pieces: Vec<Piece>) -> Stmt {
    let message = Expr::Format(pieces);
    match outline.options.contracts {
        Contracts::Assert => Stmt::Assert(condition, message),
        _ => Stmt::If(condition.negated(), vec![Stmt::Raise("ValueError".to_owned(), message)], Block::new()),
    }
}

/// An abbreviation without parameters.
pub(super) fn alias(outline: &Outline<'_>, uses: &mut Uses, id: DeclId, body: &Term) -> String {
    let Some(name) = outline.aliases.get(&id) else { return String::new() };
    uses.imports.insert("TypeAlias");
    let mut lowerer = Lowerer::new(outline, uses);
    let annotation = lowerer.annotation(body);
    // What is declared in this module may stand below: then the type is quoted.
    let mut quoted = false;
    body.walk(&mut |inner| match &*inner.kind {
        TermKind::Data(id) | TermKind::Global(id) => quoted |= !outline.is_prelude(*id),
        _ => {}
    });
    let annotation = if quoted { string_literal(&annotation) } else { annotation };
    let mut text = String::new();
    if matches!(&*body.unfold(outline.program).kind, TermKind::Refine(..)) {
        let shown = distill::show_type(outline.program, &[], body);
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!("# {}\n", one_line(&shown)));
    }
    text.push_str(&format!("{name}: TypeAlias = {annotation}\n"));
    text
}

/// An assumption as a constant, or as a function.
pub(super) fn constant(outline: &Outline<'_>, uses: &mut Uses, id: HoleId) -> String {
    let (Some(hole), Some(name)) = (outline.program.hole(id), outline.constants.get(&id)) else {
        return String::new();
    };
    let Some(default) = &hole.default else { return String::new() };
    let because = hole.because.as_deref().map(|because| format!(": {because}")).unwrap_or_default();
    let because = format!("# Assumed{}\n", one_line(&because));
    let mut lowerer = Lowerer::new(outline, uses);
    let mut statements = Block::new();
    if let TermKind::Lam(_, wanted, domain, body) = &*default.kind {
        let domain = lowerer.annotation(domain);
        let result = match &*hole.ty.unfold(outline.program).kind {
            TermKind::Pi(_, _, _, codomain) => {
                let slot = Slot::Value(Expr::None);
                Some(lowerer.under([slot], |lowerer| lowerer.annotation(codomain)))
            }
            _ => None,
        };
        let param = lowerer.locals.fresh(wanted);
        let slot = Slot::Value(Expr::name(param.clone()));
        if lowerer.under([slot], |lowerer| lowerer.tail(body, &Dest::Return, &mut statements)).is_err() {
            return String::new();
        }
        let function = Function {
            name: name.clone(),
            params: vec![(param, Some(domain))],
            result,
            docstring: None,
            body: statements,
        };
        return format!("{because}{}", function_text(&function, 0));
    }
    let annotation = lowerer.annotation(&hole.ty);
    let Ok(value) = lowerer.expr(default, &mut statements) else { return String::new() };
    format!("{because}{name}: {annotation} = {}\n", expression(&value))
}
