//! One definition as a Python function: signature, docstring, checks at the boundary, body.

use super::docs;
use super::lower::{Dest, Lowered, Lowerer, OwnCall, Slot, Uses};
use super::outline::Outline;
use super::print::function_text;
use super::recursion::Plan;
use super::syntax::{Block, Expr, Function, Piece, Stmt};
use crate::generate::Contracts;
use crate::ir::{Clause, DeclId, DeclKind, DefDecl, Icit, Name, Program, Term, TermKind};
use std::collections::HashSet;

/// The text of a definition's function, with a private function before it when recursion and checks must be kept
/// apart.
pub(super) fn definition(outline: &Outline<'_>, uses: &mut Uses, id: DeclId) -> Lowered<String> {
    let Some(def) = outline.program.def(id) else { return Ok(String::new()) };
    let Some(name) = outline.functions.get(&id) else { return Ok(String::new()) };
    let Some(body) = &def.body else { return Ok(String::new()) };
    let mut lowerer = Lowerer::new(outline, uses);
    lowerer.locals = outline.local_names(id, def);
    lowerer.proved = outline.options.proved.contains(&id);
    let signature = Signature::of(&mut lowerer, def);
    lowerer.result = signature.result.clone();
    let checks = checks(&mut lowerer, id, def, name, &signature);
    let plan = lowerer.plan(id, body, signature.params.len());
    let docstring = docs::of_definition(outline, id, def, &signature.context);
    let mut text = String::new();
    let mut function = Function {
        name: name.clone(),
        params: signature.annotated.clone(),
        result: Some(signature.result.clone()),
        docstring,
        body: Block::new(),
    };
    let guarded = !checks.before.is_empty() || !checks.after.is_empty();
    if let (Plan::Plain { recursive: true }, true) = (&plan, guarded) {
        let inner = outline.inner.get(&id).cloned().unwrap_or_else(|| format!("_{name}"));
        lowerer.own = Some((id, OwnCall::Function(inner.clone())));
        let mut block = Block::new();
        lowerer.tail(body, &Dest::Return, &mut block)?;
        let unguarded = Function { name: inner.clone(), docstring: None, body: block, ..function.clone() };
        text.push_str(&function_text(&unguarded, 0));
        text.push_str("\n\n");
        let args = signature.params.iter().map(|(_, name)| Expr::name(name.clone())).collect();
        let call = Expr::call(&inner, args);
        function.body = checks.before;
        match checks.result {
            Some(result) => {
                function.body.push(Stmt::Assign(Expr::name(result.clone()), call));
                function.body.extend(checks.after);
                function.body.push(Stmt::Return(Expr::Name(result)));
            }
            None => function.body.push(Stmt::Return(call)),
        }
    } else {
        lowerer.own = Some((id, OwnCall::Function(name.clone())));
        function.body = checks.before;
        let keep = checks.result.is_some();
        let dest = checks.result.clone().map_or(Dest::Return, Dest::Assign);
        let mut block = Block::new();
        lowerer.planned(&plan, id, body, &signature.params, (dest, keep), &mut block)?;
        function.body.extend(block);
        if let Some(result) = checks.result {
            function.body.extend(checks.after);
            function.body.push(Stmt::Return(Expr::Name(result)));
        }
    }
    text.push_str(&function_text(&function, 0));
    Ok(text)
}

/// A definition that is left out, as a function that says so.
pub(super) fn stub(outline: &Outline<'_>, uses: &mut Uses, id: DeclId, why: &str) -> String {
    let (Some(def), Some(name)) = (outline.program.def(id), outline.functions.get(&id)) else {
        return String::new();
    };
    let mut lowerer = Lowerer::new(outline, uses);
    lowerer.locals = outline.local_names(id, def);
    let signature = Signature::of(&mut lowerer, def);
    let message = Expr::Str(format!("{name}: {why}"));
    let function = Function {
        name: name.clone(),
        params: signature.annotated,
        result: Some(signature.result),
        docstring: docs::of_definition(outline, id, def, &signature.context),
        body: vec![Stmt::Raise("NotImplementedError".to_owned(), message)],
    };
    function_text(&function, 0)
}

/// The parameters as Python sees them.
struct Signature {
    /// Explicit parameters: their place in the scope, their names.
    params: Vec<(usize, String)>,
    annotated: Vec<(String, Option<String>)>,
    result: String,
    /// Names of all parameters for texts in the document's notation.
    context: Vec<Name>,
}

