//! Names of what a record has the address of.

use crate::plan::Plan;
use crate::target::{Addresses, CodeDepth, CodeFrame};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The program that is traced, and what the plan knows of it.
pub(crate) struct Names<'a> {
    plan: &'a Plan,
    target: &'a dyn Addresses,
    /// What was found at addresses of code.
    frames: RefCell<HashMap<u64, Rc<[CodeFrame]>>>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(plan: &'a Plan, target: &'a dyn Addresses) -> Self {
        Self {
            plan,
            target,
            frames: RefCell::default(),
        }
    }

    /// The name of a dynamic type, by the first word of an interface and, if that is an itab, the type that it was seen
    /// to have.
    pub(crate) fn of_type(&self, tab: u64, descriptor: Option<u64>) -> String {
        if tab == 0 {
            return "nil".to_owned();
        }
        if let Some(name) = self.plan.type_names.get(&tab) {
            return name.clone();
        }
        let named = |descriptor: u64| {
            let known = self.plan.type_names.get(&descriptor).cloned();
            known.or_else(|| self.target.type_at_descriptor(descriptor))
        };
        // Of an interface without methods, the first word is the type.
        let words = [descriptor, self.target.descriptor_in_itab(tab), Some(tab)];
        let known = words.into_iter().flatten().find_map(named);
        known.unwrap_or_else(|| "(type not in this file)".to_owned())
    }

    /// The type of an interface's first word, which is an itab.
    pub(crate) fn descriptor(&self, tab: u64) -> Option<u64> {
        self.target.descriptor_in_itab(tab)
    }

    /// The functions and lines at an address, the innermost first.
    pub(crate) fn frames(&self, address: u64) -> Rc<[CodeFrame]> {
        let mut known = self.frames.borrow_mut();
        let found = known
            .entry(address)
            .or_insert_with(|| self.target.code_frames(address).into());
        Rc::clone(found)
    }

    /// Where the return address is at an instruction.
    pub(crate) fn depth(&self, address: u64) -> Option<CodeDepth> {
        self.target.code_depth(address)
    }

    /// Bytes that are the same in every process.
    pub(crate) fn constant(&self, address: u64, most: u64) -> Option<&[u8]> {
        self.target.constant_bytes(address, most)
    }
}
