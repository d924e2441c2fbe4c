//! Python text from its tree: precedence, escaping, indentation, line breaks. Equal trees give equal bytes.

use super::syntax::{Binary, Brackets, Case, Comparison, Expr, Function, Pattern, Piece, Stmt};

/// Longer lines are broken where that is easy.
pub(super) const WIDTH: usize = 100;

/// How tightly an expression holds together; from the language reference, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Lambda,
    Conditional,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Unary,
    Power,
    Primary,
    Atom,
}

/// The text of an expression.
pub(super) fn expression(expr: &Expr) -> String {
    let mut text = String::new();
    write(expr, Level::Lambda, &mut text);
    text
}

/// A double-quoted literal: nothing in it can end it, and nothing invisible stays in it.
pub(super) fn string_literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            c => push_escaped(c, &mut literal),
        }
    }
    literal.push('"');
    literal
}

/// A docstring at this indentation, its lines already wrapped by the caller.
pub(super) fn docstring(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut body = String::new();
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            body.push('\n');
            if !line.is_empty() {
                body.push_str(&margin);
            }
        }
        for c in line.chars() {
            push_escaped(c, &mut body);
        }
    }
    let mut body = body.replace("\"\"\"", "\\\"\\\"\\\"");
    if text.lines().count() > 1 {
        return format!("{margin}\"\"\"{body}\n{margin}\"\"\"\n");
    }
    if body.ends_with('"') {
        body.pop();
        body.push_str("\\\"");
    }
    format!("{margin}\"\"\"{body}\"\"\"\n")
}

