//! The traced function, without its code.

use crate::diagnostic::Diagnostic;
use crate::goname::function;
use crate::target::{Function, FunctionId, InlinedCopy, Program, Signature, Site};
use std::cell::OnceCell;

/// A function, with its signature, which is read on demand: most recipes need none.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) id: FunctionId,
    pub(super) function: Function,
    /// It is this copy of the function, in another one, where a call of it was inlined. `id` is the one that holds it,
    /// `function` describes what was inlined, in the place and by the convention of that one.
    pub(super) copy: Option<InlinedCopy>,
    signature: OnceCell<Result<Signature, Diagnostic>>,
    /// Where the arguments of a copy are as the signature says.
    site: OnceCell<(Site, bool)>,
}

impl Called {
    pub(super) fn new(id: FunctionId, function: Function) -> Self {
        Called {
            id,
            function,
            copy: None,
            signature: OnceCell::new(),
            site: OnceCell::new(),
        }
    }

    /// A copy of a function within `holder`.
    pub(super) fn copy(copy: InlinedCopy, holder: &Function) -> Self {
        Called {
            id: copy.holder,
            function: Function {
                name: copy.callee.clone(),
                ..holder.clone()
            },
            copy: Some(copy),
            signature: OnceCell::new(),
            site: OnceCell::new(),
        }
    }

    /// It is a copy within a function of the run time.
    pub(super) fn is_in_runtime(&self, program: &dyn Program) -> bool {
        self.copy.is_some() && function::is_of_runtime(&program.function(self.id).name)
    }

    /// The instruction of a copy that its arguments are read at.
    pub(super) fn site_of_arguments(&self) -> Option<&Site> {
        self.site.get().map(|(site, _)| site)
    }

    /// Where arguments of a copy are read, memory may already be otherwise than when the call began.
    pub(super) fn is_late(&self) -> bool {
        self.site.get().is_some_and(|(_, memory)| !memory)
    }

    /// Of a copy, what an ordinary call would return to.
    pub(super) fn behind_call(&self) -> Option<u64> {
        self.copy.as_ref()?.behind_call()
    }

    /// The signature, or why it cannot be read.
    pub(super) fn signature(&self, program: &dyn Program) -> Result<&Signature, &Diagnostic> {
        let read = || match &self.copy {
            Some(copy) => program.arguments_of_copy(copy).map(|found| {
                let _ = self.site.set((found.site, found.memory));
                found.signature
            }),
            None => program.signature(self.id),
        };
        self.signature.get_or_init(read).as_ref()
    }

    /// The signature if anybody asked for it.
    pub(super) fn known_signature(&self) -> Option<Result<&Signature, &Diagnostic>> {
        self.signature.get().map(Result::as_ref)
    }
}