impl Signature {
    /// Names the parameters and puts them in scope.
    fn of(lowerer: &mut Lowerer<'_>, def: &DefDecl) -> Self {
        let mut signature = Signature {
            params: Vec::new(),
            annotated: Vec::new(),
            result: String::new(),
            context: Vec::new(),
        };
        for (position, param) in def.params.iter().enumerate() {
            let slot = match param.icit {
                Icit::Implicit => {
                    let variable = lowerer.outline.type_variables.get(&param.name);
                    signature.context.push(param.name.clone());
                    Slot::Type(variable.cloned().unwrap_or_else(|| "Any".to_owned()))
                }
                Icit::Explicit => {
                    let annotation = lowerer.annotation(&param.ty);
                    let name = lowerer.locals.fresh(&param.name);
                    signature.params.push((position, name.clone()));
                    signature.annotated.push((name.clone(), Some(annotation)));
                    signature.context.push(name.as_str().into());
                    Slot::Value(Expr::Name(name))
                }
            };
            lowerer.scope.push(slot);
        }
        signature.result = lowerer.annotation(&def.result);
        signature
    }
}

impl Lowerer<'_> {
    fn planned(
        &mut self,
        plan: &Plan,
        id: DeclId,
        body: &Term,
        params: &[(usize, String)],
        (dest, keep): (Dest, bool),
        out: &mut Block,
    ) -> Lowered<()> {
        match plan {
            Plan::Plain { .. } => self.tail(body, &dest, out),
            Plan::Tail { monoid, params: movements } => {
                self.tail_loop(id, body, params, (*monoid, movements), (dest, keep), out)
            }
            Plan::Fold { param } => match params.get(*param) {
                Some((position, name)) => self.fold_loop(id, body, (*position, name), &dest, out),
                None => self.tail(body, &dest, out),
            },
            Plan::DownUp => self.down_and_up(id, body, params, (dest, keep), out),
        }
    }
}

/// Statements around a body.
struct Checks {
    before: Block,
    after: Block,
    /// The variable that holds the result, when something is checked of it.
    result: Option<String>,
}

/// Contracts as statements. A condition that cannot run stays in the docstring.
fn checks(lowerer: &mut Lowerer<'_>, id: DeclId, def: &DefDecl, name: &str, signature: &Signature) -> Checks {
    let mut checks = Checks { before: Block::new(), after: Block::new(), result: None };
    let mode = lowerer.outline.options.contracts;
    if mode == Contracts::Comment {
        return checks;
    }
    let program = lowerer.outline.program;
    for (position, param) in signature.params.iter() {
        let Some(declared) = def.params.get(*position) else { continue };
        let value = Expr::name(param.clone());
        let whole = std::mem::take(&mut lowerer.scope);
        lowerer.scope = whole.get(..*position).unwrap_or_default().to_vec();
        let (mut block, before) = (Block::new(), lowerer.locals.clone());
        let condition = lowerer.refinement(&declared.ty, &value, &mut block);
        lowerer.scope = whole;
        let context = signature.context.get(..*position).unwrap_or_default();
        match condition {
            Ok(Some(condition)) => {
                let text = docs::refinement_text(program, context, &declared.ty, &param.as_str().into());
                let text = text.unwrap_or_default();
                let whose = if text.starts_with("of type") { format!("{param} ") } else { String::new() };
                let text = format!("{name} needs {whose}{text}, got ");
                let message = message(&text, std::slice::from_ref(param));
                checks.before.extend(block);
                checks.before.push(demand(mode, condition, message));
            }
            _ => lowerer.locals = before,
        }
    }
    for clause in &def.requires {
        let (mut block, before) = (Block::new(), lowerer.locals.clone());
        match runnable(lowerer, id, clause, &mut block) {
            Some(condition) => {
                let text = docs::clause_text(program, &signature.context, clause);
                let mentioned = mentioned(&clause.body, signature, 0);
                checks.before.extend(block);
                let message = message(&format!("{name} needs {text}, got "), &mentioned);
                checks.before.push(demand(mode, condition, message));
            }
            None => lowerer.locals = before,
        }
    }
    promises(lowerer, id, def, name, signature, &mut checks);
    checks
}