/// Escapes backslashes and what cannot be seen, such as control characters and marks that reorder text.
fn push_escaped(c: char, text: &mut String) {
    match c {
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        c if c.is_control() || is_invisible(c) => match u32::from(c) {
            code @ 0..=0xff => text.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xffff => text.push_str(&format!("\\u{code:04x}")),
            code => text.push_str(&format!("\\U{code:08x}")),
        },
        c => text.push(c),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn write(expr: &Expr, least: Level, text: &mut String) {
    let level = level(expr);
    if level < least {
        text.push('(');
    }
    write_bare(expr, text);
    if level < least {
        text.push(')');
    }
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Lambda(..) => Level::Lambda,
        Expr::If(..) => Level::Conditional,
        Expr::Or(_) => Level::Or,
        Expr::And(_) => Level::And,
        Expr::Not(_) => Level::Not,
        Expr::Compare(..) => Level::Compare,
        Expr::Binary(Binary::Add | Binary::Concat | Binary::Sub, ..) => Level::Sum,
        Expr::Binary(Binary::Mul | Binary::Div | Binary::FloorDiv | Binary::Mod, ..) => Level::Product,
        Expr::Negative(_) => Level::Unary,
        Expr::Int(n) if n.sign() == num_bigint::Sign::Minus => Level::Unary,
        Expr::Binary(Binary::Pow, ..) => Level::Power,
        Expr::Call(..) | Expr::Attribute(..) | Expr::Index(..) | Expr::Slice(..) => Level::Primary,
        Expr::Starred(_) => Level::Atom,
        Expr::Name(_) | Expr::Int(_) | Expr::Decimal(_) => Level::Atom,
        Expr::Str(_) | Expr::Bool(_) | Expr::None => Level::Atom,
        Expr::List(_) | Expr::Tuple(_) | Expr::Comprehension(_) | Expr::Format(_) => Level::Atom,
    }
}

fn write_bare(expr: &Expr, text: &mut String) {
    match expr {
        Expr::Name(name) => text.push_str(name),
        Expr::Int(n) => text.push_str(&n.to_string()),
        Expr::Decimal(digits) => text.push_str(digits),
        Expr::Str(s) => text.push_str(&string_literal(s)),
        Expr::Bool(true) => text.push_str("True"),
        Expr::Bool(false) => text.push_str("False"),
        Expr::None => text.push_str("None"),
        Expr::Call(function, args, named) => {
            write_callee(function, text);
            text.push('(');
            if let ([Expr::Comprehension(only)], true) = (args.as_slice(), named.is_empty())
                && only.brackets == Brackets::Generator
            {
                write_comprehension(args, text);
            } else {
                commas(args.iter(), text, |arg, text| write(arg, Level::Lambda, text));
                for (position, (name, value)) in named.iter().enumerate() {
                    text.push_str(if position + args.len() > 0 { ", " } else { "" });
                    text.push_str(name);
                    text.push('=');
                    write(value, Level::Lambda, text);
                }
            }
            text.push(')');
        }
        Expr::Attribute(value, name) => {
            write_callee(value, text);
            text.push('.');
            text.push_str(name);
        }
        Expr::Index(value, index) => {
            write_callee(value, text);
            text.push('[');
            write(index, Level::Lambda, text);
            text.push(']');
        }
        Expr::Slice(value, start, stop, step) => {
            write_callee(value, text);
            text.push('[');
            let part = |part: &Option<Box<Expr>>, text: &mut String| {
                if let Some(part) = part {
                    write(part, Level::Or, text);
                }
            };
            part(start, text);
            text.push(':');
            part(stop, text);
            if step.is_some() {
                text.push(':');
                part(step, text);
            }
            text.push(']');
        }
        Expr::Negative(inner) => {
            text.push('-');
            write(inner, Level::Unary, text);
        }
        Expr::Not(inner) => {
            text.push_str("not ");
            write(inner, Level::Not, text);
        }
        Expr::Binary(op, left, right) => {
            // All but `**` group to the left; the right side of `**` may be a unary minus.
            let (left_least, right_least) = match op {
                Binary::Add | Binary::Concat | Binary::Sub => (Level::Sum, Level::Product),
                Binary::Mul | Binary::Div | Binary::FloorDiv | Binary::Mod => (Level::Product, Level::Unary),
                Binary::Pow => (Level::Primary, Level::Unary),
            };
            write(left, left_least, text);
            text.push_str(&format!(" {} ", op.symbol()));
            write(right, right_least, text);
        }
        Expr::Compare(first, rest) => {
            write(first, Level::Sum, text);
            for (op, operand) in rest {
                text.push_str(&format!(" {} ", op.symbol()));
                write(operand, Level::Sum, text);
            }
        }
        Expr::And(parts) => joined(parts, " and ", Level::Not, text),
        Expr::Or(parts) => joined(parts, " or ", Level::And, text),
        Expr::If(cond, yes, no) => {
            write(yes, Level::Or, text);
            text.push_str(" if ");
            write(cond, Level::Or, text);
            text.push_str(" else ");
            write(no, Level::Conditional, text);
        }
        Expr::Lambda(params, body) => {
            text.push_str("lambda");
            text.push_str(if params.is_empty() { "" } else { " " });
            text.push_str(&params.join(", "));
            text.push_str(": ");
            write(body, Level::Lambda, text);
        }
        Expr::List(items) => {
            text.push('[');
            commas(items.iter(), text, |item, text| write(item, Level::Lambda, text));
            text.push(']');
        }
        Expr::Tuple(items) => {
            text.push('(');
            commas(items.iter(), text, |item, text| write(item, Level::Lambda, text));
            text.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Expr::Starred(inner) => {
            text.push('*');
            write(inner, Level::Sum, text);
        }
        Expr::Comprehension(inner) => {
            let (open, close) = match inner.brackets {
                Brackets::List => ('[', ']'),
                Brackets::Generator => ('(', ')'),
            };
            text.push(open);
            write_comprehension(std::slice::from_ref(expr), text);
            text.push(close);
        }
        Expr::Format(pieces) => write_format(pieces, text),
    }
}

/// What is called, indexed or asked for an attribute. An integer needs parentheses: `1.real` is no number.
fn write_callee(expr: &Expr, text: &mut String) {
    let least = if matches!(expr, Expr::Int(_)) { None } else { Some(Level::Primary) };
    match least {
        Some(least) => write(expr, least, text),
        None => {
            text.push('(');
            write_bare(expr, text);
            text.push(')');
        }
    }
}

fn write_comprehension(only: &[Expr], text: &mut String) {
    let [Expr::Comprehension(inner)] = only else { return };
    write(&inner.element, Level::Conditional, text);
    for clause in &inner.clauses {
        text.push_str(" for ");
        write_target(&clause.target, text);
        text.push_str(" in ");
        write(&clause.iter, Level::Or, text);
        for condition in &clause.conditions {
            text.push_str(" if ");
            write(condition, Level::Or, text);
        }
    }
}

/// A target of an assignment or a loop: a tuple needs no parentheses.
fn write_target(target: &Expr, text: &mut String) {
    match target {
        Expr::Tuple(items) if items.len() > 1 => {
            commas(items.iter(), text, |item, text| write(item, Level::Lambda, text));
        }
        other => write(other, Level::Lambda, text),
    }
}

/// Up to Python 3.11 a field of an f-string cannot hold a quote of the string or a backslash; fields are names
/// and attributes, so they never do.
fn write_format(pieces: &[Piece], text: &mut String) {
    let plain = pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
    if !plain {
        text.push('f');
    }
    text.push('"');
    for piece in pieces {
        match piece {
            Piece::Text(piece) => {
                for c in piece.chars() {
                    match c {
                        '"' => text.push_str("\\\""),
                        '{' if !plain => text.push_str("{{"),
                        '}' if !plain => text.push_str("}}"),
                        c => push_escaped(c, text),
                    }
                }
            }
            Piece::Repr(value) => {
                text.push('{');
                write(value, Level::Or, text);
                text.push_str("!r}");
            }
        }
    }
    text.push('"');
}

fn joined(parts: &[Expr], separator: &str, least: Level, text: &mut String) {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            text.push_str(separator);
        }
        write(part, least, text);
    }
}

