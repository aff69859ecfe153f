//! Messages of errors that their `Error` methods give back as they are.

use crate::arch::ReturnedText;
use crate::target::itabs::Itab;
use crate::target::{Message, Target};

/// Where the methods are in an itab (`internal/abi.ITab.Fun`).
const METHODS: u64 = 24;
/// The longest message that is a constant.
const LONGEST: usize = 1024;

impl Target<'_> {
    /// The message of an error with this itab, if its only method returns a text that it has, or always the same.
    pub(crate) fn message(&self, itab: &Itab) -> Option<Message> {
        self.message_of(self.image().word(itab.address.checked_add(METHODS)?)?)
    }

    /// The message of an error with this `Error` method, if it returns a text that the error has, or always the same.
    pub(crate) fn message_of(&self, method: u64) -> Option<Message> {
        let code_of = |address: u64| {
            let entry = self.lines.get(self.lines.find_exact(address)?)?;
            self.elf.code(address, self.lines.size(&entry))
        };
        match self.elf.processor().returned_text(&code_of, method)? {
            ReturnedText::Field(offset) => Some(Message::Field(offset)),
            ReturnedText::Constant { address, length } => {
                let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
                let bytes = self.elf.constant_from(address)?.get(..length)?;
                let text = std::str::from_utf8(bytes).ok()?;
                Some(Message::Constant(text.to_owned()))
            }
        }
    }
}
