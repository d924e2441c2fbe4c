//! `docs/tour.md`, followed as a newcomer would: files are saved, declarations replaced, commands run, and what they
//! print is what the tour says. `LIFT_UPDATE=1` rewrites what it says.

use super::{LIFT, repository, worker_program};
use std::path::Path;
use std::process::Command;

#[test]
fn the_tour_works_as_written() {
    worker_program();
    let path = repository("docs/tour.md");
    let tour = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let now = follow(&tour, folder.path());
    if std::env::var_os("LIFT_UPDATE").is_some() {
        std::fs::write(&path, &now.text).unwrap();
        return;
    }
    assert!(now.commands >= 10, "only {} commands were run", now.commands);
    assert_eq!(now.replaced, 3);
    let differences: Vec<String> = (1..)
        .zip(plain(&tour).lines().zip(plain(&now.text).lines()))
        .filter(|(_, (says, is))| says != is)
        .take(10)
        .map(|(line, (says, is))| format!("docs/tour.md:{line}\n  says {says}\n  is   {is}"))
        .collect();
    assert!(differences.is_empty(), "LIFT_UPDATE=1 accepts this:\n{}", differences.join("\n"));
    assert_eq!(plain(&tour), plain(&now.text));
}

struct Followed {
    /// The tour, with what the commands print now.
    text: String,
    commands: usize,
    replaced: usize,
}

/// Does what the fences of the tour say, in their order.
fn follow(tour: &str, folder: &Path) -> Followed {
    let mut followed = Followed { text: String::new(), commands: 0, replaced: 0 };
    let mut document: Option<String> = None;
    let mut lines = tour.lines();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        followed.text.push_str(line);
        followed.text.push('\n');
        let fence = line.chars().take_while(|c| *c == '`').count();
        if fence < 3 {
            prose.push_str(line);
            continue;
        }
        let close = "`".repeat(fence);
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != close).collect();
        match &line[fence..] {
            "markdown" => {
                let name = prose.rsplit("Save this as `").next().unwrap().split('`').next().unwrap();
                std::fs::write(folder.join(name), format!("{}\n", body.join("\n"))).unwrap();
                document = Some(name.to_owned());
                followed.text.push_str(&body.join("\n"));
            }
            "spec-ir" => {
                replace(&folder.join(document.as_ref().unwrap()), &body);
                followed.replaced += 1;
                followed.text.push_str(&body.join("\n"));
            }
            "console" => {
                let mut said = Vec::new();
                for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                    followed.commands += 1;
                    said.push(format!("$ {command}\n{}", run(command, folder)).trim_end().to_owned());
                }
                followed.text.push_str(&said.join("\n"));
            }
            other => panic!("the tour has a fence tagged {other:?}"),
        }
        followed.text.push_str(&format!("\n{close}\n"));
        prose.clear();
    }
    followed
}

/// Puts a declaration where one of the same name stands, up to the next empty line.
fn replace(path: &Path, declaration: &[&str]) {
    let text = std::fs::read_to_string(path).unwrap();
    let head = declaration[0].split('(').next().unwrap();
    let start = text.lines().position(|line| line.starts_with(head)).unwrap();
    let kept: Vec<&str> = text.lines().collect();
    let end = start + kept[start..].iter().position(|line| line.is_empty()).unwrap();
    let parts = [&kept[..start], declaration, &kept[end..]].concat();
    std::fs::write(path, format!("{}\n", parts.join("\n"))).unwrap();
}

/// What a command prints, in the order in which a terminal shows it.
fn run(command: &str, folder: &Path) -> String {
    let beside = Path::new(LIFT).parent().unwrap().display();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", format!("{beside}:{path}"))
        // Verdicts of earlier runs are kept in the user's folders: here there are none.
        .env("HOME", folder)
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .env_remove("LIFT_SOLVER")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Without what differs from machine to machine: times and versions.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        for (place, word) in words.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|before| words.get(before));
            let time = words.get(place + 1).is_some_and(|next| next.trim_end_matches(')') == "ms");
            let version = before.is_some_and(|before| before.ends_with("python"));
            let digit = |c: char| c.is_ascii_digit();
            if (time || version) && word.contains(digit) {
                plain.push_str(&word.replace(digit, "").replace('.', ""));
            } else {
                plain.push_str(word);
            }
            plain.push(' ');
        }
        plain.push('\n');
    }
    plain
}