fn commas<'a, T: 'a>(
    items: impl Iterator<Item = &'a T>,
    text: &mut String,
    mut each: impl FnMut(&T, &mut String),
) {
    for (position, item) in items.enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        each(item, text);
    }
}

impl Binary {
    fn symbol(self) -> &'static str {
        match self {
            Binary::Add | Binary::Concat => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::FloorDiv => "//",
            Binary::Mod => "%",
            Binary::Pow => "**",
        }
    }
}

impl Comparison {
    fn symbol(self) -> &'static str {
        match self {
            Comparison::Eq => "==",
            Comparison::Ne => "!=",
            Comparison::Lt | Comparison::FloatLt => "<",
            Comparison::Le | Comparison::FloatLe => "<=",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
            Comparison::In => "in",
            Comparison::NotIn => "not in",
            Comparison::Is => "is",
            Comparison::IsNot => "is not",
        }
    }
}

/// The text of statements at this indentation; `pass` when there are none.
pub(super) fn block(statements: &[Stmt], indent: usize) -> String {
    let mut text = String::new();
    if statements.is_empty() {
        line(indent, "pass", &mut text);
    }
    for statement in statements {
        statement_text(statement, indent, &mut text);
    }
    text
}

fn line(indent: usize, content: &str, text: &mut String) {
    text.push_str(&" ".repeat(indent));
    text.push_str(content);
    text.push('\n');
}

