//! What a command prints and how it ends.

use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text, with colour on a terminal.
    Human,
    /// One JSON value on stdout.
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing to complain of.
    Fine,
    /// Errors were found or something was refuted.
    Findings,
    /// The command could not be carried out as asked: usage, files, configuration.
    Usage,
    /// Something that was asked for is undecided.
    Undecided,
    /// A generated region was edited, or intent and spec drifted apart.
    Drift,
    /// lift itself failed.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Undecided => 3,
            Exit::Drift => 4,
            Exit::Internal => 70,
        })
    }
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub struct Failure {
    /// How to exit.
    pub exit: Exit,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// The command cannot be carried out as asked.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Usage, message: message.into(), hint: None }
    }

    /// lift itself failed.
    pub fn internal(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Internal, message: message.into(), hint: None }
    }

    /// Says what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Writes it to stderr.
    pub fn print(&self) {
        eprintln!("lift: {}", self.message);
        if let Some(hint) = &self.hint {
            eprintln!("      {hint}");
        }
    }
}

/// Where a command's words go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// For people or programs.
    pub format: Format,
    color: bool,
}

impl Output {
    /// Decides on colour once.
    pub fn new(format: Format, when: ColorWhen) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let color = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto
                if set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb") =>
            {
                false
            }
            ColorWhen::Auto => {
                std::env::var_os("CLICOLOR_FORCE").is_some() || std::io::stderr().is_terminal()
            }
        };
        Output { format, color }
    }

    /// Whether to colour text.
    pub fn color(&self) -> bool {
        self.color
    }

    /// `text` in an ANSI style such as `1;32`, when colour is wanted.
    pub fn paint(&self, style: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Prints the one JSON value of a command.
    pub fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text =
            serde_json::to_string_pretty(value).map_err(|error| Failure::internal(error.to_string()))?;
        self.line(&text);
        Ok(())
    }

    /// A line of data, on stdout. A closed pipe is not an error of ours.
    pub fn line(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// A line for people, on stderr.
    pub fn say(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether the command prints for programs.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}
