//! Names of the document as names of Python.
//!
//! The rule: a name stays as it is; one that Python or the generated module needs gets an underscore behind it
//! (`list_`, `class_`); leading double underscores become one; a name that is taken gets a number (`x_2`). The
//! outcome depends on nothing but the document.

use std::collections::HashSet;

/// Keywords, built-in names and the names that generated modules import.
const RESERVED: &[&str] = &[
    // Keywords, also the soft ones.
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "match",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    // Built-in functions, types and constants.
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "self",
    "Ellipsis",
    "NotImplemented",
    // Exceptions that somebody may want to name.
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BufferError",
    "EOFError",
    "Exception",
    "ExceptionGroup",
    "FloatingPointError",
    "GeneratorExit",
    "ImportError",
    "IndexError",
    "IndentationError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeError",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "FileNotFoundError",
    "IOError",
    "EnvironmentError",
    "ConnectionError",
    "PermissionError",
    // What generated modules and their tests import.
    "Any",
    "Callable",
    "Enum",
    "Fraction",
    "Generic",
    "TypeAlias",
    "TypeVar",
    "Union",
    "annotations",
    "dataclass",
    "math",
    "pairwise",
    "re",
    "unittest",
];

/// Modules of the standard library (Python 3.11): a generated module must not stand before one of them.
#[rustfmt::skip]
const STANDARD_MODULES: &[&str] = &[
    "abc", "aifc", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit", "audioop",
    "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb",
    "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys", "compileall",
    "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes",
    "curses", "dataclasses", "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest",
    "email", "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput",
    "fnmatch", "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext",
    "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html", "http", "imaplib", "imghdr",
    "imp", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3",
    "linecache", "locale", "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap",
    "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath",
    "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb",
    "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath",
    "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat",
    "queue", "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched",
    "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib",
    "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse",
    "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symtable", "sys",
    "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap",
    "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace", "traceback",
    "tracemalloc", "tty", "turtle", "types", "typing", "unicodedata", "unittest", "urllib", "uu", "uuid",
    "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml",
    "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

/// The name of the module for a document of this name: a Python identifier that hides no standard module.
///
/// ```
/// use lift_core::generate::python::module_name;
/// assert_eq!(module_name("Ages and names"), "ages_and_names");
/// assert_eq!(module_name("random"), "random_");
/// assert_eq!(module_name("3 lists"), "x3_lists");
/// ```
pub fn module_name(document: &str) -> String {
    let words =
        document.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_").to_ascii_lowercase();
    let name = Names::default().fresh(if name.is_empty() { "document" } else { &name });
    if STANDARD_MODULES.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Names in use in one scope.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    used: HashSet<String>,
}

impl Names {
    /// A name near `wanted` that nobody uses, from now on in use.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let base = python_name(wanted);
        let mut name = base.clone();
        let mut number = 1;
        while !self.used.insert(name.clone()) {
            number += 1;
            name = format!("{}_{number}", base.trim_end_matches('_'));
        }
        name
    }

    /// A name for a declaration: the one it has in its own document, where that is free.
    pub(super) fn fresh_member(&mut self, name: &str) -> String {
        let Some((document, member)) = name.split_once('.') else { return self.fresh(name) };
        if !self.is_taken(&python_name(member)) {
            return self.fresh(member);
        }
        let is_type = member.starts_with(|first: char| first.is_ascii_uppercase());
        match (is_type, document.split_at_checked(1)) {
            (true, Some((first, rest))) => {
                self.fresh(&format!("{}{rest}{member}", first.to_ascii_uppercase()))
            }
            _ => self.fresh(&format!("{document}_{member}")),
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Gives a name back whose scope has ended.
    pub(super) fn release(&mut self, name: &str) {
        self.used.remove(name);
    }

    /// Marks a name as in use.
    pub(super) fn take(&mut self, name: &str) {
        self.used.insert(name.to_owned());
    }
}

/// The name of a declaration in its own document: `Age` of `ages.Age`.
pub(super) fn member(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, member)| member)
}

/// The name alone, without regard to others.
fn python_name(name: &str) -> String {
    let mut name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    if name.starts_with("__") {
        name = format!("_{}", name.trim_start_matches('_'));
    }
    if name.trim_matches('_').is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name = format!("x{name}").trim_end_matches('_').to_owned();
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// `UPPER_CASE` for a member of an enumeration.
pub(super) fn constant_case(name: &str) -> String {
    let mut constant = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_small {
            constant.push('_');
        }
        after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        constant.push(c.to_ascii_uppercase());
    }
    constant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_python_needs_are_changed_in_a_stable_way() {
        for (name, expected) in [
            ("total", "total"),
            ("list", "list_"),
            ("lambda", "lambda_"),
            ("match", "match_"),
            ("__init__", "_init__"),
            ("__", "x"),
            ("_", "x"),
            ("_private", "_private"),
        ] {
            assert_eq!(Names::default().fresh(name), expected);
        }
        let mut names = Names::default();
        let all: Vec<String> =
            ["list", "list_", "x", "x", "x_2"].iter().map(|name| names.fresh(name)).collect();
        assert_eq!(all, ["list_", "list_2", "x", "x_2", "x_2_2"]);
        assert_eq!(constant_case("DarkRed2Blue"), "DARK_RED2_BLUE");
    }
}
