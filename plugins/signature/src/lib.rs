//! Controller plugin: a signature and its refinements become a prompt and a decoding constraint.
//!
//! Everything here is the engine's (`lift_core::constrain`); the plugin chooses among dialects, words the prompt,
//! and reads answers back. It asks nothing of the host but to log.

mod prompt;
mod world;

use lift_core::check::{Checked, check_with};
use lift_core::constrain::{self, Dialect, Unread};

use world::Guest;
use world::lift::controller::host;
use world::lift::controller::types as wit;

use std::collections::BTreeMap;
use std::sync::Arc;

struct Signature;

#[allow(unsafe_code)] // The component's exports, generated.
mod exports {
    use super::Signature;

    super::world::export!(Signature with_types_in super::world);
}

/// Run by the builder, once: the prelude is checked when the plugin is built, not in every call.
#[allow(unsafe_code)] // An exported name is one that nothing else may have.
#[unsafe(no_mangle)]
extern "C" fn prepare() {
    lift_core::check::prelude();
}

impl Guest for Signature {
    fn engine() -> Option<String> {
        Some(lift_core::ENGINE.to_owned())
    }

    fn compile(spec: wit::Spec, target: String, capabilities: Vec<String>) -> Result<wit::Plan, String> {
        let checked = checked(&spec);
        let mut offers = Vec::new();
        let mut refusals = Vec::new();
        for capability in &capabilities {
            let Ok(dialect) = capability.parse::<Dialect>() else {
                host::log(&format!("passing over the capability `{capability}`"));
                continue;
            };
            match constrain::constrain(&checked.program, &target, dialect) {
                Ok(constraint) => offers.push(constraint),
                Err(refusal) => refusals.push(refusal.to_string()),
            }
        }
        let Some(first) = offers.first() else {
            return Err(why_nothing(&checked, refusals, &capabilities));
        };
        let prompt = prompt::prompt(&checked, &target, first);
        let max_tokens = prompt::max_tokens(first);
        let mut offers = offers.into_iter().map(offer);
        let constraint = offers.next().ok_or("no constraint")?;
        Ok(wit::Plan { prompt, constraint, fallbacks: offers.collect(), max_tokens })
    }

    fn post_process(
        spec: wit::Spec,
        target: String,
        dialect: String,
        text: String,
    ) -> Result<String, Vec<String>> {
        let dialect: Dialect =
            dialect.parse().map_err(|unknown: constrain::UnknownDialect| vec![unknown.to_string()])?;
        constrain::read(&checked(&spec).program, &target, dialect, text.trim()).map_err(|unread| match unread
        {
            Unread::NoConstraint(error) => vec![error.to_string()],
            Unread::Complaints(complaints) => complaints,
        })
    }
}

/// The document, checked with those it leans on. Its errors do not stop us where the target made sense in spite of them.
fn checked(spec: &wit::Spec) -> Checked {
    let imports = spec.imports.iter();
    let imports: BTreeMap<String, Arc<str>> =
        imports.map(|it| (it.path.clone(), it.text.as_str().into())).collect();
    let checked = check_with(&spec.document.path, &spec.document.text, &imports);
    if checked.has_errors() {
        host::log(&format!("the document has {} findings", checked.diagnostics.len()));
    }
    checked
}

/// Why there is no constraint: the reason given for the first dialect, and what is wrong with the document when
/// that may be why.
fn why_nothing(checked: &Checked, refusals: Vec<String>, capabilities: &[String]) -> String {
    let Some(refusal) = refusals.into_iter().next() else {
        return format!("no dialect among {} is one that this controller writes", capabilities.join(", "));
    };
    match checked.diagnostics.first() {
        Some(finding) if checked.has_errors() => {
            let line = checked.lines.position(&checked.text, finding.span.start).line;
            format!("{refusal} (the document has errors, the first on line {line}: {})", finding.message)
        }
        _ => refusal,
    }
}

fn offer(constraint: constrain::Constraint) -> wit::Constraint {
    let constrain::Constraint { dialect, text, residuals, relaxed, narrowed } = constraint;
    let grammar = match dialect {
        Dialect::JsonSchema => wit::Grammar::JsonSchema(text),
        Dialect::Lark => wit::Grammar::Lark(text),
        Dialect::Ebnf => wit::Grammar::Ebnf(text),
        Dialect::Gbnf => wit::Grammar::Gbnf(text),
        Dialect::Regex => wit::Grammar::Regex(text),
    };
    let residual = |it: constrain::Residual| wit::Residual {
        path: it.path,
        predicate: it.predicate,
        because: it.because,
    };
    let deviation =
        |it: constrain::Deviation| wit::Deviation { path: it.path, what: it.what, because: it.because };
    wit::Constraint {
        grammar,
        residuals: residuals.into_iter().map(residual).collect(),
        relaxed: relaxed.into_iter().map(deviation).collect(),
        narrowed: narrowed.into_iter().map(deviation).collect(),
    }
}
