//! What every face shows, as data: the JSON of the command line, of the API and of the workbench.
//!
//! The functions here ask the engine and put its answers into plain, serialisable shapes with surface syntax and
//! positions that count from 1. Faces render them and add nothing.

mod ask;
mod check;
mod constraints;
mod eval;
mod forward;
mod holes;
mod infer;
mod plan;
mod verify;

pub use ask::{AskReport, QuestionReport, UnaskedReport, ask_report};
pub use check::{
    CheckFile, CheckReport, ContextReport, DeclarationReport, DiagnosticReport, HoleReport, HoleStatus,
    KnownReport, LabelReport, LinkReport, ReasonReport, SpanReport, check_file, declaration_reports,
    diagnostic_report, hole_report, hole_reports, known_holes, located, span_report,
};
pub use constraints::{ComparisonReport, ConstraintsFile, ConstraintsReport, constraints_file};
pub use eval::{EvalReport, EvalStatus, EvidenceReport, ExampleReport, eval_report, example_reports};
pub use forward::{FileKind, FileReport, ForwardReport, LeftOut};
pub use holes::{EditReport, FillReport, FitsReport, HolesReport, fill_report, fits_report, holes_report};
pub use infer::{InferReport, InferredReport, UnsolvedReport, infer_report};
pub use plan::{ClauseReport, PlanReport, StepReport, plan_report};
pub use verify::{ObligationReport, VerdictReport, VerifyFile, VerifyReport, WarningReport, verify_file};
