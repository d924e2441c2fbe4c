//! Python 3.10 and later, from the standard library alone.
//!
//! A document becomes one module. Entities and sums become frozen data classes (sums without fields an `Enum`),
//! options `T | None`, functions of several arguments given as values one-argument functions in a row. Lists are
//! read, never changed. Recursion becomes a loop where that is possible (see `recursion`). Contracts are checked where
//! values come in; types are not: annotations are for type checkers.

mod classes;
mod conditions;
mod descent;
mod docs;
mod functions;
mod helpers;
mod literals;
mod loops;
mod lower;
mod matching;
mod names;
mod outline;
mod patterns;
mod prelude;
mod print;
mod reading;
mod recursion;
mod syntax;
mod testing;
mod types;

pub use literals::Literals;
pub use names::module_name;

use super::{Generated, Options};
use crate::ir::{DeclId, DeclKind, Name, Program, effects};
use helpers::Helper;
use lower::Uses;
use outline::{OptionStyle, Outline};
use std::collections::{BTreeMap, BTreeSet};

/// Generates the module and its tests.
pub fn python(program: &Program, options: &Options) -> Generated {
    // Python runs in the order of the text: which calls have effects makes no difference.
    let program = &effects::unmarked(program);
    // Some definitions turn out to be beyond generation only when they are tried; what uses them follows.
    let mut failed: BTreeMap<DeclId, String> = BTreeMap::new();
    let (outline, functions, mut uses) = loop {
        let outline = Outline::of(program, options, &failed);
        let mut uses = Uses::default();
        let mut functions = Vec::new();
        let known = failed.len();
        for id in program.reached() {
            if !matches!(program.decl(id).map(|decl| &decl.kind), Some(DeclKind::Def(_))) {
                continue;
            }
            match outline.left_out.get(&id) {
                Some(why) if options.stubs => functions.push(functions::stub(&outline, &mut uses, id, why)),
                Some(_) => {}
                None => match functions::definition(&outline, &mut uses, id) {
                    Ok(text) => functions.push(text),
                    Err(beyond) => {
                        failed.insert(id, beyond.0);
                    }
                },
            }
        }
        if failed.len() == known {
            break (outline, functions, uses);
        }
    };
    let tested = testing::tests(&outline, &mut uses);
    let module = module(&outline, functions, uses);
    let name = |id: &DeclId| program.decl(*id).map(|decl| decl.name.clone()).unwrap_or_default();
    let definitions: BTreeMap<Name, String> = outline
        .functions
        .iter()
        .filter(|(id, _)| outline.has(**id))
        .map(|(id, function)| (name(id), function.clone()))
        .collect();
    let left_out = outline.left_out.iter().filter(|(id, _)| program.def(**id).is_some());
    Generated {
        module,
        tests: tested.text,
        left_out: left_out.map(|(id, why)| (name(id), why.clone())).collect(),
        definitions,
        examples: tested.examples,
    }
}

