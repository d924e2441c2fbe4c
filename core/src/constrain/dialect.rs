//! The languages in which an inference server takes a constraint.

use std::fmt;
use std::str::FromStr;

/// A language in which an inference server takes a decoding constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// JSON Schema, draft 2020-12: hosted models, and every local server.
    JsonSchema,
    /// Lark, in the subset on which llguidance and XGrammar agree: vLLM, OpenAI's custom tools.
    Lark,
    /// EBNF as XGrammar reads it: SGLang, vLLM.
    Ebnf,
    /// GBNF: llama.cpp.
    Gbnf,
    /// One regular expression: vLLM, SGLang, text-generation-inference.
    Regex,
}

impl Dialect {
    /// Every dialect there is, in the order in which they are offered.
    pub const ALL: [Dialect; 5] =
        [Dialect::JsonSchema, Dialect::Lark, Dialect::Ebnf, Dialect::Gbnf, Dialect::Regex];

    /// The name used on the command line, in the plugin world and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::JsonSchema => "json-schema",
            Dialect::Lark => "lark",
            Dialect::Ebnf => "ebnf",
            Dialect::Gbnf => "gbnf",
            Dialect::Regex => "regex",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no dialect's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownDialect(
    /// What was written.
    pub String,
);

impl fmt::Display for UnknownDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Dialect::ALL.map(Dialect::name).join(", ");
        write!(f, "`{}` is not a dialect; there are {known}", self.0)
    }
}

impl std::error::Error for UnknownDialect {}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Dialect::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| UnknownDialect(name.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_reads_its_own_name() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
        }
        assert_eq!("Lark".parse::<Dialect>(), Err(UnknownDialect("Lark".into())));
    }
}
