//! The traced function, without its code.

use crate::diagnostic::Diagnostic;
use crate::target::{Function, FunctionId, Program, Signature};
use std::cell::OnceCell;

/// A function, with its signature, which is read on demand: most recipes need none.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) id: FunctionId,
    pub(super) function: Function,
    signature: OnceCell<Result<Signature, Diagnostic>>,
}

impl Called {
    pub(super) fn new(id: FunctionId, function: Function) -> Self {
        Called {
            id,
            function,
            signature: OnceCell::new(),
        }
    }

    /// The signature, or why it cannot be read.
    pub(super) fn signature(&self, program: &dyn Program) -> Result<&Signature, &Diagnostic> {
        self.signature.get_or_init(|| program.signature(self.id)).as_ref()
    }

    /// The signature if anybody asked for it.
    pub(super) fn known_signature(&self) -> Option<Result<&Signature, &Diagnostic>> {
        self.signature.get().map(Result::as_ref)
    }
}
