//! `constrain` and `read` for the faces: a document and a target in, a report out.

use lift_core::constrain::{Constraint, Deviation, Dialect, Residual};
use serde::Serialize;

use super::admit::Plan;
use super::error::PluginError;
use super::folder::Plugins;
use super::sandbox::{Answer, Reading};

/// The controller that is asked when nobody says otherwise.
pub const DEFAULT_CONTROLLER: &str = "signature";

/// What is asked of a controller, and which.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where the document comes from, for the report.
    pub path: &'a str,
    /// The document.
    pub document: &'a str,
    /// A hole (`?name`) or a declaration of it.
    pub target: &'a str,
    /// The controller to ask.
    pub plugin: &'a str,
}

/// `lift.constrain/1`
#[derive(Clone, Debug, Serialize)]
pub struct ConstrainReport {
    /// The name of this form.
    pub schema: &'static str,
    /// One file, as every report of a command that takes files has.
    pub files: Vec<Constrained>,
}

/// The constraint for one target, and how it was come by.
#[derive(Clone, Debug, Serialize)]
pub struct Constrained {
    /// The document.
    pub path: String,
    /// The hole or declaration.
    pub target: String,
    /// The dialect of the constraint.
    pub dialect: Dialect,
    /// The constraint.
    pub constraint: String,
    /// Conditions that the constraint does not enforce.
    pub residuals: Vec<Residual>,
    /// Where it accepts more than the type.
    pub relaxed: Vec<Deviation>,
    /// Where it accepts less than the type.
    pub narrowed: Vec<Deviation>,
    /// Other constraints for the same target, best first.
    pub fallbacks: Vec<Constraint>,
    /// The words to send with it.
    pub prompt: String,
    /// How many tokens to ask for at most.
    pub max_tokens: u32,
    /// The controller that made it.
    pub plugin: Controller,
    /// What the controller logged.
    pub log: Vec<String>,
}

/// `lift.read/1`
#[derive(Clone, Debug, Serialize)]
pub struct ReadReport {
    /// The name of this form.
    pub schema: &'static str,
    /// One file.
    pub files: Vec<Read>,
}

/// How an answer was read.
#[derive(Clone, Debug, Serialize)]
pub struct Read {
    /// The document.
    pub path: String,
    /// The hole or declaration.
    pub target: String,
    /// The dialect under which the answer was written.
    pub dialect: Dialect,
    /// The term, when it could be read. It must still be checked, and the constraint's residuals with it.
    pub term: Option<String>,
    /// Why it could not be, each a sentence.
    pub complaints: Vec<String>,
    /// The controller that read it.
    pub plugin: Controller,
}

/// Which code answered.
#[derive(Clone, Debug, Serialize)]
pub struct Controller {
    /// Its name.
    pub name: String,
    /// The BLAKE3 hash of its component.
    pub blake3: String,
}

/// Asks for a constraint in the first of `accepts` that the controller can write; the others become fallbacks.
///
/// # Errors
/// When the controller is not there, misbehaves, or declines.
pub fn constrain(
    plugins: &Plugins,
    question: Question<'_>,
    accepts: &[Dialect],
) -> Result<ConstrainReport, PluginError> {
    let plugin = plugins.get(question.plugin)?;
    let Answer { value, log, log_dropped } = plugin.compile(question.document, question.target, accepts)?;
    let Plan { prompt, constraint, fallbacks, max_tokens } = value;
    let more = (log_dropped > 0).then(|| format!("({log_dropped} more lines)"));
    let Constraint { dialect, text, residuals, relaxed, narrowed } = constraint;
    let constrained = Constrained {
        path: question.path.to_owned(),
        target: question.target.to_owned(),
        dialect,
        constraint: text,
        residuals,
        relaxed,
        narrowed,
        fallbacks,
        prompt,
        max_tokens,
        plugin: controller(plugins, question.plugin),
        log: log.into_iter().chain(more).collect(),
    };
    Ok(ConstrainReport { schema: "lift.constrain/1", files: vec![constrained] })
}

/// Asks how `text` reads, which a model wrote under a constraint of `dialect` for the same question.
///
/// # Errors
/// When the controller is not there or misbehaves. Text that it rejects is a report with complaints.
pub fn read(
    plugins: &Plugins,
    question: Question<'_>,
    dialect: Dialect,
    text: &str,
) -> Result<ReadReport, PluginError> {
    let plugin = plugins.get(question.plugin)?;
    let answer = plugin.post_process(question.document, question.target, dialect, text)?;
    let (term, complaints) = match answer.value {
        Reading::Term(term) => (Some(term), Vec::new()),
        Reading::Rejected(complaints) => (None, complaints),
    };
    let read = Read {
        path: question.path.to_owned(),
        target: question.target.to_owned(),
        dialect,
        term,
        complaints,
        plugin: controller(plugins, question.plugin),
    };
    Ok(ReadReport { schema: "lift.read/1", files: vec![read] })
}

fn controller(plugins: &Plugins, name: &str) -> Controller {
    let hash = plugins.list().into_iter().find(|it| it.name == name).map(|it| it.blake3).unwrap_or_default();
    Controller { name: name.to_owned(), blake3: hash }
}
