//! The editor as the page sees it. Behind it stands CodeMirror, bundled from `web/editor/`.
//!
//! Another editor could stand there: this is all that is asked of one. Offsets are UTF-16 code units.

use crate::workbench::Freshness;
use js_sys::Promise;
use leptos::prelude::*;
use lift_web::protocol::{Change, Finding, Place, Severity, Verdict};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

mod bundle {
    use super::*;

    #[wasm_bindgen(raw_module = "./editor.js")]
    extern "C" {
        pub type Editor;
        #[wasm_bindgen(constructor)]
        pub fn new(parent: &web_sys::Element, label: &str, told: &js_sys::Object) -> Editor;
        #[wasm_bindgen(method)]
        pub fn open(this: &Editor, text: &str);
        #[wasm_bindgen(method)]
        pub fn edit(this: &Editor, changes: &str, cursor: i32);
        #[wasm_bindgen(method, js_name = setProblems)]
        pub fn set_problems(this: &Editor, json: &str);
        #[wasm_bindgen(method, js_name = setHoles)]
        pub fn set_holes(this: &Editor, json: &str);
        #[wasm_bindgen(method, js_name = setVerdicts)]
        pub fn set_verdicts(this: &Editor, json: &str);
        #[wasm_bindgen(method, js_name = setFreshness)]
        pub fn set_freshness(this: &Editor, key: &str);
        #[wasm_bindgen(method, js_name = setPreview)]
        pub fn set_preview(this: &Editor, json: &str);
        #[wasm_bindgen(method)]
        pub fn goto(this: &Editor, from: u32, to: u32);
        #[wasm_bindgen(method, js_name = nextProblem)]
        pub fn next_problem(this: &Editor) -> bool;
        #[wasm_bindgen(method, js_name = previousProblem)]
        pub fn previous_problem(this: &Editor) -> bool;
        #[wasm_bindgen(method)]
        pub fn undo(this: &Editor);
        #[wasm_bindgen(method)]
        pub fn redo(this: &Editor);
        #[wasm_bindgen(method)]
        pub fn focus(this: &Editor);

        pub type Reader;
        #[wasm_bindgen(constructor)]
        pub fn new(parent: &web_sys::Element, label: &str, picked: &js_sys::Function) -> Reader;
        #[wasm_bindgen(method)]
        pub fn show(this: &Reader, text: &str);
        #[wasm_bindgen(method)]
        pub fn point(this: &Reader, name: &str);

        pub fn pack(text: &str) -> Promise;
        pub fn unpack(letters: &str) -> Promise;
    }
}

/// What an editor tells the page.
pub struct Told {
    /// The text is now this; whether a person or an action changed it (and not `open`).
    pub change: Box<dyn Fn(String, bool)>,
    /// The cursor is now here.
    pub cursor: Box<dyn Fn(u32)>,
    /// A hole was clicked: its name.
    pub hole: Box<dyn Fn(String)>,
    /// A verdict was clicked: its line, from 1.
    pub verdict: Box<dyn Fn(u32)>,
    /// The long form of a code is asked for.
    pub explain: Box<dyn Fn(String)>,
    /// What can be named, as JSON `[{label, type, detail}]`: for completion and on hover.
    pub names: Box<dyn Fn() -> String>,
}

/// A verdict in the margin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The line, from 1.
    pub line: u32,
    /// Its shape and colour.
    pub verdict: Verdict,
    /// Its word.
    pub label: String,
    /// Its sentence.
    pub title: String,
}

/// A place of a hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoleMark {
    /// First unit.
    pub from: u32,
    /// One past the last.
    pub to: u32,
    /// The hole's name.
    pub name: String,
    /// Whether it is the one looked at.
    pub chosen: bool,
}

/// The editor of the document.
pub struct EditorPort(bundle::Editor);

