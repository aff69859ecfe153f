//! [`Target`] answers what later stages ask.

use super::{
    Found, Function, FunctionId, Identity, InlinedCall, Needs, Pattern, Program, Runtime, Shape, Signature,
    Sites, Target, names,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::{GoType, TypeRef};

impl Target<'_> {
    fn no_types(&self) -> Diagnostic {
        Diagnostic::error(
            Code::NOT_GO,
            format!("`{}` has no debug information", self.identity.path),
        )
    }
}

impl Program for Target<'_> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic> {
        Ok(self.find(pattern, &|_| Shape::Unknown))
    }

    fn function(&self, id: FunctionId) -> Function {
        self.entry(id)
            .map_or_else(Function::default, |entry| self.describe(&entry))
    }

    fn names(&self) -> Vec<String> {
        (0..self.function_count())
            .filter_map(|index| self.entry(FunctionId(index)))
            .map(|entry| names::text(self.raw_name(&entry)))
            .collect()
    }

    fn sites(&self, function: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic> {
        self.find_sites(function, needs)
    }

    fn line_of(&self, address: u64) -> Option<(String, u32)> {
        let entry = self.lines.get(self.lines.find(address)?)?;
        let (file, line) = self.lines.line(&entry, address)?;
        Some((String::from_utf8_lossy(file).into_owned(), line))
    }

    fn signature(&self, _function: FunctionId) -> Result<Signature, Diagnostic> {
        Err(self.no_types())
    }

    fn type_of(&self, _ty: TypeRef) -> Result<GoType, Diagnostic> {
        Err(self.no_types())
    }

    fn type_named(&self, _name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        Err(self.no_types())
    }

    fn inlined(
        &self,
        _matches: &dyn Fn(&str) -> bool,
        _limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        Err(self.no_types())
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        Err(self.no_types())
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        self.symbols
            .as_ref()?
            .named(name.as_bytes())
            .map(|symbol| symbol.address)
    }

    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        Err(self.no_types())
    }

    fn file_offset(&self, address: u64) -> Option<u64> {
        self.elf.file_offset(address)
    }
}
