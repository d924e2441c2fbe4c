//! The tokens of a document's blocks, kept from one state of it to the next: lexing is most of what parsing costs, and
//! an edit changes one block.

use crate::syntax::lexer::{Token, lex};
use crate::syntax::span::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// What [`crate::syntax::parse_again`] remembers.
#[derive(Debug, Default)]
pub struct Memory {
    /// By the text of a block: its tokens, with places counted from its start.
    blocks: HashMap<Box<str>, Arc<[Token]>>,
    /// Those of the state being parsed.
    now: HashMap<Box<str>, Arc<[Token]>>,
}

impl Memory {
    /// The tokens of `body` in `text`.
    pub(in crate::syntax) fn tokens(&mut self, text: &str, body: Span) -> Vec<Token> {
        let block = body.slice(text);
        let known = self.blocks.get(block).or_else(|| self.now.get(block)).cloned();
        let tokens = known.unwrap_or_else(|| {
            let whole = Span::new(0, block.len() as u32);
            lex(block, whole).tokens.into()
        });
        let at = |span: Span| Span::new(body.start + span.start, body.start + span.end);
        let placed = tokens.iter().map(|token| Token { span: at(token.span), ..*token }).collect();
        self.now.insert(block.into(), tokens);
        placed
    }

    /// Ends a parse: what it did not need is forgotten.
    pub(in crate::syntax) fn turn(&mut self) {
        self.blocks = std::mem::take(&mut self.now);
    }
}
