//! `constrain` and `read` for the faces: a document and a target in, a report out.

use lift_core::constrain::{Constraint, Deviation, Dialect, Residual};
use serde::Serialize;

use super::admit::Plan;
use super::error::{PluginError, Reason};
use super::folder::Plugins;
use super::request::Spec;
use super::sandbox::{Answer, Reading};

/// The controller that is asked when nobody says otherwise.
pub const DEFAULT_CONTROLLER: &str = "signature";

/// What is asked of a controller, and which.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where the document comes from, for the report.
    pub path: &'a str,
    /// The document and those it leans on.
    pub spec: &'a Spec,
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
    /// Why its answers may not be those of this lift: it was built with another engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_engine: Option<String>,
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
    let other = plugin.other_engine()?;
    let answer = plugin.compile(question.spec, question.target, accepts);
    let Answer { value, log, log_dropped } = answer.map_err(|error| suspect(error, other.as_deref()))?;
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
        plugin: controller(plugins, question.plugin, other),
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
    let other = plugin.other_engine()?;
    let answer = plugin.post_process(question.spec, question.target, dialect, text)?;
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
        plugin: controller(plugins, question.plugin, other),
    };
    Ok(ReadReport { schema: "lift.read/1", files: vec![read] })
}

/// A refusal of a plugin that may not know what it was asked for.
fn suspect(mut error: PluginError, other: Option<&str>) -> PluginError {
    if let (Reason::Declined { because }, Some(other)) = (&mut error.reason, other) {
        *because = format!("{because}\nplugin `{}`: {other}", error.plugin);
    }
    error
}

fn controller(plugins: &Plugins, name: &str, other_engine: Option<String>) -> Controller {
    let hash = plugins.list().into_iter().find(|it| it.name == name).map(|it| it.blake3).unwrap_or_default();
    Controller { name: name.to_owned(), blake3: hash, other_engine }
}