/// Postconditions, under the result.
fn promises(
    lowerer: &mut Lowerer<'_>,
    id: DeclId,
    def: &DefDecl,
    name: &str,
    signature: &Signature,
    checks: &mut Checks,
) {
    let program = lowerer.outline.program;
    let outer = lowerer.locals.clone();
    let result = lowerer.locals.fresh("result");
    let value = Expr::name(result.clone());
    let mut context = signature.context.clone();
    context.push(result.as_str().into());
    let mut after = Block::new();
    let mut promise = |condition: Option<Expr>, block: Block, text: String| {
        let Some(condition) = condition else { return };
        let message = message(&format!("{name} promises {text}, but "), std::slice::from_ref(&result));
        after.extend(in_debug(block, Stmt::Assert(condition, message)));
    };
    let mut block = Block::new();
    let before = lowerer.locals.clone();
    let condition = lowerer.refinement(&def.result, &value, &mut block).ok().flatten();
    if condition.is_none() {
        lowerer.locals = before;
    }
    let text = docs::refinement_text(program, &signature.context, &def.result, &result.as_str().into());
    promise(condition, block, text.unwrap_or_default());
    for clause in &def.ensures {
        let mut block = Block::new();
        let before = lowerer.locals.clone();
        let slot = Slot::Value(value.clone());
        let condition = lowerer.under([slot], |lowerer| runnable(lowerer, id, clause, &mut block));
        if condition.is_none() {
            lowerer.locals = before;
        }
        // The docstring has the text behind the label.
        let text = match &clause.label {
            Some(label) => label.to_string(),
            None => docs::clause_text(program, &context, clause),
        };
        promise(condition, block, text);
    }
    if after.is_empty() {
        lowerer.locals = outer;
    } else {
        checks.after = after;
        checks.result = Some(result);
    }
}

/// The condition of a clause, when running it is possible and does not call the definition itself.
fn runnable(lowerer: &mut Lowerer<'_>, id: DeclId, clause: &Clause, out: &mut Block) -> Option<Expr> {
    let outline = lowerer.outline;
    if outline.obstacle(&clause.body).is_some() || reaches(outline.program, &clause.body, id) {
        return None;
    }
    lowerer.expr(&clause.body, out).ok()
}

/// Whether evaluating a term, with the contracts of what it calls, can call `target`.
fn reaches(program: &Program, term: &Term, target: DeclId) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![term.clone()];
    while let Some(term) = todo.pop() {
        let mut found = Vec::new();
        term.walk(&mut |inner| {
            if let TermKind::Global(id) = &*inner.kind {
                found.push(*id);
            }
        });
        for id in found {
            if id == target {
                return true;
            }
            if (id.0 as usize) < program.prelude_len || !seen.insert(id) {
                continue;
            }
            if let Some(DeclKind::Def(def)) = program.decl(id).map(|decl| &decl.kind) {
                todo.extend(def.body.iter().cloned());
                todo.extend(def.requires.iter().chain(&def.ensures).map(|clause| clause.body.clone()));
                todo.extend(def.params.iter().map(|param| param.ty.clone()));
                todo.push(def.result.clone());
            }
        }
    }
    false
}

/// The explicit parameters a clause speaks of, `extra` binders inside them.
fn mentioned(term: &Term, signature: &Signature, extra: usize) -> Vec<String> {
    let count = signature.context.len();
    let index = |position: usize| count - 1 - position + extra;
    let params = signature.params.iter();
    params
        .filter(|(position, _)| super::patterns::mentions(term, index(*position)))
        .map(|(_, name)| name.clone())
        .collect()
}

/// `text` followed by the values of variables.
fn message(text: &str, names: &[String]) -> Expr {
    if names.is_empty() {
        return Expr::Str(text.trim_end_matches(", got ").to_owned());
    }
    let mut pieces = vec![Piece::Text(text.to_owned())];
    for (position, name) in names.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        pieces.push(Piece::Text(format!("{comma}{name} = ")));
        pieces.push(Piece::Repr(Expr::name(name.clone())));
    }
    Expr::Format(pieces)
}

fn demand(mode: Contracts, condition: Expr, message: Expr) -> Stmt {
    match mode {
        Contracts::Assert => Stmt::Assert(condition, message),
        _ => Stmt::If(condition.negated(), vec![Stmt::Raise("ValueError".to_owned(), message)], Block::new()),
    }
}

/// An assertion with the statements it needs, all of which go away under `-O`.
fn in_debug(mut block: Block, assertion: Stmt) -> Block {
    if block.is_empty() {
        return vec![assertion];
    }
    block.push(assertion);
    vec![Stmt::If(Expr::name("__debug__"), block, Block::new())]
}
