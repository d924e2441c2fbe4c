//! Reads the older textual IR.
//!
//! ```text
//! ir        = "ir" name "{" intent signature [effects] [assertions] "}"
//! intent    = "intent" ":" text [holes]
//! signature = "signature" ":" name "(" [name ":" type {"," name ":" type}] ")" ["->" type] [holes]
//! effects   = "effects" ":" { "-" text [holes] }
//! assertions= "assert"  ":" { "-" text [holes] }
//! holes     = "{" hole {"," hole} "}"
//! hole      = "<?" name ":" name ["="] [string] ["@" name] "?>"
//! ```
//!
//! Text runs to the end of its line or to a brace; `#` where something may begin starts a comment. Reading goes on
//! after a mistake and says what it left out. Everything is bounded: the sizes below are far beyond what the older
//! tools wrote.

/// The longest input, in bytes.
pub(super) const LONGEST: usize = 1 << 20;
/// The most blocks, and items of a list.
const MOST: usize = 100;
/// The most parameters.
const MOST_PARAMS: usize = 50;
/// The longest text or name, in characters; what is longer is cut and said.
const LONGEST_TEXT: usize = 1_000;

/// One `ir` block.
#[derive(Debug, Default)]
pub(super) struct Old {
    pub name: String,
    pub intent: Option<Item>,
    pub signature: Option<Signature>,
    pub effects: Vec<Item>,
    pub assertions: Vec<Item>,
}

/// A text, where it stands, and the holes behind it.
#[derive(Debug)]
pub(super) struct Item {
    pub line: u32,
    pub text: String,
    pub holes: Vec<OldHole>,
}

#[derive(Debug)]
pub(super) struct Signature {
    pub line: u32,
    pub name: String,
    /// Name and type.
    pub params: Vec<(String, String)>,
    pub returns: Option<String>,
    pub holes: Vec<OldHole>,
}

#[derive(Debug)]
pub(super) struct OldHole {
    pub line: u32,
    pub name: String,
    pub ty: String,
    pub text: String,
    /// `intent`, `signature`, `effect`, `assertion`, `implementation`; empty when nothing is said.
    pub kind: String,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unread {
    pub line: u32,
    pub message: String,
}

/// Every block of a text, and what could not be read.
pub(super) fn read(text: &str) -> (Vec<Old>, Vec<Unread>) {
    let mut reader = Reader { rest: text, line: 1, unread: Vec::new() };
    let mut blocks = Vec::new();
    loop {
        reader.skip();
        if reader.rest.is_empty() {
            break;
        }
        let line = reader.line;
        if blocks.len() >= MOST || reader.unread.len() >= MOST {
            reader.say(line, format!("this and everything behind it: at most {MOST} are read"));
            break;
        }
        let word = reader.name();
        if word != "ir" {
            let skipped = format!("{word}{}", reader.rest_of_line());
            reader.say(line, format!("`{}` stands outside of an `ir name {{ ... }}`", cut(&skipped)));
            continue;
        }
        reader.skip();
        let name = reader.name();
        reader.skip();
        if !reader.eat("{") {
            reader.say(line, "an `ir` without `{`".to_owned());
            continue;
        }
        blocks.push(reader.block(name));
    }
    (blocks, reader.unread)
}

struct Reader<'t> {
    rest: &'t str,
    line: u32,
    unread: Vec<Unread>,
}

impl<'t> Reader<'t> {
    fn say(&mut self, line: u32, message: String) {
        if self.unread.len() <= MOST {
            self.unread.push(Unread { line, message });
        }
    }

    /// Goes on by a number of bytes, which end a character.
    fn advance(&mut self, bytes: usize) -> &'t str {
        let (passed, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.rest = rest;
        passed
    }