/// Puts the parts together: imports are known last.
fn module(outline: &Outline<'_>, functions: Vec<String>, mut uses: Uses) -> String {
    let program = outline.program;
    let mut parts = Vec::new();
    let (mut classes, mut aliases) = (Vec::new(), Vec::new());
    for id in program.reached().into_iter().filter(|id| outline.has(*id)) {
        match program.decl(id).map(|decl| &decl.kind) {
            Some(DeclKind::Data(_)) => classes.push(classes::data(outline, &mut uses, id)),
            Some(DeclKind::Alias(params, body)) if params.is_empty() => {
                aliases.push(classes::alias(outline, &mut uses, id, body));
            }
            _ => {}
        }
    }
    if outline.option_style == OptionStyle::Boxed {
        uses.imports.extend(["dataclass", "Generic"]);
        let text = "@dataclass(frozen=True, slots=True)\nclass Some(Generic[_T]):\n    \"\"\"An option's value, \
                    told apart from None.\"\"\"\n\n    value: _T\n";
        classes.insert(0, text.to_owned());
    }
    let used: Vec<_> = uses.constants.iter().copied().collect();
    let (constants, assumed): (Vec<String>, Vec<String>) = used
        .iter()
        .map(|id| classes::constant(outline, &mut uses, *id))
        .partition(|text| !text.contains("\ndef "));
    let needed: Vec<Helper> = uses.helpers.iter().filter_map(|helper| helper.needs()).collect();
    uses.helpers.extend(needed);
    let ordered = outline.data_classes();
    let order = outline.helpers.get(&Helper::Order).cloned().unwrap_or_default();
    let style = outline.option_style;
    let helpers: Vec<String> = uses
        .helpers
        .iter()
        .filter_map(|helper| Some(helper.text(outline.helpers.get(helper)?, style, &order, &ordered)))
        .collect();
    uses.helpers.iter().for_each(|helper| uses.imports.extend(helper.imports()));
    if ordered.is_empty() {
        uses.imports.remove("fields");
    }
    let boxed: &[&str] = if style == OptionStyle::Boxed { &["_T"] } else { &[] };
    let own: BTreeSet<&str> =
        uses.helpers.iter().flat_map(|helper| helper.variables()).chain(boxed).copied().collect();
    let mut variables: Vec<String> = own.into_iter().map(str::to_owned).collect();
    variables.extend(outline.type_variables.values().cloned());
    if !variables.is_empty() {
        uses.imports.insert("TypeVar");
    }
    let title = print::one_line(&outline.options.document);
    parts.push(print::docstring(
        &format!("Generated by lift from {title}. Change the document, not this file."),
        0,
    ));
    parts.push(imports(&uses));
    let mut public: Vec<String> = outline.aliases.values().cloned().collect();
    public.extend(used.iter().filter_map(|id| outline.constants.get(id).cloned()));
    for class in outline.classes.values() {
        public.push(class.name.clone());
        if class.shape == outline::Shape::Sum {
            public.extend(class.ctors.iter().map(|ctor| ctor.name.clone()));
        }
    }
    public.extend(outline.functions.values().cloned());
    if outline.option_style == OptionStyle::Boxed {
        public.push("Some".to_owned());
    }
    let shared = uses.helpers.iter().filter(|helper| matches!(helper, Helper::Set | Helper::Map));
    public.extend(shared.filter_map(|helper| outline.helpers.get(helper).cloned()));
    public.sort();
    public.dedup();
    let public: Vec<String> = public.iter().map(|name| print::string_literal(name)).collect();
    let line = format!("__all__ = [{}]\n", public.join(", "));
    if line.len() <= print::WIDTH {
        parts.push(line);
    } else {
        parts.push(format!("__all__ = [\n    {},\n]\n", public.join(",\n    ")));
    }
    if !variables.is_empty() {
        let lines =
            variables.iter().map(|name| format!("{name} = TypeVar({})\n", print::string_literal(name)));
        parts.push(lines.collect());
    }
    let mut text = parts.join("\n");
    if !constants.is_empty() {
        text.push('\n');
        text.push_str(&constants.join("\n"));
    }
    for part in classes.into_iter().chain(aliases).chain(helpers).chain(assumed).chain(functions) {
        if !part.is_empty() {
            text.push_str("\n\n");
            text.push_str(&part);
        }
    }
    text
}

/// The import lines of a module.
fn imports(uses: &Uses) -> String {
    let has = |name: &str| uses.imports.contains(name);
    let mut text = String::from("from __future__ import annotations\n");
    let mut lines = Vec::new();
    for module in ["math", "re"] {
        if has(module) {
            lines.push(format!("import {module}\n"));
        }
    }
    for (module, names) in [
        ("collections.abc", ["Callable", "Iterable", "Iterator", "Sequence"].as_slice()),
        ("dataclasses", &["dataclass", "fields"]),
        ("enum", &["Enum"]),
        ("fractions", &["Fraction"]),
        ("itertools", &["pairwise"]),
        ("typing", &["Any", "Generic", "TypeAlias", "TypeVar"]),
    ] {
        let used: Vec<&str> = names.iter().copied().filter(|name| has(name)).collect();
        if !used.is_empty() {
            lines.push(format!("from {module} import {}\n", used.join(", ")));
        }
    }
    if !lines.is_empty() {
        text.push('\n');
        text.push_str(&lines.concat());
    }
    text
}
