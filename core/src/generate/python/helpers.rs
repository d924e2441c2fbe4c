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
    TextOf,
    /// `a / b` on `float` where `b` may be zero.
    Quotient,
    /// The nearest `float`, infinite beyond them all.
    ToFloat,
    RealOf,
    /// What values are put in order by; comes along with those after it.
    Order,
    Set,
    Map,
}

impl Helper {
    pub(super) const ALL: [Helper; 20] = [
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
        Helper::TextOf,
        Helper::Quotient,
        Helper::ToFloat,
        Helper::RealOf,
        Helper::Order,
        Helper::Set,
        Helper::Map,
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
            Helper::TextOf => "_text_of",
            Helper::Quotient => "_quotient",
            Helper::ToFloat => "_to_float",
            Helper::RealOf => "_real_of",
            Helper::Order => "_order",
            Helper::Set => "Set",
            Helper::Map => "Map",
        }
    }

    /// The type variables that its text mentions.
    pub(super) fn variables(self) -> &'static [&'static str] {
        match self {
            Helper::At | Helper::IndexOf | Helper::Distinct | Helper::First | Helper::Last | Helper::Set => {
                &["_T"]
            }
            Helper::Map => &["_K", "_V"],
            _ => &[],
        }
    }

    /// The helper that it calls.
    pub(super) fn needs(self) -> Option<Helper> {
        matches!(self, Helper::Set | Helper::Map).then_some(Helper::Order)
    }

    /// Modules it needs.
    pub(super) fn imports(self) -> &'static [&'static str] {
        match self {
            Helper::At => &["Sequence"],
            Helper::ParseInt => &["re"],
            Helper::Quotient => &["math"],
            Helper::ToFloat | Helper::RealOf => &["Fraction", "math"],
            Helper::Order => &["Enum", "fields"],
            Helper::Set => &["Generic", "Iterable", "Iterator"],
            Helper::Map => &["Generic", "Iterable", "Iterator"],
            _ => &[],
        }
    }

    /// Its text. `order` is the name of [`Helper::Order`], `classes` are those of the module, in order.
    pub(super) fn text(self, name: &str, style: OptionStyle, order: &str, classes: &[String]) -> String {
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
            Helper::TextOf => format!(
                "def {name}(data: bytes) -> {}:
    \"\"\"The text whose UTF-8 this is, or None.\"\"\"
    try:
        return {}
    except UnicodeDecodeError:
        return None
",
                option("str"),
                some("data.decode()")
            ),
            Helper::Quotient => format!(
                "def {name}(dividend: float, divisor: float) -> float:
    \"\"\"The quotient as IEEE 754 has it: infinite or not a number where the divisor is zero.\"\"\"
    if divisor != 0.0:
        return dividend / divisor
    if dividend == 0.0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)
"
            ),
            Helper::ToFloat => format!(
                "def {name}(number: Fraction) -> float:
    \"\"\"The nearest floating-point number, infinite beyond them all.\"\"\"
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
"
            ),
            Helper::RealOf => format!(
                "def {name}(number: float) -> {}:
    \"\"\"The fraction that a floating-point number is, or None.\"\"\"
    return {} if math.isfinite(number) else None
",
                option("Fraction"),
                some("Fraction(number)")
            ),
            Helper::Order => format!(
                "def {name}(value: object) -> tuple[object, ...]:
    \"\"\"What values of one type are told apart and put in order by: their parts from left to right.\"\"\"
    if value is None:
        return (0,)
    if isinstance(value, (list, tuple)):
        return (1, tuple({name}(part) for part in value))
    if isinstance(value, Enum):
        return (1, list(type(value)).index(value))
{}    return (1, getattr(value, \"in_order\", value))
",
                ordered_classes(name, classes)
            ),
            Helper::Set => format!(
                "class {name}(Generic[_T]):
    \"\"\"A set, its items in order. It does not change: what adds or removes makes another one.\"\"\"

    __slots__ = (\"in_order\", \"_items\")

    def __init__(self, items: Iterable[_T] = ()) -> None:
        self._items = dict(sorted((({order}(item), item) for item in items), key=lambda pair: pair[0]))
        self.in_order = tuple(self._items)

    def __contains__(self, item: object) -> bool:
        return {order}(item) in self._items

    def __iter__(self) -> Iterator[_T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, {name}) and self.in_order == other.in_order

    def __hash__(self) -> int:
        return hash(self.in_order)

    def __repr__(self) -> str:
        return f\"{name}({{list(self)!r}})\"

    def with_item(self, item: _T) -> {name}[_T]:
        return {name}([*self, item])

    def without(self, item: _T) -> {name}[_T]:
        gone = {order}(item)
        return {name}(other for key, other in self._items.items() if key != gone)

    def union(self, other: {name}[_T]) -> {name}[_T]:
        return {name}([*self, *other])

    def intersection(self, other: {name}[_T]) -> {name}[_T]:
        return {name}(item for item in self if item in other)

    def difference(self, other: {name}[_T]) -> {name}[_T]:
        return {name}(item for item in self if item not in other)

    def is_subset(self, other: {name}[_T]) -> bool:
        return all(item in other for item in self)
"
            ),
            Helper::Map => {
                let found = match style {
                    OptionStyle::Bare => {
                        "        found = self._entries.get(ORDER(key))\n        return None if found is None else found[1]"
                    }
                    OptionStyle::Boxed => {
                        "        found = self._entries.get(ORDER(key))\n        return None if found is None else Some(found[1])"
                    }
                };
                format!(
                    "class {name}(Generic[_K, _V]):
    \"\"\"A map, its keys in order. It does not change: what puts or removes makes another one.\"\"\"

    __slots__ = (\"_entries\",)

    def __init__(self, entries: Iterable[tuple[_K, _V]] = ()) -> None:
        found = {{{order}(entry[0]): entry for entry in entries}}
        self._entries = dict(sorted(found.items(), key=lambda pair: pair[0]))

    @property
    def in_order(self) -> tuple[object, ...]:
        return tuple((key, {order}(value)) for key, (_, value) in self._entries.items())

    def __contains__(self, key: object) -> bool:
        return {order}(key) in self._entries

    def __iter__(self) -> Iterator[_K]:
        return (key for key, _ in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, {name}) and self.entries() == other.entries()

    def __hash__(self) -> int:
        return hash(tuple(self._entries))

    def __repr__(self) -> str:
        return f\"{name}({{self.entries()!r}})\"

    def get(self, key: _K) -> {}:
{}

    def with_entry(self, key: _K, value: _V) -> {name}[_K, _V]:
        return {name}([*self.entries(), (key, value)])

    def without(self, key: _K) -> {name}[_K, _V]:
        gone = {order}(key)
        return {name}(entry for key, entry in self._entries.items() if key != gone)

    def values(self) -> list[_V]:
        return [value for _, value in self._entries.values()]

    def entries(self) -> list[tuple[_K, _V]]:
        return list(self._entries.values())
",
                    option("_V"),
                    found.replace("ORDER", order)
                )
            }
        }
    }
}

/// The lines of [`Helper::Order`] for data classes: those of one type are in the order of its constructors.
fn ordered_classes(name: &str, classes: &[String]) -> String {
    if classes.is_empty() {
        return String::new();
    }
    let all = classes.join(", ");
    let comma = if classes.len() == 1 { "," } else { "" };
    format!(
        "    classes: tuple[type, ...] = ({all}{comma})
    if type(value) in classes:
        parts = (getattr(value, field.name) for field in fields(value))
        return (classes.index(type(value)), tuple({name}(part) for part in parts))
"
    )
}
