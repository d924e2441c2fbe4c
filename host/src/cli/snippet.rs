//! Diagnostics as compilers print them: the line, the place, both sides, what to do.

use super::output::Output;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use lift_core::check::Checked;
use lift_core::syntax::diagnostic::{Diagnostic, Severity};
use lift_core::syntax::span::Span;

/// One diagnostic of a text that stands alone, several lines long.
pub(super) fn render(path: &str, text: &str, found: &Diagnostic, output: &Output) -> String {
    let labels = found.labels.iter().map(|label| (label.span, &*label.message)).collect();
    shown(&[Part { path, text, primary: Some(found.span), labels }], found, output)
}

/// One diagnostic of a document, with the places in other documents that it points to.
pub(super) fn render_in(path: &str, checked: &Checked, found: &Diagnostic, output: &Output) -> String {
    let mut parts = vec![Part { path, text: &checked.text, primary: Some(found.span), labels: Vec::new() }];
    for label in &found.labels {
        let (path, text, span) = match checked.linked.locate(label.span) {
            Some((source, span)) => (&*source.path, &*source.text, span),
            None => (path, &*checked.text, label.span),
        };
        match parts.iter_mut().find(|part| part.path == path) {
            Some(part) => part.labels.push((span, &label.message)),
            None => parts.push(Part { path, text, primary: None, labels: vec![(span, &label.message)] }),
        }
    }
    shown(&parts, found, output)
}

/// The lines of one document that a diagnostic shows.
struct Part<'d> {
    path: &'d str,
    text: &'d str,
    primary: Option<Span>,
    labels: Vec<(Span, &'d str)>,
}

fn shown(parts: &[Part<'_>], found: &Diagnostic, output: &Output) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(&*found.message).id(&*found.code);
    let mut group = {
        let mut snippets = parts.iter().map(|part| {
            let range = |span: Span| {
                let end = (span.end as usize).min(part.text.len());
                (span.start as usize).min(end)..end
            };
            Snippet::source(part.text)
                .path(part.path)
                .annotations(part.primary.map(|span| AnnotationKind::Primary.span(range(span))))
                .annotations(
                    part.labels
                        .iter()
                        .map(|(span, message)| AnnotationKind::Context.span(range(*span)).label(*message)),
                )
        });
        let Some(first) = snippets.next() else { return String::new() };
        snippets.fold(title.element(first), |group, snippet| group.element(snippet))
    };
    if let Some(hint) = &found.hint {
        group = group.element(Level::HELP.message(&**hint));
    }
    let renderer = if output.color() { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}
