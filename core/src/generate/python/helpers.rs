//! Small functions that a generated module brings along, each only when it is used: what Python's own library
//! does not have with the same meaning.

use super::outline::OptionStyle;

/// One helper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Helper {
    /// `items[index]` without Python's counting from the end.
    At,
    /// `base ** exponent` in whole numbers.
    Power,
    /// A piece of a text from a start that is not negative.
    Substring,
    /// Replacement of a part that is not empty.
    Replace,
    IndexOf,
    Find,
    ParseInt,
    Insert,
    Distinct,
    First,
    Last,
    Maximum,
    Minimum,
}

impl Helper {
    pub(super) const ALL: [Helper; 13] = [
        Helper::At,
        Helper::Power,
        Helper::Substring,
        Helper::Replace,
        Helper::IndexOf,
        Helper::Find,
        Helper::ParseInt,
        Helper::Insert,
        Helper::Distinct,
        Helper::First,
        Helper::Last,
        Helper::Maximum,
        Helper::Minimum,
    ];

    pub(super) fn wanted_name(self) -> &'static str {
        match self {
            Helper::At => "_at",
            Helper::Power => "_power",
            Helper::Substring => "_substring",
            Helper::Replace => "_replace",
            Helper::IndexOf => "_index_of",
            Helper::Find => "_find",
            Helper::ParseInt => "_parse_int",
            Helper::Insert => "_insert",
            Helper::Distinct => "_distinct",
            Helper::First => "_first",
            Helper::Last => "_last",
            Helper::Maximum => "_maximum",
            Helper::Minimum => "_minimum",
        }
    }

    /// Whether its text mentions the type variable `_T`.
    pub(super) fn is_generic(self) -> bool {
        matches!(self, Helper::At | Helper::IndexOf | Helper::Distinct | Helper::First | Helper::Last)
    }

    /// Modules it needs.
    pub(super) fn imports(self) -> &'static [&'static str] {
        match self {
            Helper::At => &["Sequence"],
            Helper::ParseInt => &["re"],
            _ => &[],
        }
    }

    /// Its text.
    pub(super) fn text(self, name: &str, style: OptionStyle) -> String {
        let some = |value: &str| match style {
            OptionStyle::Bare => value.to_owned(),
            OptionStyle::Boxed => format!("Some({value})"),
        };
        let option = |ty: &str| match style {
            OptionStyle::Bare => format!("{ty} | None"),
            OptionStyle::Boxed => format!("Some[{ty}] | None"),
        };
        match self {
            Helper::At => format!(
                "def {name}(items: Sequence[_T], index: int) -> _T:
    \"\"\"The item at an index counted from 0; a negative index is an error, not a place from the end.\"\"\"
    if not 0 <= index < len(items):
        raise IndexError(f\"the index {{index}} is out of range: there are {{len(items)}} items\")
    return items[index]
"
            ),
            Helper::Power => format!(
                "def {name}(base: int, exponent: int) -> int:
    \"\"\"A whole power; a negative exponent is an error.\"\"\"
    if exponent < 0:
        raise ValueError(f\"the exponent {{exponent}} is negative\")
    return base ** exponent
"
            ),
            Helper::Substring => format!(
                "def {name}(text: str, start: int, count: int) -> str:
    \"\"\"At most `count` characters from `start` on; neither may be negative.\"\"\"
    if start < 0 or count < 0:
        raise ValueError(f\"neither start ({{start}}) nor count ({{count}}) may be negative\")
    return text[start:start + count]
"
            ),
            Helper::Replace => format!(
                "def {name}(text: str, part: str, by: str) -> str:
    \"\"\"Every occurrence of `part` replaced; `part` may not be empty.\"\"\"
    if part == \"\":
        raise ValueError(\"the part to replace is empty\")
    return text.replace(part, by)
"
            ),
            Helper::IndexOf => format!(
                "def {name}(items: list[_T], wanted: _T) -> {}:
    \"\"\"The index of the first item equal to `wanted`, or None.\"\"\"
    for index, item in enumerate(items):
        if item == wanted:
            return {}
    return None
",
                option("int"),
                some("index")
            ),
            Helper::Find => format!(
                "def {name}(text: str, part: str) -> {}:
    \"\"\"The index of the first occurrence of `part`, or None.\"\"\"
    index = text.find(part)
    return None if index < 0 else {}
",
                option("int"),
                some("index")
            ),
            Helper::ParseInt => format!(
                "def {name}(text: str) -> {}:
    \"\"\"The whole number that `text` spells in decimal digits, with `-` before a negative one, or None.\"\"\"
    return {} if re.fullmatch(\"-?[0-9]+\", text) else None
",
                option("int"),
                some("int(text)")
            ),
            Helper::Insert => format!(
                "def {name}(number: int, numbers: list[int]) -> list[int]:
    \"\"\"`numbers` with `number` before the first one that is not smaller.\"\"\"
    for index, other in enumerate(numbers):
        if number <= other:
            return [*numbers[:index], number, *numbers[index:]]
    return [*numbers, number]
"
            ),
            Helper::Distinct => format!(
                "def {name}(items: list[_T]) -> list[_T]:
    \"\"\"The first of each group of equal items, in order.\"\"\"
    kept: list[_T] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return kept
"
            ),
            Helper::First => format!(
                "def {name}(items: list[_T]) -> {}:
    \"\"\"The first item, or None.\"\"\"
    return {} if items else None
",
                option("_T"),
                some("items[0]")
            ),
            Helper::Last => format!(
                "def {name}(items: list[_T]) -> {}:
    \"\"\"The last item, or None.\"\"\"
    return {} if items else None
",
                option("_T"),
                some("items[-1]")
            ),
            Helper::Maximum => format!(
                "def {name}(numbers: list[int]) -> {}:
    \"\"\"The largest number, or None.\"\"\"
    return {} if numbers else None
",
                option("int"),
                some("max(numbers)")
            ),
            Helper::Minimum => format!(
                "def {name}(numbers: list[int]) -> {}:
    \"\"\"The smallest number, or None.\"\"\"
    return {} if numbers else None
",
                option("int"),
                some("min(numbers)")
            ),
        }
    }
}
