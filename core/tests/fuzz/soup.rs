//! Texts to try: noise, and documents near to those that somebody wrote.

use super::dice::Dice;
use super::words::WORDS;
use lift_core::draft::Library;
use std::fs;
use std::path::Path;

/// Whole declarations and terms that reach far.
const MEAT: &[&str] = &[
    "\ndef f(x: Int): Int = f(x - 1)\n",
    "\ndef f[T](x: T): T = f(f(x))\n",
    "\ndef f(n: Nat): Nat decreases n = if n < 1 then 0 else f(n - 1)\n",
    "\ntype T = A | B(T)\n",
    "\ntype T = {x: Int | x > 0}\n",
    "\ntype V (n: Nat) A = {xs: List A | length(xs) == n}\n",
    "\nentity E { a: Int, invariant a > 0 }\n",
    "\nhole ?h: term Int answers { 1, 2 } links { uses ?h }\n",
    "\nexamples { f(1) == f(1) }\n",
    "\nspec S(x: Int, result: Int) { ensures result > x }\n",
    " implements S ",
    " ?h + ?h ",
    " match x { 0 => 1 _ => x } ",
    " let x = x in x ",
    " forall y: Int. y > x ",
    " (\\g. g(g))(\\g. g) ",
    " map(range(0, 100000), \\x. x) ",
    " pow(9, pow(9, 9)) ",
    " replicate(1000000000, 0) ",
    " {y: Int | y == x} ",
];

pub struct Corpus {
    documents: Vec<String>,
}

impl Corpus {
    /// The documents of the tests, the idioms of the library, and the bad documents that have messages.
    pub fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut documents = Vec::new();
        gather(&root.join("tests/spec"), &mut documents);
        gather(&root.join("docs"), &mut documents);
        documents.extend(Library::built_in_sources().map(|(_, text)| text.to_owned()));
        for file in fs::read_dir(root.join("core/tests/messages")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let block = |block: &str| {
                let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("! ")).collect();
                format!("```spec-ir\n{}\n```\n", lines.join("\n"))
            };
            documents.extend(text.split("\n----\n").map(block));
        }
        assert!(documents.len() > 300, "{}", documents.len());
        documents.sort();
        Corpus { documents }
    }

    /// Bytes that nobody wrote: all of them, or some in a document.
    pub fn bytes(&self, dice: &mut Dice) -> String {
        let mut bytes = match dice.roll(3) {
            0 => (0..dice.roll(400)).map(|_| dice.next() as u8).collect(),
            _ => self.piece(dice).into_bytes(),
        };
        for _ in 0..=dice.roll(12) {
            let at = dice.roll(bytes.len() + 1).min(bytes.len());
            let end = (at + dice.roll(9)).min(bytes.len());
            let new: Vec<u8> = match dice.roll(5) {
                0 => Vec::new(),
                1 => (0..dice.roll(6)).map(|_| dice.next() as u8).collect(),
                2 => bytes[at..end].iter().map(|byte| byte ^ (1 << dice.roll(8))).collect(),
                3 => bytes[at..end].repeat(1 + dice.roll(40)),
                _ => dice.pick(WORDS).as_bytes().to_vec(),
            };
            bytes.splice(at..end, new);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Mostly where it is read and not prose.
        if text.contains("```") || dice.roll(4) == 0 { text } else { format!("```spec-ir\n{text}\n```\n") }
    }

    /// A document with tokens taken out, doubled, exchanged, or from elsewhere; sometimes deep, sometimes two in one.
    pub fn tokens(&self, dice: &mut Dice) -> String {
        let document = self.piece(dice);
        let mut tokens: Vec<String> = tokens(&document).into_iter().map(str::to_owned).collect();
        for _ in 0..=dice.roll(6) {
            if tokens.is_empty() {
                break;
            }
            let at = dice.roll(tokens.len());
            let end = (at + 1 + dice.roll(6)).min(tokens.len());
            match dice.roll(10) {
                0 => drop(tokens.drain(at..end)),
                1 => {
                    let again = tokens[at..end].to_vec();
                    tokens.splice(end..end, again);
                }
                2 => {
                    let other = dice.roll(tokens.len());
                    tokens.swap(at, other);
                }
                3 | 4 => tokens[at] = (*dice.pick(WORDS)).to_owned(),
                5 => tokens.insert(at, (*dice.pick(WORDS)).to_owned()),
                6 => tokens.insert(at, (*dice.pick(MEAT)).to_owned()),
                7 => {
                    // From elsewhere in the document, where it is right.
                    let from = dice.roll(tokens.len());
                    let piece = tokens[from..(from + 1 + dice.roll(12)).min(tokens.len())].to_vec();
                    tokens.splice(at..end, piece);
                }
                8 => {
                    // Around itself, many times.
                    let times = [2, 10, 60, 250][dice.roll(4)];
                    let (open, close) = *dice.pick(&[
                        ("(", ")"),
                        ("[", "]"),
                        ("f(", ")"),
                        ("-", ""),
                        ("List (", ")"),
                        ("Some(", ")"),
                        ("let x = x in ", ""),
                        ("if x == 0 then ", " else x"),
                        ("x :: ", ""),
                        ("match x { _ => ", " }"),
                        ("Int -> ", ""),
                        ("forall y: Int. ", ""),
                        ("\\y. ", ""),
                        ("{y: ", " | true}"),
                    ]);
                    let inner = tokens[at..end].concat();
                    tokens.splice(at..end, [open.repeat(times), inner, close.repeat(times)]);
                }
                _ => {
                    let other = self.piece(dice);
                    let other: Vec<String> = self::tokens(&other).into_iter().map(str::to_owned).collect();
                    let from = dice.roll(other.len());
                    let piece = other[from..(from + 1 + dice.roll(40)).min(other.len())].to_vec();
                    tokens.splice(at..at, piece);
                }
            }
        }
        let text = tokens.concat();
        if text.contains("```") { text } else { format!("```spec-ir\n{text}\n```\n") }
    }

    /// A document, or a part of a long one.
    fn piece(&self, dice: &mut Dice) -> String {
        let document = dice.pick(&self.documents);
        if document.len() < 3_000 {
            return document.clone();
        }
        let blocks: Vec<&str> = document.split("\n\n").collect();
        let from = dice.roll(blocks.len());
        let piece = blocks[from..(from + 1 + dice.roll(6)).min(blocks.len())].join("\n\n");
        if piece.contains("```spec-ir") { piece } else { format!("```spec-ir\n{piece}\n```\n") }
    }
}

/// A text in words, numbers, runs of signs and of space, which are all of it.
pub fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '?' => 0,
        ' ' => 1,
        '(' | ')' | '{' | '}' | '[' | ']' | ',' | ';' | '.' | '\n' | '"' => 2,
        _ => 3,
    };
    let (mut found, mut start, mut before) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        let now = class(c);
        if before.is_some_and(|before| before != now || now == 2) {
            found.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

fn gather(folder: &Path, documents: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, documents);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            documents.push(fs::read_to_string(path).unwrap());
        }
    }
}
