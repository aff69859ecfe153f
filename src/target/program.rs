//! [`Target`] answers what later stages ask.

use super::{
    Found, Function, FunctionId, Identity, InlinedCall, Needs, Pattern, Program, Runtime, Shape, Signature,
    Sites, Target, names,
};
use crate::diagnostic::Diagnostic;
use crate::gotype::{GoType, TypeRef};

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

    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic> {
        self.debug_info()?
            .signature(&self.function(function), self.identity.go_minor)
    }

    fn signatures_are_cheap(&self) -> bool {
        false
    }

    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        self.debug_info()?.type_of(ty)
    }

    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        self.debug_info()?.type_named(name)
    }

    fn inlined(
        &self,
        _matches: &dyn Fn(&str) -> bool,
        _limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        Ok((Vec::new(), 0))
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        Ok(Vec::new())
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        self.symbols
            .as_ref()?
            .named(name.as_bytes())
            .map(|symbol| symbol.address)
    }

    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        self.runtime_facts()
    }

    fn file_offset(&self, address: u64) -> Option<u64> {
        self.elf.file_offset(address)
    }
}
