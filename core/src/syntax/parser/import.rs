//! Imports of other documents, and the names of what they declare.

use super::Parser;
use crate::syntax::codes;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::Kind;
use crate::syntax::tree::{DeclKind, Ident, ImportDecl, ImportFrom, ImportTake};

impl Parser<'_> {
    /// `"import" (text | "?"name) ("as" name | "{" name {"," name} "}")`
    pub(super) fn import(&mut self) -> Option<DeclKind> {
        if matches!(self.kind(), Kind::LeftBrace | Kind::Star | Kind::Small | Kind::Capital) {
            let message = "an import begins with the document";
            let hint =
                "write `import \"ages.spec.md\" { Age, read_age }`, or `import \"ages.spec.md\" as ages`";
            self.report(Diagnostic::error(codes::FOREIGN_FORM, self.span(), message).hint(hint));
            self.at = self.tokens.len();
            return None;
        }
        let from = match self.kind() {
            Kind::Hole => ImportFrom::Hole(self.hole_ident("`?` and the name of a hole")?),
            _ => {
                let span = self.span();
                ImportFrom::Document(self.expect_text("the path of a document in quotes")?, span)
            }
        };
        if self.at_word("as") {
            self.bump();
            let name = self.small_name("the name of a document")?;
            return Some(DeclKind::Import(ImportDecl { from, take: ImportTake::As(name) }));
        }
        let opener = self.token(0);
        if !self
            .expect(Kind::LeftBrace, "`as` and a name for the document, or `{` and the names that are used")
        {
            self.at = self.tokens.len();
            return None;
        }
        if self.kind() == Kind::RightBrace {
            self.unexpected("the name of a declaration");
        }
        let names = self.list(opener, Kind::RightBrace, "another name", |parser| match parser.kind() {
            Kind::Capital => parser.capital_name("a declaration"),
            _ => {
                let name = parser.small_name("a declaration");
                if name.is_none() {
                    parser.skip_in_brackets();
                }
                name
            }
        });
        let take = ImportTake::Names(names.into_iter().flatten().collect());
        Some(DeclKind::Import(ImportDecl { from, take }))
    }

    /// Whether the small name under the cursor is that of a document: a `.` touches it, and a capital touches that.
    pub(super) fn at_qualified(&self) -> bool {
        let (name, dot, member) = (self.token(0), self.token(1), self.token(2));
        name.kind == Kind::Small
            && dot.kind == Kind::Dot
            && member.kind == Kind::Capital
            && name.span.end == dot.span.start
            && dot.span.end == member.span.start
    }

    /// `Name`, or `ages.Name` where [`Parser::at_qualified`].
    pub(super) fn qualified(&mut self) -> Ident {
        let first = self.token(0);
        if self.at_qualified() {
            self.bump();
            self.bump();
        }
        let last = self.bump();
        let span = first.span.to(last.span);
        Ident { name: span.slice(self.text).to_owned(), span }
    }
}
