//! Types as annotations.

use super::lower::{Lowerer, Slot};
use super::outline::OptionStyle;
use crate::ir::{Icit, PrimType, Term, TermKind};

impl Lowerer<'_> {
    /// The annotation of a type whose variables are in scope. What Python cannot say (refinements, value indices)
    /// is left away.
    pub(super) fn annotation(&mut self, ty: &Term) -> String {
        let program = self.outline.program;
        let (head, args) = ty.spine();
        match &*head.kind {
            TermKind::Global(id) => {
                if let Some(alias) = self.outline.aliases.get(id) {
                    return alias.clone();
                }
                let unfolded = ty.unfold(program);
                if unfolded.same(ty) { self.any() } else { self.annotation(&unfolded) }
            }
            TermKind::Refine(_, base, _) | TermKind::Eff(_, base) => self.annotation(base),
            TermKind::Prim(PrimType::Int) => "int".to_owned(),
            TermKind::Prim(PrimType::Real) => {
                self.import("Fraction");
                "Fraction".to_owned()
            }
            TermKind::Prim(PrimType::Float) => "float".to_owned(),
            TermKind::Prim(PrimType::Bool) => "bool".to_owned(),
            TermKind::Prim(PrimType::Str) => "str".to_owned(),
            TermKind::Prim(PrimType::Unit) => "None".to_owned(),
            TermKind::Product(items) => {
                let items: Vec<String> = items.iter().map(|item| self.annotation(item)).collect();
                format!("tuple[{}]", items.join(", "))
            }
            TermKind::Pi(Icit::Explicit, _, domain, codomain) => {
                self.import("Callable");
                let domain = self.annotation(domain);
                let codomain =
                    self.under([Slot::Value(super::syntax::Expr::None)], |this| this.annotation(codomain));
                format!("Callable[[{domain}], {codomain}]")
            }
            TermKind::Var(index) => match self.slot(*index) {
                Some(Slot::Type(name)) => name.clone(),
                _ => self.any(),
            },
            TermKind::Data(decl) => {
                let types: Vec<&Term> = args.iter().map(|arg| &arg.term).collect();
                match types.as_slice() {
                    [element] if Some(*decl) == program.list() => {
                        format!("list[{}]", self.annotation(element))
                    }
                    [] if program.bytes() == Some(*decl) => "bytes".to_owned(),
                    types if program.is_collection(*decl) => {
                        let name = self.collection(*decl);
                        let types: Vec<String> = types.iter().map(|ty| self.annotation(ty)).collect();
                        format!("{name}[{}]", types.join(", "))
                    }
                    [value] if Some(*decl) == program.option() => {
                        let value = self.annotation(value);
                        match self.outline.option_style {
                            OptionStyle::Bare => format!("{value} | None"),
                            OptionStyle::Boxed => format!("Some[{value}] | None"),
                        }
                    }
                    types => {
                        let Some(class) = self.outline.classes.get(decl) else { return self.any() };
                        let name = class.name.clone();
                        let params =
                            program.data(*decl).map(|data| data.params.as_slice()).unwrap_or_default();
                        let given = params.iter().zip(types);
                        let shown: Vec<String> = given
                            .filter(|(param, _)| matches!(&*param.ty.kind, TermKind::Universe))
                            .map(|(_, ty)| self.annotation(ty))
                            .collect();
                        if shown.is_empty() { name } else { format!("{name}[{}]", shown.join(", ")) }
                    }
                }
            }
            TermKind::Hole(id) => match program.hole(*id).and_then(|hole| hole.default.clone()) {
                Some(default) => self.annotation(&default),
                None => self.any(),
            },
            _ => self.any(),
        }
    }

    fn any(&mut self) -> String {
        self.import("Any");
        "Any".to_owned()
    }
}
