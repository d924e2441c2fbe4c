//! What a docstring says: the words of the document, and the contract in the document's own notation.

use super::names::member;
use super::outline::Outline;
use crate::ir::{
    Clause, DeclId, DeclKind, Declaration, DefDecl, Icit, Name, Program, Term, TermKind, distill,
};

/// The docstring of a definition; `None` when there is nothing to say.
pub(super) fn of_definition(
    outline: &Outline<'_>,
    id: DeclId,
    def: &DefDecl,
    names: &[Name],
) -> Option<String> {
    let program = outline.program;
    let summary = summary(program, id);
    let has_summary = summary.is_some();
    let mut paragraphs: Vec<String> = summary.into_iter().collect();
    let explicit = def.params.iter().enumerate().filter(|(_, param)| param.icit == Icit::Explicit);
    let args: Vec<String> = explicit
        .filter_map(|(position, param)| {
            let context = names.get(..position)?;
            let condition = refinement_text(program, context, &param.ty, &param.name)?;
            Some(wrapped(&format!("{}: {condition}", names.get(position)?), 4, 8))
        })
        .collect();
    if !args.is_empty() {
        paragraphs.push(format!("Args:\n{}", args.join("\n")));
    }
    let mut context = names.to_vec();
    context.push("result".into());
    let mut promises: Vec<String> = refinement_text(program, names, &def.result, &"result".into())
        .map(|condition| wrapped(&format!("- {condition}"), 4, 6))
        .into_iter()
        .collect();
    promises.extend(clause_lines(program, &context, &def.ensures));
    if !promises.is_empty() {
        paragraphs.push(format!("Returns:\n    The result, of which holds:\n\n{}", promises.join("\n")));
    }
    let demands = clause_lines(program, names, &def.requires);
    if !demands.is_empty() {
        let class = match outline.options.contracts {
            crate::generate::Contracts::Raise => "ValueError",
            crate::generate::Contracts::Assert => "AssertionError",
            crate::generate::Contracts::Comment => "",
        };
        paragraphs.push(if class.is_empty() {
            format!("Needs:\n{}", demands.join("\n"))
        } else {
            format!("Raises:\n    {class}: Unless this holds:\n\n{}", demands.join("\n"))
        });
    }
    if !has_summary && !paragraphs.is_empty() {
        let name = program.decl(id).map(|decl| member(&decl.name).replace('_', " ")).unwrap_or_default();
        paragraphs.insert(0, sentence(&capitalised(name.trim())));
    }
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The words that describe a declaration: the title of the intent it answers, and prose.
pub(super) fn summary(program: &Program, id: DeclId) -> Option<String> {
    let decl = program.decl(id)?;
    let spec = match &decl.kind {
        DeclKind::Def(def) => def.implements.and_then(|spec| program.decl(spec)),
        _ => None,
    };
    let intent = match &decl.kind {
        DeclKind::Def(_) => intent_of(program, decl, spec.map(|spec| &**spec)),
        _ => None,
    };
    let title = intent.map(|intent| sentence(&intent.name));
    let prose = [Some(&**decl), spec.map(|spec| &**spec), intent];
    let prose = prose.into_iter().flatten().find_map(|decl| first_paragraph(decl.prose.as_deref()?));
    let text = match (title, prose) {
        (Some(title), Some(prose)) if title != prose => format!("{title}\n\n{}", wrapped(&prose, 0, 0)),
        (title, prose) => wrapped(&title.or(prose)?, 0, 0),
    };
    Some(text)
}

/// The intent above a specification, for the definition that implements it; the intent right above a definition
/// that implements none.
fn intent_of<'p>(
    program: &'p Program,
    decl: &Declaration,
    spec: Option<&Declaration>,
) -> Option<&'p Declaration> {
    let what = spec.unwrap_or(decl);
    // Intents are not imported: none stands above what is.
    program.own().filter_map(|id| program.decl(id)).find(|own| own.span == what.span)?;
    let place = what.span.start;
    let above = program.own().filter_map(|id| program.decl(id)).filter(|other| other.span.start < place);
    let nearest = above
        .filter(|other| match other.kind {
            DeclKind::Intent(_) => true,
            DeclKind::Def(_) | DeclKind::Spec(_) => spec.is_none(),
            _ => false,
        })
        .max_by_key(|other| other.span.start)?;
    matches!(nearest.kind, DeclKind::Intent(_)).then_some(&**nearest)
}

