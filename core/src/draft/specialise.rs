//! A definition for the case at hand: the main definition of a document with some parameters fixed.
//!
//! "The first 10 Fibonacci numbers" is the idiom for the first n, called with 10. The general definition stays as
//! it was checked; the new one calls it, promises what the call gives, and asks of its caller what is left of the
//! preconditions.

use crate::syntax::lexer::{Kind, lex};
use crate::syntax::parse;
use crate::syntax::span::Span;
use crate::syntax::tree::{DeclKind, DefDecl, Document, SpecDecl};

/// A parameter and the term it is fixed to.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// Its place among the parameters of the main definition.
    pub parameter: usize,
    /// A literal.
    pub term: String,
    /// The term as a piece of a name.
    pub label: String,
}

/// Adds the definition after the others; gives the text back unchanged when nothing is fixed.
pub fn specialise(text: &str, fixed: &[Fixed], name: Option<&str>, taken: &dyn Fn(&str) -> bool) -> String {
    let document = parse(text);
    let main = document.decls.iter().rev().find_map(|decl| match &decl.kind {
        DeclKind::Def(def) => Some(def),
        _ => None,
    });
    let Some(main) = main.filter(|_| !fixed.is_empty()) else { return text.to_owned() };
    let term_of =
        |parameter: usize| fixed.iter().find(|fixed| fixed.parameter == parameter).map(|fixed| &*fixed.term);
    let labels: Vec<&str> = fixed.iter().map(|fixed| fixed.label.as_str()).collect();
    let labels: String =
        labels.join("_").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let usual = format!("{}_{}", main.name.name, labels.trim_matches('_'));
    let name = name.filter(|name| !taken(name) && crate::syntax::is_name(name)).unwrap_or(&usual);
    let slice = |span: Span| span.slice(text);
    let mut parameters = Vec::new();
    let mut arguments = Vec::new();
    for (place, param) in main.params.iter().enumerate() {
        match term_of(place) {
            Some(term) => arguments.push(term.to_owned()),
            None => {
                let ty = param.ty.as_ref().map_or("", |ty| slice(ty.span));
                parameters.push(format!("{}: {ty}", param.name.name));
                arguments.push(param.name.name.clone());
            }
        }
    }
    let types = if main.type_params.is_empty() {
        String::new()
    } else {
        let names: Vec<&str> = main.type_params.iter().map(|param| param.name.name.as_str()).collect();
        format!("[{}]", names.join(", "))
    };
    let result = main.result.as_ref().map_or("", |result| slice(result.span));
    let call = format!("{}({})", main.name.name, arguments.join(", "));
    let mut declaration = format!("def {name}{types}({}): {result}\n", parameters.join(", "));
    for condition in conditions(text, &document, main, &arguments) {
        declaration.push_str(&format!("  requires {condition}\n"));
    }
    declaration.push_str(&format!("  ensures same: result == {call}\n= {call}\n"));
    let case: Vec<String> = main
        .params
        .iter()
        .enumerate()
        .filter_map(|(place, param)| Some(format!("{} = {}", param.name.name, term_of(place)?)))
        .collect();
    let prose = format!("`{}` with `{}`.", main.name.name, case.join("` and `"));
    format!("{}\n\n{prose}\n\n```spec-ir\n{declaration}```\n", text.trim_end())
}

/// The preconditions of `main` and of its spec that still speak of a parameter, with the arguments in place.
fn conditions(text: &str, document: &Document, main: &DefDecl, arguments: &[String]) -> Vec<String> {
    let own: Vec<&str> = main.params.iter().map(|param| param.name.name.as_str()).collect();
    let spec: Option<&SpecDecl> = main.implements.as_ref().and_then(|name| {
        document.decls.iter().find_map(|decl| match &decl.kind {
            DeclKind::Spec(spec) if spec.name.name == name.name => Some(spec),
            _ => None,
        })
    });
    let of_spec: Vec<&str> =
        spec.iter().flat_map(|spec| &spec.params).map(|param| param.name.name.as_str()).collect();
    let from_spec = spec.iter().flat_map(|spec| &spec.requires).map(|clause| (clause, &of_spec));
    let from_main = main.requires.iter().map(|clause| (clause, &own));
    from_spec
        .chain(from_main)
        .filter_map(|(clause, names)| {
            let mut open = false;
            let written = replaced(text, clause.body.span, |word| {
                let at = names.iter().position(|name| *name == word)?;
                let argument = arguments.get(at)?;
                open |= own.contains(&argument.as_str());
                Some(argument.clone())
            });
            open.then_some(written)
        })
        .collect()
}

/// The text of `span` with names replaced.
fn replaced(text: &str, span: Span, mut with: impl FnMut(&str) -> Option<String>) -> String {
    let mut written = String::new();
    let mut at = span.start;
    for token in lex(text, span).tokens {
        let word = token.span.slice(text);
        if token.kind == Kind::Small
            && let Some(argument) = with(word)
        {
            written.push_str(Span::new(at, token.span.start).slice(text));
            written.push_str(&argument);
            at = token.span.end;
        }
    }
    written.push_str(Span::new(at, span.end).slice(text));
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    #[test]
    fn what_is_left_of_the_preconditions_is_asked_of_the_caller() {
        let text = "```spec-ir\nspec S(x: Int, low: Int, high: Int, result: Int) {\n  requires low <= high\n  \
                    requires low >= 0\n  ensures result >= low\n}\n\n\
                    def f(value: Int, a: Int, b: Int): Int implements S = if value < a then a else value\n```\n";
        let fixed = [Fixed { parameter: 1, term: "3".into(), label: "3".into() }];
        let special = specialise(text, &fixed, None, &|_| false);
        assert!(
            special.contains("def f_3(value: Int, b: Int): Int\n  requires 3 <= b\n  ensures same"),
            "{special}"
        );
        assert_eq!(check(&special).diagnostics, []);
    }

    #[test]
    fn nothing_fixed_changes_nothing() {
        assert_eq!(specialise("text", &[], Some("name"), &|_| false), "text");
    }
}
