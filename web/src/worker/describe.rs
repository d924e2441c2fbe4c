//! The engine's answers as messages: text made by the engine's own reports, places as the editor counts.

use crate::places::Places;
use lift_core::check::Checked;
use lift_core::ir::{Declaration, HoleId, HoleInfo};
use lift_core::report::{self, HoleReport, HoleStatus};
use lift_core::syntax::diagnostic::{Diagnostic, Severity as Weight};
use lift_core::syntax::span::Span;
use lift_web::protocol::{self, Finding, Hole, Place, Severity, Standing};

/// What checking says.
pub fn checked(checked: &Checked, places: &Places) -> protocol::Checked {
    let report = report::check_file("", checked);
    let at = |span| places.place(&checked.text, span);
    let mut own: Vec<&Declaration> =
        checked.program.own().filter_map(|id| checked.program.decl(id)).map(|it| &**it).collect();
    own.retain(|declaration| declaration.span != Span::default());
    own.sort_by_key(|declaration| declaration.span);
    let declaration =
        |(report, declaration): (report::DeclarationReport, &Declaration)| protocol::Declaration {
            name: report.name,
            kind: report.kind,
            ty: report.ty,
            place: at(declaration.name_span),
        };
    let hole = |id: u32| {
        let (info, report) = (checked.program.hole(HoleId(id))?, report::hole_report(checked, HoleId(id))?);
        Some(hole(info, report, &at))
    };
    protocol::Checked {
        findings: checked.diagnostics.iter().map(|found| finding(found, &at)).collect(),
        declarations: report.declarations.into_iter().zip(own).map(declaration).collect(),
        holes: (0..checked.program.holes.len() as u32).filter_map(hole).collect(),
        ..protocol::Checked::default()
    }
}

fn finding(found: &Diagnostic, at: &impl Fn(Span) -> Place) -> Finding {
    Finding {
        code: found.code.clone(),
        severity: match found.severity {
            Weight::Error => Severity::Error,
            Weight::Warning => Severity::Warning,
            Weight::Info => Severity::Info,
        },
        message: found.message.clone(),
        place: at(found.span),
        labels: found.labels.iter().map(|label| (at(label.span), label.message.clone())).collect(),
        hint: found.hint.clone(),
    }
}

fn hole(info: &HoleInfo, report: HoleReport, at: &impl Fn(Span) -> Place) -> Hole {
    let word = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    };
    Hole {
        name: report.name,
        kind: word(serde_json::to_value(report.kind)),
        ty: report.ty,
        standing: match report.status {
            HoleStatus::Question => Standing::Question,
            HoleStatus::Open => Standing::Open,
            HoleStatus::Assumption => Standing::Assumption,
        },
        hint: report.hint,
        default: report.default,
        because: report.because,
        answers: report.answers,
        context: report.context.into_iter().map(|variable| (variable.name, variable.ty)).collect(),
        links: report
            .links
            .into_iter()
            .map(|link| (word(serde_json::to_value(link.kind)), link.hole))
            .collect(),
        declaration: report.declaration,
        uses: info.uses.iter().map(|span| at(*span)).collect(),
        declared: info.declared.map(at),
    }
}
