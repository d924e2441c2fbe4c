//! `lift constrain`: a decoding constraint for a hole or declaration, made by a controller plugin.

use std::path::{Path, PathBuf};

use lift_core::constrain::{Deviation, Dialect};

use super::output::{Exit, Failure, Output};
use super::{plugin, source};
use crate::plugin::{Constrained, Controller, Question, Read, Spec, constrain, read};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// A document; `-` is standard input.
    file: PathBuf,
    /// A hole (`?name`), a definition, a spec or a type.
    target: String,
    /// The dialect of the server the constraint is for; the first of several that can say it, the others as
    /// fallbacks.
    #[arg(long = "dialect", value_name = "DIALECT", value_parser = dialect, default_value = "json-schema")]
    dialects: Vec<Dialect>,
    /// Read an answer back instead: a file with the model's text, `-` for standard input. The term is printed.
    #[arg(long, value_name = "ANSWER")]
    read: Option<PathBuf>,
    /// The controller to ask.
    #[arg(long, value_name = "NAME", default_value = crate::plugin::DEFAULT_CONTROLLER)]
    plugin: String,
    #[command(flatten)]
    folders: plugin::Folders,
}

fn dialect(name: &str) -> Result<Dialect, String> {
    name.parse().map_err(|unknown: lift_core::constrain::UnknownDialect| unknown.to_string())
}

/// `lift constrain FILE TARGET`.
pub(super) fn run(asked: &Asked, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(&asked.file)?;
    let plugins = plugin::open(&asked.folders, output)?;
    let spec = Spec::of(&source.checked());
    let question = Question { path: &source.path, spec: &spec, target: &asked.target, plugin: &asked.plugin };
    if let Some(answer) = &asked.read {
        return read_back(&plugins, question, asked, answer, output);
    }
    let report = constrain(&plugins, question, &asked.dialects).map_err(plugin::failure)?;
    report.files.iter().for_each(|constrained| warn(&constrained.plugin, output));
    if output.is_json() {
        output.json(&report)?;
        return Ok(Exit::Fine);
    }
    report.files.iter().for_each(|constrained| print(constrained, output));
    Ok(Exit::Fine)
}

/// Says when a plugin may not know what this lift knows.
fn warn(plugin: &Controller, output: &Output) {
    if let Some(other) = &plugin.other_engine {
        output.say(&format!("lift: plugin `{}`: {other}", plugin.name));
    }
}

fn print(constrained: &Constrained, output: &Output) {
    output.line(constrained.constraint.trim_end());
    let size = constrained.constraint.len();
    output.say(&format!("{} for {}: {size} bytes", constrained.dialect, constrained.target));
    if !constrained.residuals.is_empty() {
        output.say("not in the constraint, to be checked on the answer:");
    }
    for residual in &constrained.residuals {
        output.say(&format!("  {}{}", at(&residual.path), output.paint("1", &residual.predicate)));
        output.say(&format!("      {}", residual.because));
    }
    let deviations = |title: &str, list: &[Deviation]| {
        if !list.is_empty() {
            output.say(title);
        }
        for deviation in list {
            output.say(&format!("  {}{}", at(&deviation.path), deviation.what));
            output.say(&format!("      {}", deviation.because));
        }
    };
    deviations("accepts more than the type:", &constrained.relaxed);
    deviations("accepts less than the type:", &constrained.narrowed);
    for fallback in &constrained.fallbacks {
        output.say(&format!("also: {}, {} bytes", fallback.dialect, fallback.text.len()));
    }
    for line in &constrained.log {
        output.say(&format!("{} says: {line}", constrained.plugin.name));
    }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

fn read_back(
    plugins: &crate::plugin::Plugins,
    question: Question<'_>,
    asked: &Asked,
    answer: &Path,
    output: &Output,
) -> Result<Exit, Failure> {
    let [dialect] = asked.dialects.as_slice() else {
        return Err(Failure::usage("an answer was written in one dialect").hint("give --dialect once"));
    };
    let answer = source::read(answer)?;
    let report = read(plugins, question, *dialect, &answer.text).map_err(plugin::failure)?;
    report.files.iter().for_each(|read| warn(&read.plugin, output));
    let exit = if report.files.iter().all(|read| read.term.is_some()) { Exit::Fine } else { Exit::Findings };
    if output.is_json() {
        output.json(&report)?;
        return Ok(exit);
    }
    for Read { term, complaints, .. } in &report.files {
        if let Some(term) = term {
            output.line(term);
        }
        complaints.iter().for_each(|complaint| output.say(complaint));
    }
    Ok(exit)
}
