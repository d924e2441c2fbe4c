//! `lift plugin`: what controllers there are, and whether one works.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lift_core::constrain::Dialect;
use serde::Serialize;

use super::output::{Exit, Failure, Output};
use crate::plugin::{CompiledCache, Limits, PluginError, Plugins, Reason, Sandbox, Spec, Summary};

/// Where to look for plugins besides those inside the binary.
#[derive(Debug, clap::Args)]
pub(super) struct Folders {
    /// A folder of controller plugins (`NAME.wasm`, with `NAME.json` beside it if need be); may be repeated.
    #[arg(long = "plugins", value_name = "FOLDER", env = "LIFT_PLUGINS", value_delimiter = ':')]
    folders: Vec<PathBuf>,
}

/// What to do with plugins.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show the controllers there are.
    List {
        #[command(flatten)]
        folders: Folders,
    },
    /// Load a controller, ask it for a plan, and say what it does and what that costs.
    Check {
        /// Its name, or a component file.
        plugin: String,
        #[command(flatten)]
        folders: Folders,
    },
}

/// `lift plugin ...`.
pub(super) fn run(command: &Command, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::List { folders } => list(folders, output),
        Command::Check { plugin, folders } => check(plugin, folders, output),
    }
}

/// The plugins there are. What could not be taken is told, and does not stop the others.
pub(super) fn open(folders: &Folders, output: &Output) -> Result<Plugins, Failure> {
    let plugins = Plugins::find(sandbox()?, &folders.folders);
    for problem in plugins.problems() {
        output.say(&format!("lift: {problem}"));
    }
    Ok(plugins)
}

/// How a command ends when a plugin failed: as a wrong use when the question was at fault, otherwise as a finding.
pub(super) fn failure(error: PluginError) -> Failure {
    let exit = match &error.reason {
        Reason::Declined { .. } | Reason::Unknown { .. } | Reason::TooLarge { what: "request", .. } => {
            Exit::Usage
        }
        _ => Exit::Findings,
    };
    let message = match &error.reason {
        Reason::Declined { because } => because.clone(),
        _ => error.to_string(),
    };
    Failure { exit, ..Failure::usage(message) }
}

fn sandbox() -> Result<Sandbox, Failure> {
    Sandbox::new(Limits::default(), CompiledCache::of_user())
        .map_err(|why| Failure::internal(format!("plugins cannot run here: {why}")))
}

/// `lift.plugin-list/1`
#[derive(Serialize)]
struct ListReport {
    schema: &'static str,
    plugins: Vec<Summary>,
    problems: Vec<Problem>,
}

/// A plugin that could not be used.
#[derive(Serialize)]
struct Problem {
    plugin: String,
    code: &'static str,
    message: String,
}

fn list(folders: &Folders, output: &Output) -> Result<Exit, Failure> {
    let plugins = Plugins::find(sandbox()?, &folders.folders);
    let problems: Vec<Problem> = plugins.problems().iter().map(problem).collect();
    let exit = if problems.is_empty() { Exit::Fine } else { Exit::Findings };
    let report = ListReport { schema: "lift.plugin-list/1", plugins: plugins.list(), problems };
    if output.is_json() {
        output.json(&report)?;
        return Ok(exit);
    }
    for plugin in &report.plugins {
        let hash = plugin.blake3.get(..12).unwrap_or_default();
        let size = plugin.size.div_ceil(1024);
        output.line(&format!(
            "{}  {hash}  {size} KiB  {}  {}",
            output.paint("1", &plugin.name),
            plugin.origin,
            plugin.about
        ));
    }
    if report.plugins.is_empty() {
        output.say("there are no plugins; `make plugins` builds the shipped ones");
    }
    report.problems.iter().for_each(|problem| output.say(&format!("lift: {}", problem.message)));
    Ok(exit)
}

fn problem(error: &PluginError) -> Problem {
    Problem { plugin: error.plugin.clone(), code: error.reason.code(), message: error.to_string() }
}

/// `lift.plugin-check/1`
#[derive(Serialize)]
struct CheckReport {
    schema: &'static str,
    plugin: String,
    steps: Vec<Step>,
}

/// One thing that was tried.
#[derive(Serialize)]
struct Step {
    step: &'static str,
    ok: bool,
    said: String,
    microseconds: u64,
}

/// A document on which any controller of holes has something to say.
const SAMPLE: &str =
    "```spec-ir\ndef sample(): {n: Int | 0 <= n && n <= 100} = ?answer hint \"a percentage\"\n```\n";

fn check(name: &str, folders: &Folders, output: &Output) -> Result<Exit, Failure> {
    let file = Path::new(name);
    let by_file = file.extension().is_some_and(|extension| extension == "wasm");
    let (name, folder) = match by_file {
        true => {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let folder =
                file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            (stem, vec![folder.to_path_buf()])
        }
        false => (name.to_owned(), folders.folders.clone()),
    };
    let sandbox = sandbox()?;
    let began = Instant::now();
    let plugins = Plugins::find(sandbox, &folder);
    if let Some(problem) = plugins.problems().iter().find(|problem| problem.plugin == name) {
        return Err(failure(problem.clone()));
    }
    if let Err(error @ PluginError { reason: Reason::Unknown { .. }, .. }) = plugins.get(&name) {
        return Err(failure(error));
    }
    let loaded = plugins.get(&name);
    let mut steps = vec![Step {
        step: "load",
        ok: loaded.is_ok(),
        said: loaded.as_ref().map_or_else(|error| error.to_string(), |_| "a controller".to_owned()),
        microseconds: micros(began.elapsed()),
    }];
    let mut try_step = |step, run: &mut dyn FnMut() -> Result<String, PluginError>| {
        let started = Instant::now();
        let outcome = run();
        let microseconds = micros(started.elapsed());
        // One that declines the sample too has nothing to say of any hole.
        let ok = outcome.is_ok();
        let said = outcome.unwrap_or_else(|error| error.to_string());
        steps.push(Step { step, ok, said, microseconds });
    };
    if let Ok(plugin) = loaded {
        try_step("instantiate", &mut || plugin.instantiate().map(|()| String::new()));
        try_step("engine", &mut || {
            let none = || "it has none of lift's".to_owned();
            Ok(match plugin.other_engine()? {
                Some(other) => other,
                None => plugin.engine()?.unwrap_or_else(none),
            })
        });
        let sample = Spec::alone(SAMPLE);
        try_step("compile", &mut || {
            let plan = plugin.compile(&sample, "?answer", &Dialect::ALL)?.value;
            let dialects: Vec<_> = plan.fallbacks.iter().map(|it| it.dialect.name()).collect();
            let also =
                if dialects.is_empty() { String::new() } else { format!(", also {}", dialects.join(", ")) };
            Ok(format!("{}, {} bytes{also}", plan.constraint.dialect, plan.constraint.text.len()))
        });
        try_step("post-process", &mut || {
            let reading = plugin.post_process(&sample, "?answer", Dialect::JsonSchema, "42")?.value;
            Ok(format!("{reading:?}"))
        });
    }
    let exit = if steps.iter().all(|step| step.ok) { Exit::Fine } else { Exit::Findings };
    let report = CheckReport { schema: "lift.plugin-check/1", plugin: name, steps };
    if output.is_json() {
        output.json(&report)?;
        return Ok(exit);
    }
    for Step { step, ok, said, microseconds } in &report.steps {
        let mark = if *ok { output.paint("32", "ok") } else { output.paint("31", "failed") };
        output.line(&format!("{step:<14}{mark:<8}{microseconds:>10} µs  {said}"));
    }
    Ok(exit)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