impl EditorPort {
    /// Puts an editor into `parent`.
    pub fn new(parent: &web_sys::Element, label: &str, told: Told) -> Self {
        let object = js_sys::Object::new();
        let set = |name: &str, value: JsValue| {
            // A plain object accepts any property.
            let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &value);
        };
        let Told { change, cursor, hole, verdict, explain, names } = told;
        set("change", Closure::<dyn Fn(String, bool)>::new(change).into_js_value());
        set("cursor", Closure::<dyn Fn(u32)>::new(cursor).into_js_value());
        set("hole", Closure::<dyn Fn(String)>::new(hole).into_js_value());
        set("verdict", Closure::<dyn Fn(u32)>::new(verdict).into_js_value());
        set("explain", Closure::<dyn Fn(String)>::new(explain).into_js_value());
        set("names", Closure::<dyn Fn() -> String>::new(names).into_js_value());
        EditorPort(bundle::Editor::new(parent, label, &object))
    }

    /// Shows another document, with a history of its own.
    pub fn open(&self, text: &str) {
        self.0.open(text);
    }

    /// Makes changes that one undo takes back, and puts the cursor somewhere.
    pub fn edit(&self, changes: &[Change], cursor: Option<u32>) {
        self.0.edit(&json(changes), cursor.map_or(-1, |offset| offset as i32));
    }

    /// Underlines what is wrong.
    pub fn set_findings(&self, findings: &[Finding]) {
        self.0.set_problems(&json(&findings.iter().map(Problem::from).collect::<Vec<_>>()));
    }

    /// Marks the holes.
    pub fn set_holes(&self, holes: &[HoleMark]) {
        self.0.set_holes(&json(holes));
    }

    /// Puts verdicts into the margins.
    pub fn set_verdicts(&self, marks: &[Mark]) {
        self.0.set_verdicts(&json(marks));
    }

    /// Shows the verdicts in the margins as those of this text, or as those of an earlier one.
    pub fn set_freshness(&self, freshness: Freshness) {
        self.0.set_freshness(freshness.key());
    }

    /// Shows a term behind each place without changing the document; without places, takes it away.
    pub fn preview(&self, places: &[Place], text: &str) {
        let shown: Vec<_> = places.iter().map(|place| Preview { to: place.to, text }).collect();
        self.0.set_preview(&json(&shown));
    }

    /// Selects a place, shows it and takes the focus.
    pub fn goto(&self, place: Place) {
        self.0.goto(place.from, place.to);
    }

    /// Selects the next problem; `false` when there is none.
    pub fn next_problem(&self) -> bool {
        self.0.next_problem()
    }

    /// Selects the problem before; `false` when there is none.
    pub fn previous_problem(&self) -> bool {
        self.0.previous_problem()
    }

    /// Takes the last change back.
    pub fn undo(&self) {
        self.0.undo();
    }

    /// Makes it again.
    pub fn redo(&self) {
        self.0.redo();
    }

    /// Takes the focus.
    pub fn focus(&self) {
        self.0.focus();
    }
}

/// A pane of generated code.
pub struct ReaderPort(bundle::Reader);

impl ReaderPort {
    /// Puts a pane into `parent`; `picked` is told the function that is double-clicked, or that Enter is pressed in.
    pub fn new(parent: &web_sys::Element, label: &str, picked: impl Fn(String) + 'static) -> Self {
        let picked = Closure::<dyn Fn(String)>::new(picked).into_js_value();
        ReaderPort(bundle::Reader::new(parent, label, picked.unchecked_ref()))
    }

    /// Marks a function and shows it; an empty name marks none.
    pub fn point(&self, name: &str) {
        self.0.point(name);
    }

    /// Shows `text`, touching only what differs.
    pub fn show(&self, text: &str) {
        self.0.show(text);
    }
}

/// Why a document did not go into an address, or did not come out of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkError {
    /// It was packed by another version.
    Version,
    /// It is longer than a document may be.
    Large,
    /// It was cut short or changed.
    Broken,
    /// This browser cannot do it.
    Unable,
}

/// A document as letters for an address.
pub async fn pack(text: &str) -> Result<String, LinkError> {
    linked(bundle::pack(text)).await
}

/// A document out of an address.
pub async fn unpack(letters: &str) -> Result<String, LinkError> {
    linked(bundle::unpack(letters)).await
}

async fn linked(promise: Promise) -> Result<String, LinkError> {
    let value = wasm_bindgen_futures::JsFuture::from(promise).await.map_err(|error| {
        let why = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.message()));
        match why.as_deref() {
            Ok("version") => LinkError::Version,
            Ok("large") => LinkError::Large,
            Ok("broken") => LinkError::Broken,
            _ => LinkError::Unable,
        }
    })?;
    value.as_string().ok_or(LinkError::Unable)
}

/// The element behind a node reference, as the editor wants it.
pub fn element(node: NodeRef<leptos::html::Div>) -> Option<web_sys::Element> {
    node.get().map(|div| div.unchecked_into())
}

#[derive(Serialize)]
struct Preview<'a> {
    to: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    from: u32,
    to: u32,
    severity: Severity,
    code: &'a str,
    message: &'a str,
    labels: Vec<ProblemLabel<'a>>,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct ProblemLabel<'a> {
    line: u32,
    message: &'a str,
}

impl<'a> From<&'a Finding> for Problem<'a> {
    fn from(finding: &'a Finding) -> Self {
        let label = |(place, message): &'a (Place, String)| ProblemLabel { line: place.line, message };
        Problem {
            from: finding.place.from,
            to: finding.place.to,
            severity: finding.severity,
            code: &finding.code,
            message: &finding.message,
            labels: finding.labels.iter().map(label).collect(),
            hint: finding.hint.as_deref(),
        }
    }
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Data of ours always serialises; an empty list shows nothing, which is what is left to do.
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}
