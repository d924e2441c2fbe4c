//! The printer and the parser undo each other, and formatting loses nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

mod trees;

use lift_core::syntax::edit::{Edit, apply};
use lift_core::syntax::span::Span;
use lift_core::syntax::tree::Decl;
use lift_core::syntax::{
    format_document, parse, parse_term, parse_type, print_decl, print_expr, print_pattern, print_type,
};
use proptest::prelude::*;
use trees::shape;

fn document(declarations: &[String]) -> String {
    format!("# Title\n\nProse – kept.\n\n```spec-ir\n{}\n```\n\nMore prose.\n", declarations.join("\n\n"))
}

/// Where a space or line break stands outside of texts, but not before a small name that may be an argument of a
/// type: inside a block it stays on its line.
fn gaps(text: &str) -> Vec<usize> {
    let (mut inside, mut escaped) = (false, false);
    let mut gaps = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => inside = !inside,
            ' ' | '\n' if !inside => {
                let argument = text[at + 1..].starts_with(['n', 'x', '(']);
                let behind = text[..at].ends_with(|before: char| {
                    before.is_ascii_alphanumeric() || before == ')' || before == '}' || before == '_'
                });
                if !(argument && behind) {
                    gaps.push(at);
                }
            }
            _ => {}
        }
        escaped = inside && letter == '\\' && !escaped;
    }
    gaps
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_a_printed_term_gives_it_back(term in trees::term()) {
        let printed = print_expr(&term);
        let (parsed, findings) = parse_term(&printed);
        prop_assert_eq!(findings, [], "{}", printed);
        prop_assert_eq!(shape(&parsed), shape(&term), "{}", printed);
        prop_assert_eq!(print_expr(&parsed), printed);
    }

    #[test]
    fn parsing_a_printed_type_gives_it_back(ty in trees::ty()) {
        let printed = print_type(&ty);
        let (parsed, findings) = parse_type(&printed);
        prop_assert_eq!(findings, [], "{}", printed);
        prop_assert_eq!(shape(&parsed), shape(&ty), "{}", printed);
    }

    #[test]
    fn a_printed_pattern_reads_the_same_in_a_match(pattern in trees::pattern()) {
        let printed = print_pattern(&pattern);
        let (parsed, findings) = parse_term(&format!("match x {{ {printed} => 1 }}"));
        prop_assert_eq!(findings, [], "{}", printed);
        prop_assert!(shape(&parsed).contains(&shape(&pattern)), "{}", printed);
    }

    #[test]
    fn parsing_printed_declarations_gives_them_back(decls in proptest::collection::vec(trees::decl(), 1..4)) {
        let printed: Vec<String> = decls.iter().map(print_decl).collect();
        let text = document(&printed);
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);
        let kinds = |decls: &[Decl]| shape(&decls.iter().map(|decl| decl.kind.clone()).collect::<Vec<_>>());
        prop_assert_eq!(kinds(&parsed.decls), kinds(&decls), "{}", text);
        let again: Vec<String> = parsed.decls.iter().map(print_decl).collect();
        prop_assert_eq!(again, printed);
    }

    #[test]
    fn formatting_canonical_text_changes_nothing(decls in proptest::collection::vec(trees::decl(), 1..4)) {
        let text = document(&decls.iter().map(print_decl).collect::<Vec<_>>());
        let formatted = format_document(&text);
        prop_assert_eq!(formatted.untouched, []);
        prop_assert_eq!(formatted.text, text);
    }

    #[test]
    fn formatting_keeps_comments_and_prose_and_settles_at_once(
        decls in proptest::collection::vec(trees::decl(), 1..4),
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6),
    ) {
        let printed = decls.iter().map(print_decl).collect::<Vec<_>>().join("\n\n");
        // At the start of a line `type Foo` declares, also behind `hole ?x:`, which then is half typed.
        let declares = |at: usize| {
            let behind = printed.get(at + 1..).unwrap_or("");
            printed[..at].ends_with(':') && ["type ", "spec ", "entity "].iter().any(|word| behind.starts_with(word))
        };
        // The type of a hole stands on the line of its kind: on the next one, another item of a block may begin.
        let types = |at: usize| [": term", ": spec", ": function"].iter().any(|kind| printed[..at].ends_with(kind));
        let gaps: Vec<usize> =
            gaps(&printed).into_iter().filter(|at| !declares(*at) && !types(*at)).collect();
        prop_assume!(!gaps.is_empty());
        let mut at: Vec<(usize, bool)> = places.into_iter().map(|(place, own)| (gaps[place.index(gaps.len())], own)).collect();
        at.sort_unstable();
        at.dedup_by_key(|(at, _)| *at);
        let edits: Vec<Edit> = at.iter().enumerate().map(|(number, (at, own))| Edit {
            span: Span::new(*at as u32, *at as u32 + 1),
            replacement: format!("{}// comment {number}\n", if *own { "\n" } else { " " }),
            reason: String::new(),
        }).collect();
        let text = document(&[apply(&printed, &edits).unwrap()]);
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);

        let formatted = format_document(&text);
        prop_assert_eq!(&formatted.untouched, &[], "{}", text);
        for number in 0..edits.len() {
            prop_assert!(formatted.text.contains(&format!("// comment {number}")), "{}\n{}", text, formatted.text);
        }
        prop_assert!(formatted.text.starts_with("# Title\n\nProse – kept.\n\n```spec-ir\n"));
        prop_assert!(formatted.text.ends_with("\n```\n\nMore prose.\n"));
        let again = format_document(&formatted.text);
        prop_assert_eq!(again.text, formatted.text, "{}", text);
    }

    #[test]
    fn edits_keep_every_other_byte(
        text in "\\PC{0,40}",
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), "[a-z]{0,3}"), 0..6),
    ) {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut places: Vec<usize> = cuts.iter().map(|(at, _)| ends[at.index(ends.len())]).collect();
        places.sort_unstable();
        places.dedup();
        let pairs: Vec<(usize, usize)> = places.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let edits: Vec<Edit> = pairs.iter().zip(&cuts).map(|((start, end), (_, replacement))| Edit {
            span: Span::new(*start as u32, *end as u32),
            replacement: replacement.clone(),
            reason: String::new(),
        }).collect();
        let edited = apply(&text, &edits).unwrap();
        let mut rest = edited.as_str();
        let mut done = 0;
        for (edit, (start, end)) in edits.iter().zip(&pairs) {
            rest = rest.strip_prefix(&text[done..*start]).unwrap().strip_prefix(edit.replacement.as_str()).unwrap();
            done = *end;
        }
        prop_assert_eq!(rest, &text[done..]);
    }
}
