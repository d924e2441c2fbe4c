//! `lift ask`.

use super::output::{Exit, Failure, Output};
use super::source;
use crate::engine::Engine;
use lift_core::ask::{Answer, Inquiry, inquire};
use lift_core::check::Checked;
use lift_core::report::ask_report;
use lift_core::syntax::span::Span;
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// A document; `-` is standard input.
    pub file: PathBuf,
    /// Answer a question: `2=1` takes the first answer to the second question, and writes it into the document.
    #[arg(long, value_name = "QUESTION=ANSWER", value_parser = choice)]
    pub answer: Option<(usize, usize)>,
    /// Print the document with the answer, and write nothing.
    #[arg(long, requires = "answer")]
    pub dry_run: bool,
}

fn choice(text: &str) -> Result<(usize, usize), String> {
    let parts = text
        .split_once('=')
        .and_then(|(question, answer)| Some((question.trim().parse().ok()?, answer.trim().parse().ok()?)));
    parts
        .filter(|(question, answer)| *question > 0 && *answer > 0)
        .ok_or_else(|| "write two numbers, as 2=1".to_owned())
}

/// `lift ask FILE`.
pub(super) fn run(asked: &Asked, engine: &Engine, output: &Output) -> Result<Exit, Failure> {
    let source = source::read(&asked.file)?;
    let checked = source.sound("nothing else is asked", output)?;
    let mut verify = |checked: &Checked| engine.verify(checked);
    let found = inquire(&checked, &mut verify);
    if let Some((question, answer)) = asked.answer {
        let answer = taken(&found, question, answer)?;
        return source::accept(&asked.file, &source, &answer.document, asked.dry_run, &answer.text, output);
    }
    let exit = if found.is_settled() { Exit::Fine } else { Exit::Undecided };
    if output.is_json() {
        output.json(&ask_report(&source.path, &checked, &found))?;
        return Ok(exit);
    }
    print(&found, &source.path, &checked, output);
    Ok(exit)
}

fn print(found: &Inquiry, path: &str, checked: &Checked, output: &Output) {
    let place = |span: Span| {
        let place = checked.lines.position(&checked.text, span.start);
        format!("({path}:{}:{})", place.line, place.column)
    };
    if found.is_settled() {
        output.line(&format!("{path}: nothing is open, as far as small inputs show"));
    }
    for (number, question) in (1..).zip(&found.questions) {
        let number = output.paint("1", &format!("{number}."));
        output.line(&format!("{number} {}  {}", question.text, place(question.span)));
        for (number, answer) in (1..).zip(&question.answers) {
            output.line(&format!("     {number}  {}", answer.text));
        }
    }
    if found.questions.iter().any(|question| !question.answers.is_empty()) {
        output.line(&format!("answer one: lift ask {path} --answer QUESTION=ANSWER"));
    }
    if !found.unasked.is_empty() {
        output.line("no question about:");
    }
    for silent in &found.unasked {
        output.line(&format!("  {} {}  {}", silent.about, silent.why, place(silent.span)));
    }
}

fn taken(found: &Inquiry, question: usize, answer: usize) -> Result<&Answer, Failure> {
    let asked = question.checked_sub(1).and_then(|place| found.questions.get(place));
    let asked = asked.ok_or_else(|| {
        Failure::usage(format!("there is no question {question}; there are {}", found.questions.len()))
    })?;
    answer.checked_sub(1).and_then(|place| asked.answers.get(place)).ok_or_else(|| {
        Failure::usage(format!("question {question} has no answer {answer}; it has {}", asked.answers.len()))
    })
}