/// Words in lines of a readable width, the first one and the others indented.
fn wrapped(words: &str, first: usize, others: usize) -> String {
    const WIDTH: usize = 88;
    let mut text = " ".repeat(first);
    let mut column = first;
    for (number, word) in words.split(' ').enumerate() {
        let width = word.chars().count();
        if number > 0 && column + 1 + width > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(others));
            column = others;
        } else if number > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
    }
    text
}

/// The first paragraph of Markdown prose that is no heading, quotation, list or block of code, on one line.
fn first_paragraph(prose: &str) -> Option<String> {
    let mut fence: Option<&str> = None;
    let mut words: Vec<&str> = Vec::new();
    for line in prose.lines().map(str::trim) {
        let opens = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark));
        match (fence, opens) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, Some(mark)) => {
                if !words.is_empty() {
                    break;
                }
                fence = Some(mark);
            }
            (None, None) if line.is_empty() && !words.is_empty() => break,
            (None, None) if line.is_empty() || line.starts_with(['#', '>', '-', '*', '|', '<']) => {
                if !words.is_empty() {
                    break;
                }
            }
            (None, None) => words.extend(line.split_whitespace()),
        }
    }
    (!words.is_empty()).then(|| sentence(&words.join(" ")))
}

fn sentence(words: &str) -> String {
    let words = words.trim();
    if words.ends_with(['.', '!', '?', ':']) { words.to_owned() } else { format!("{words}.") }
}

/// Each clause as a line of the docstring.
fn clause_lines(program: &Program, context: &[Name], clauses: &[Clause]) -> Vec<String> {
    let lines = clauses.iter().map(|clause| format!("- {}", clause_text(program, context, clause)));
    lines.map(|line| wrapped(&line, 4, 6)).collect()
}

/// A clause in the document's notation, on one line, with its label.
pub(super) fn clause_text(program: &Program, context: &[Name], clause: &Clause) -> String {
    let text = one_line(&distill::show(program, context, &clause.body));
    match &clause.label {
        Some(label) => format!("{label}: {text}"),
        None => text,
    }
}

/// What a type's refinements ask of the value called `name`, in the document's notation.
pub(super) fn refinement_text(program: &Program, context: &[Name], ty: &Term, name: &Name) -> Option<String> {
    let unfolded = ty.unfold(program);
    match &*unfolded.kind {
        TermKind::Refine(_, base, pred) => {
            let mut inner = context.to_vec();
            inner.push(name.clone());
            let own = one_line(&distill::show(program, &inner, pred));
            Some(match refinement_text(program, context, base, name) {
                Some(base) => format!("{base} && {own}"),
                None => own,
            })
        }
        _ => has_refinement(program, &unfolded)
            .then(|| format!("of type {}", one_line(&distill::show_type(program, context, ty)))),
    }
}

/// Whether lists, options or tuples of the type hold refined values.
fn has_refinement(program: &Program, ty: &Term) -> bool {
    let mut todo = vec![ty.clone()];
    while let Some(ty) = todo.pop() {
        let ty = ty.unfold(program);
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Refine(..) => return true,
            TermKind::Product(items) => todo.extend(items.iter().cloned()),
            TermKind::Data(decl) if Some(*decl) == program.list() || Some(*decl) == program.option() => {
                todo.extend(args.iter().map(|arg| arg.term.clone()));
            }
            _ => {}
        }
    }
    false
}

fn one_line(text: &str) -> String {
    // Line breaks inside texts are escapes; the printer's own are layout.
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