fn statement_text(statement: &Stmt, indent: usize, text: &mut String) {
    match statement {
        Stmt::Assign(target, value) => {
            let mut left = String::new();
            write_target(target, &mut left);
            let mut right = String::new();
            write_target(value, &mut right);
            line(indent, &format!("{left} = {right}"), text);
        }
        Stmt::Declare(name, annotation, value) => {
            line(indent, &format!("{name}: {annotation} = {}", expression(value)), text);
        }
        Stmt::Augment(target, op, value) => {
            line(indent, &format!("{} {}= {}", expression(target), op.symbol(), expression(value)), text);
        }
        Stmt::Return(value) => line(indent, &format!("return {}", expression(value)), text),
        Stmt::If(cond, yes, no) => {
            line(indent, &format!("if {}:", expression(cond)), text);
            text.push_str(&block(yes, indent + 4));
            otherwise(no, indent, text);
        }
        Stmt::While(cond, body) => {
            line(indent, &format!("while {}:", expression(cond)), text);
            text.push_str(&block(body, indent + 4));
        }
        Stmt::For(target, iter, body, after) => {
            let mut left = String::new();
            write_target(target, &mut left);
            line(indent, &format!("for {left} in {}:", expression(iter)), text);
            text.push_str(&block(body, indent + 4));
            if !after.is_empty() {
                line(indent, "else:", text);
                text.push_str(&block(after, indent + 4));
            }
        }
        Stmt::Match(subject, cases) => {
            let mut head = String::new();
            write_target(subject, &mut head);
            line(indent, &format!("match {head}:"), text);
            for case in cases {
                case_text(case, indent + 4, text);
            }
        }
        Stmt::Raise(class, message) => {
            let message = expression(message);
            if indent + class.len() + message.len() + 8 > WIDTH {
                line(indent, &format!("raise {class}("), text);
                line(indent + 4, &message, text);
                line(indent, ")", text);
            } else {
                line(indent, &format!("raise {class}({message})"), text);
            }
        }
        Stmt::Assert(cond, message) => {
            let (cond, message) = (expression(cond), expression(message));
            if indent + cond.len() + message.len() + 9 > WIDTH {
                line(indent, &format!("assert {cond}, ("), text);
                line(indent + 4, &message, text);
                line(indent, ")", text);
            } else {
                line(indent, &format!("assert {cond}, {message}"), text);
            }
        }
        Stmt::Expr(value) => line(indent, &expression(value), text),
        Stmt::Break => line(indent, "break", text),
        Stmt::Continue => line(indent, "continue", text),
        Stmt::Function(function) => {
            text.push_str(&function_text(function, indent));
            if indent > 0 {
                text.push('\n');
            }
        }
    }
}

/// Text for a comment: nothing in it can end the line.
pub(super) fn one_line(words: &str) -> String {
    let mut text = String::new();
    for c in words.chars() {
        push_escaped(c, &mut text);
    }
    text
}

fn otherwise(no: &[Stmt], indent: usize, text: &mut String) {
    match no {
        [] => {}
        [Stmt::If(cond, yes, no)] => {
            line(indent, &format!("elif {}:", expression(cond)), text);
            text.push_str(&block(yes, indent + 4));
            otherwise(no, indent, text);
        }
        no => {
            line(indent, "else:", text);
            text.push_str(&block(no, indent + 4));
        }
    }
}

fn case_text(case: &Case, indent: usize, text: &mut String) {
    let mut head = String::from("case ");
    write_pattern(&case.pattern, &mut head);
    if let Some(guard) = &case.guard {
        head.push_str(" if ");
        write(guard, Level::Conditional, &mut head);
    }
    head.push(':');
    line(indent, &head, text);
    text.push_str(&block(&case.body, indent + 4));
}

