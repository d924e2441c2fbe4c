//! Diagnostics as compilers print them: the line, the place, both sides, what to do.

use super::output::Output;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use lift_core::syntax::diagnostic::{Diagnostic, Severity};
use lift_core::syntax::span::Span;

/// One diagnostic of a document, several lines long.
pub(super) fn render(path: &str, text: &str, found: &Diagnostic, output: &Output) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let range = |span: Span| {
        let end = (span.end as usize).min(text.len());
        (span.start as usize).min(end)..end
    };
    let snippet = Snippet::source(text)
        .path(path)
        .annotation(AnnotationKind::Primary.span(range(found.span)))
        .annotations(
            found
                .labels
                .iter()
                .map(|label| AnnotationKind::Context.span(range(label.span)).label(&*label.message)),
        );
    let mut group = level.primary_title(&*found.message).id(&*found.code).element(snippet);
    if let Some(hint) = &found.hint {
        group = group.element(Level::HELP.message(&**hint));
    }
    let renderer = if output.color() { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}