    fn skip(&mut self) {
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            self.advance(blank);
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest_of_line();
        }
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let there = self.rest.starts_with(symbol);
        if there {
            self.advance(symbol.len());
        }
        there
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        self.advance(end)
    }

    fn rest_of_line(&mut self) -> &'t str {
        self.take_while(|c| c != '\n')
    }

    fn name(&mut self) -> String {
        let name = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '.');
        self.bounded(name)
    }

    /// A text up to the end of the line or a brace.
    fn text(&mut self) -> String {
        let text = self.take_while(|c| !matches!(c, '\n' | '\r' | '{' | '}'));
        self.bounded(text.trim())
    }

    fn block(&mut self, name: String) -> Old {
        let mut old = Old { name, ..Old::default() };
        loop {
            self.skip();
            let line = self.line;
            if self.rest.is_empty() {
                self.say(line, "the `}` at the end is missing".to_owned());
                return old;
            }
            if self.eat("}") {
                return old;
            }
            if self.unread.len() > MOST {
                return old;
            }
            let word = self.name();
            self.take_while(|c| matches!(c, ' ' | '\t'));
            let known = matches!(word.as_str(), "intent" | "signature" | "effects" | "assert" | "assertions");
            if !known || !self.eat(":") {
                let skipped = format!("{word}{}", self.rest_of_line());
                self.say(line, format!("`{}` is no part of the older IR", cut(&skipped)));
                continue;
            }
            self.skip();
            match word.as_str() {
                "intent" => {
                    let intent = self.item();
                    if old.intent.is_some() {
                        self.say(line, format!("a second intent, `{}`: a block has one", intent.text));
                    } else {
                        old.intent = Some(intent);
                    }
                }
                "signature" => {
                    let signature = self.signature();
                    if old.signature.is_some() {
                        self.say(line, format!("a second signature, `{}`: a block has one", signature.name));
                    } else {
                        old.signature = Some(signature);
                    }
                }
                "effects" => old.effects.extend(self.items()),
                _ => old.assertions.extend(self.items()),
            }
        }
    }

    fn item(&mut self) -> Item {
        let line = self.line;
        let text = self.text();
        Item { line, text, holes: self.holes() }
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            self.skip();
            if !self.eat("-") {
                return items;
            }
            let item = self.item();
            if items.len() < MOST {
                items.push(item);
            } else if items.len() == MOST {
                self.say(item.line, format!("more than {MOST} items of one list"));
            }
        }
    }

    fn signature(&mut self) -> Signature {
        let line = self.line;
        let name = self.name();
        let mut signature = Signature { line, name, params: Vec::new(), returns: None, holes: Vec::new() };
        self.skip();
        if self.eat("(") {
            loop {
                self.skip();
                if self.eat(")") || self.rest.is_empty() {
                    break;
                }
                let (line, name) = (self.line, self.name());
                self.skip();
                let ty = if self.eat(":") { self.ty() } else { String::new() };
                if name.is_empty() || signature.params.len() >= MOST_PARAMS {
                    self.say(line, "a parameter without a name, or one too many".to_owned());
                    self.take_while(|c| !matches!(c, ')' | '\n'));
                    self.eat(")");
                    break;
                }
                signature.params.push((name, ty));
                self.skip();
                self.eat(",");
            }
        }
        self.skip();
        if self.eat("->") {
            signature.returns = Some(self.ty()).filter(|ty| !ty.is_empty());
        }
        signature.holes = self.holes();
        signature
    }

    /// A type: up to a comma, parenthesis, brace or line end outside of its own brackets.
    fn ty(&mut self) -> String {
        let (mut open, mut end) = (0u32, self.rest.len());
        for (at, letter) in self.rest.char_indices() {
            match letter {
                '[' | '(' => open += 1,
                ']' | ')' if open > 0 => open -= 1,
                ')' | '{' | '}' | '\n' => {
                    end = at;
                    break;
                }
                ',' if open == 0 => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let ty = self.advance(end).trim();
        self.bounded(ty)
    }

    /// `"{" hole {"," hole} "}"`, if there.
    fn holes(&mut self) -> Vec<OldHole> {
        self.skip();
        let opens = self.rest.strip_prefix('{').is_some_and(|inside| inside.trim_start().starts_with("<?"));
        if !opens {
            return Vec::new();
        }
        self.eat("{");
        let mut holes = Vec::new();
        loop {
            self.skip();
            if self.eat("<?") {
                let hole = self.hole();
                match holes.len() {
                    ..MOST => holes.push(hole),
                    MOST => {
                        self.say(
                            hole.line,
                            format!("the hole `{}`: more than {MOST} at one place", hole.name),
                        );
                    }
                    _ => {}
                }
                self.skip();
                self.eat(",");
            } else {
                let line = self.line;
                if !self.eat("}") {
                    let skipped = cut(self.take_while(|c| c != '}' && c != '\n'));
                    self.say(line, format!("`{skipped}` among holes"));
                    self.eat("}");
                }
                return holes;
            }
        }
    }

    /// A hole behind its `<?`.
    fn hole(&mut self) -> OldHole {
        self.skip();
        let (line, name) = (self.line, self.name());
        self.skip();
        let mut hole = OldHole { line, name, ty: String::new(), text: String::new(), kind: String::new() };
        if self.eat(":") {
            self.skip();
            hole.ty = self.name();
        }
        self.skip();
        self.eat("=");
        self.skip();
        if self.eat("\"") {
            hole.text = self.string();
        }
        self.skip();
        if self.eat("@") {
            self.skip();
            hole.kind = self.name();
        }
        self.skip();
        if !self.eat("?>") {
            let skipped = cut(self.take_while(|c| !matches!(c, '>' | '}' | '\n')));
            self.eat(">");
            self.say(line, format!("`{skipped}` in the hole `{}`", hole.name));
        }
        hole
    }

    /// A string behind its first quote.
    fn string(&mut self) -> String {
        let (mut text, mut end, mut escaped) = (String::new(), self.rest.len(), false);
        for (at, letter) in self.rest.char_indices() {
            if escaped {
                text.push(letter);
                escaped = false;
            } else if letter == '\\' {
                escaped = true;
            } else if letter == '"' || letter == '\n' {
                end = at;
                break;
            } else {
                text.push(letter);
            }
        }
        self.advance(end);
        self.eat("\"");
        self.bounded(&text)
    }

    /// What is kept of a text or name. The mark of what was cut makes sure that half a condition is none.
    fn bounded(&mut self, text: &str) -> String {
        let kept = cut(text);
        if kept != text {
            self.say(self.line, format!("everything behind the first {LONGEST_TEXT} characters of a text"));
        }
        kept
    }
}

/// At most [`LONGEST_TEXT`] characters, and `…` for the rest.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
