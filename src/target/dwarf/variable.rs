//! Addresses of package-level variables.

use std::ops::ControlFlow;

use gimli::{Expression, Operation};

use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::target::dwarf::Debug;
use crate::target::dwarf::location::Location;
use crate::target::dwarf::section::damaged;
use crate::target::dwarf::unit::Unit;

impl Debug<'_> {
    /// The link-time address of a package-level variable by its full Go name (`syscall.errors`), if it has one.
    ///
    /// # Errors
    /// E0250 when a unit of its package is damaged.
    pub fn variable(&self, name: &str) -> Result<Option<u64>, Diagnostic> {
        self.sections.begin();
        for unit in self.units()?.list() {
            let of_package = name
                .strip_prefix(&unit.name)
                .is_some_and(|rest| rest.starts_with('.'));
            if unit.go
                && of_package
                && let Some(address) = self.variable_in(unit, name)?
            {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }

    fn variable_in(&self, unit: &Unit, name: &str) -> Result<Option<u64>, Diagnostic> {
        let wrong = |error| damaged(format!("the unit at {:#x} is wrong ({error})", unit.start));
        let mut found = None;
        unit.children(self.sections.info()?, |entries, abbreviation, _| {
            if abbreviation.tag() != gimli::DW_TAG_variable {
                entries
                    .skip_attributes(abbreviation.attributes())
                    .map_err(wrong)?;
                return Ok(ControlFlow::Continue(()));
            }
            let mut same = false;
            let mut location = Location::None;
            for spec in abbreviation.attributes() {
                let attribute = entries.read_attribute(*spec).map_err(wrong)?;
                match attribute.name() {
                    gimli::DW_AT_name => {
                        same = escapes::unescape(self.sections.text(&attribute.value())?) == name;
                    }
                    gimli::DW_AT_location => location = Location::of(&attribute.value()),
                    _ => {}
                }
            }
            let Location::Everywhere(bytes) = location else {
                return Ok(ControlFlow::Continue(()));
            };
            if !same {
                return Ok(ControlFlow::Continue(()));
            }
            let mut operations = Expression(bytes).operations(unit.encoding);
            found = match operations.next().map_err(wrong)? {
                Some(Operation::Address { address }) => Some(address),
                Some(Operation::AddressIndex { index }) => {
                    Some(self.sections.addresses()?.get(unit, index.0)?)
                }
                _ => None,
            };
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}
