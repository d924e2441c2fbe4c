//! The words of findings about imports, and their long form.

use super::Unavailable;
use crate::explain::Explanation;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

pub(super) fn path(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error("E0141", span, format!("this path {why}")).hint(
        "write the path from the folder of this document, such as `\"ages.spec.md\"` or `\"shared/ages.spec.md\"`",
    )
}

/// `path` is where the document would be.
pub(super) fn unavailable(span: Span, path: &str, why: &Unavailable) -> Diagnostic {
    match why {
        Unavailable::Alone => {
            let message = format!("`{path}` cannot be read here: this document is looked at alone");
            Diagnostic::error("E0142", span, message)
                .hint("check it with `lift check` in its folder, or copy the declarations it needs into it")
        }
        Unavailable::Missing => Diagnostic::error("E0142", span, format!("there is no document `{path}`"))
            .hint("paths start at the folder of this document; to leave the document open, write `import ?name`"),
        Unavailable::Unreadable(because) => {
            Diagnostic::error("E0142", span, format!("`{path}` cannot be read: {because}"))
        }
    }
}

pub(super) fn unknown(
    span: Span,
    name: &str,
    path: &str,
    close: Option<&str>,
    ctor_of: Option<&str>,
) -> Diagnostic {
    let finding = Diagnostic::error("E0143", span, format!("`{path}` declares no `{name}`"));
    match (ctor_of, close) {
        (Some(ty), _) => {
            finding.hint(format!("`{name}` is a constructor of `{ty}` and comes with it: import `{ty}`"))
        }
        (None, Some(close)) => finding.hint(format!("did you mean `{close}`?")),
        (None, None) => finding
            .hint("what a document imports itself is not passed on: import it from where it is declared"),
    }
}

/// `from` is the document in which the import stands.
pub(super) fn circle(span: Span, circle: &[String], from: &str) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|path| format!("`{path}`")).collect();
    let finding = match circle {
        [own] if own == from => Diagnostic::error("E0144", span, "this document imports itself"),
        [other] => Diagnostic::error("E0144", span, format!("`{other}` imports itself")),
        _ => Diagnostic::error(
            "E0144",
            span,
            format!("documents import each other in a circle: {}", names.join(", ")),
        ),
    };
    finding.hint("move what both need into a document of its own that imports neither")
}

pub(super) fn broken(span: Span, path: &str, place: Span, message: &str) -> Diagnostic {
    Diagnostic::error("E0145", span, format!("`{path}` has errors itself"))
        .label(place, message)
        .hint("what is in order there can be used; repair the rest first")
}

pub(super) fn long_chain(span: Span, written: &str) -> Diagnostic {
    let message = format!("`{written}` begins a chain of more than 16 documents that each import the next");
    Diagnostic::error("E0146", span, message)
        .hint("import what is needed from the document that declares it, or gather what belongs together in fewer documents")
}

pub(super) fn too_many(span: Span) -> Diagnostic {
    let message =
        "this document leans on more than 64 others, by its imports and theirs; none of them is read";
    Diagnostic::error("E0146", span, message)
        .hint("leave out imports that are not needed, or gather what belongs together in fewer documents")
}

pub(super) fn too_long(span: Span) -> Diagnostic {
    let message = "the documents that this one leans on have more than 16 MiB together; none of them is read";
    Diagnostic::error("E0146", span, message)
        .hint("leave out imports that are not needed, or move what is needed into a smaller document")
}

/// The most findings about the imports of one document that are shown.
const MOST: usize = 20;

/// The first findings, and how many there are more.
pub(super) fn bounded(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.len() > MOST + 1 {
        let more = findings.split_off(MOST);
        findings.extend(more.first().map(|first| {
            let message =
                format!("here and below, {} more imports have something wrong with them", more.len());
            Diagnostic::error("E0146", first.span, message).hint("repair those above first")
        }));
    }
    findings
}

pub(super) fn clash(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error("E0147", span, format!("`{name}` is imported twice"))
        .label(first, "the first import of this name is here")
        .hint("import one of the documents under a name, as in `import \"ages.spec.md\" as ages`, and write `ages.Age`")
}

/// A declaration takes a name that an import has taken.
pub(in crate::check) fn clash_with_import(span: Span, name: &str, import: Span) -> Diagnostic {
    Diagnostic::error("E0147", span, format!("`{name}` is imported and declared here as well"))
        .label(import, "it is imported here")
        .hint("rename the declaration, or import the document under a name, as in `import \"ages.spec.md\" as ages`")
}

/// One entry for each code of imports.
pub(crate) const EXPLANATIONS: &[Explanation] = &[
    Explanation::new(
        "E0141",
        "a path that leads nowhere it may",
        "A document imports documents beside it: the path is relative to its own folder, uses `/`, ends in `.spec.md` and \
         does not leave the folder that holds all documents. Addresses, drives and absolute paths are not followed.",
        "import \"/shared/ages.spec.md\" as ages",
        "import \"ages.spec.md\" as ages",
    ),
    Explanation::new(
        "E0142",
        "an imported document that is not there",
        "Nothing can be read under this path, which starts at the folder of the importing document. In the browser, imports \
         find the documents that the browser keeps under their names. A server reads no files: other documents are given \
         with the one that imports them.",
        "import \"wages.spec.md\" as wages",
        "import \"ages.spec.md\" as ages",
    ),
    Explanation::new(
        "E0143",
        "a name that the imported document does not declare",
        "Only what a document declares itself can be imported from it: types, entities, specs and definitions. The \
         constructors of a type come with the type. What the document imports, it does not pass on.",
        "import \"ages.spec.md\" { Agee }",
        "import \"ages.spec.md\" { Age }",
    ),
    Explanation::new(
        "E0144",
        "documents that import each other",
        "Each document is checked before those that import it, so imports cannot go in a circle. What two documents need \
         of each other belongs into a third one.",
        "import \"circle.spec.md\" as circle",
        "import \"ages.spec.md\" as ages",
    ),
    Explanation::new(
        "E0145",
        "an imported document with errors",
        "The imported document does not check. The message points at the first thing that is wrong with it. What is in \
         order there is known here; nothing that rests on the rest is called proved.",
        "import \"broken.spec.md\" as broken",
        "import \"ages.spec.md\" as ages",
    ),
    Explanation::new(
        "E0146",
        "more imports than are followed",
        "A document can lean on 64 others, 16 MiB together, in chains of imports at most 16 long: what it imports, what that \
         imports, and so on. Past 64 or 16 MiB none of them is read; a document that begins too long a chain is not \
         imported. Of the findings about imports the first 20 are shown. Here the archive alone is longer than that.",
        "import \"archive.spec.md\" as archive",
        "import \"ages.spec.md\" as ages",
    ),
    Explanation::new(
        "E0147",
        "one name for two things",
        "Two imports give the same name, or an import gives the name of a declaration. Import a document under a name of \
         its own, and what it declares is written with that name before it.",
        "import \"ages.spec.md\" { Age }\ntype Age = Int",
        "import \"ages.spec.md\" as ages\ntype Age = ages.Age",
    ),
];