fn write_pattern(pattern: &Pattern, text: &mut String) {
    let several = |items: &[Pattern], text: &mut String| commas(items.iter(), text, write_pattern);
    match pattern {
        Pattern::Wildcard => text.push('_'),
        Pattern::Capture(name) => text.push_str(name),
        Pattern::Value(value) => write(value, Level::Unary, text),
        Pattern::Class(name, positional, named) => {
            text.push_str(name);
            text.push('(');
            several(positional, text);
            for (position, (field, pattern)) in named.iter().enumerate() {
                text.push_str(if position + positional.len() > 0 { ", " } else { "" });
                text.push_str(field);
                text.push('=');
                write_pattern(pattern, text);
            }
            text.push(')');
        }
        Pattern::List(items) => {
            text.push('[');
            several(items, text);
            text.push(']');
        }
        Pattern::Tuple(items) => {
            text.push('(');
            several(items, text);
            text.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Pattern::Star(name) => {
            text.push('*');
            text.push_str(name.as_deref().unwrap_or("_"));
        }
    }
}

/// A `def` at this indentation.
pub(super) fn function_text(function: &Function, indent: usize) -> String {
    let mut text = String::new();
    let params: Vec<String> = function
        .params
        .iter()
        .map(|(name, annotation)| match annotation {
            Some(annotation) => format!("{name}: {annotation}"),
            None => name.clone(),
        })
        .collect();
    let result = function.result.as_deref().map(|result| format!(" -> {result}")).unwrap_or_default();
    let head = format!("def {}({}){result}:", function.name, params.join(", "));
    if indent + head.len() > WIDTH && !params.is_empty() {
        line(indent, &format!("def {}(", function.name), &mut text);
        for param in &params {
            line(indent + 4, &format!("{param},"), &mut text);
        }
        line(indent, &format!("){result}:"), &mut text);
    } else {
        line(indent, &head, &mut text);
    }
    if let Some(words) = &function.docstring {
        text.push_str(&docstring(words, indent + 4));
    }
    if function.docstring.is_none() || !function.body.is_empty() {
        text.push_str(&block(&function.body, indent + 4));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Expr {
        Expr::name(name)
    }

    #[test]
    fn parentheses_stand_exactly_where_precedence_needs_them() {
        let sub = |a, b| Expr::binary(Binary::Sub, a, b);
        let mul = |a, b| Expr::binary(Binary::Mul, a, b);
        let pow = |a, b| Expr::binary(Binary::Pow, a, b);
        let lt = |a, b| Expr::compare(Comparison::Lt, a, b);
        let rows = [
            (sub(sub(name("a"), name("b")), name("c")), "a - b - c"),
            (sub(name("a"), sub(name("b"), name("c"))), "a - (b - c)"),
            (mul(sub(name("a"), name("b")), name("c")), "(a - b) * c"),
            (pow(Expr::int(-2), Expr::int(-1)), "(-2) ** -1"),
            (pow(pow(name("a"), name("b")), name("c")), "(a ** b) ** c"),
            (Expr::Negative(Box::new(pow(name("a"), name("b")))), "-a ** b"),
            (Expr::Negative(Box::new(sub(name("a"), name("b")))), "-(a - b)"),
            (Expr::compare(Comparison::Eq, lt(name("a"), name("b")), Expr::Bool(true)), "(a < b) == True"),
            (Expr::Not(Box::new(lt(name("a"), name("b")))), "not a < b"),
            (Expr::And(vec![Expr::Or(vec![name("a"), name("b")]), name("c")]), "(a or b) and c"),
            (
                Expr::choose(name("c"), Expr::choose(name("d"), name("a"), name("b")), name("e")),
                "(a if d else b) if c else e",
            ),
            (Expr::Lambda(vec!["x".into()], Box::new(name("x"))).called(vec![name("y")]), "(lambda x: x)(y)"),
            (Expr::int(-3).method("bit_length", vec![]), "(-3).bit_length()"),
            (Expr::int(1).and(name("b")), "1 and b"),
            (lt(name("a"), name("x")).and(lt(name("x"), name("b"))), "a < x < b"),
            (lt(name("a"), name("x")).and(lt(name("b"), name("x"))), "a < x and b < x"),
        ];
        for (expr, expected) in rows {
            assert_eq!(expression(&expr), expected);
        }
    }

    #[test]
    fn nothing_in_a_text_ends_its_literal() {
        assert_eq!(string_literal("a\"b\\\n\u{0}\u{202e}é😀"), "\"a\\\"b\\\\\\n\\x00\\u202eé😀\"");
        assert_eq!(docstring("say \"\"\" and \\n\"", 0), "\"\"\"say \\\"\\\"\\\" and \\\\n\\\"\"\"\"\n");
        let pieces = [Piece::Text("{x} \"".into()), Piece::Repr(name("n"))];
        assert_eq!(expression(&Expr::Format(pieces.to_vec())), "f\"{{x}} \\\"{n!r}\"");
        assert_eq!(one_line("a\nimport os"), "a\\nimport os");
    }
}
