//! Messages of errors, as the code of their `Error` methods makes them.

mod fields;
mod format;

use crate::arch::{Loaded, ProgramCode, ReturnedText};
use crate::gotype::TypeRef;
use crate::target::itabs::Itab;
use crate::target::tables::descriptors::by_descriptor;
use crate::target::{Message, Target, TextForm};
use fields::Receiver;

/// Where the methods are in an itab (`internal/abi.ITab.Fun`).
const METHODS: u64 = 24;
/// The longest constant.
const LONGEST: usize = 1024;

impl ProgramCode for Target<'_> {
    fn code(&self, address: u64) -> Option<&[u8]> {
        let entry = self.lines.get(self.lines.find(address)?)?;
        let end = entry.address.checked_add(self.lines.size(&entry))?;
        self.elf.code(address, end.checked_sub(address)?)
    }

    fn name(&self, address: u64) -> Option<&[u8]> {
        self.lines.name(self.lines.find(address)?)
    }
}

impl Target<'_> {
    /// The message of an error with this itab.
    pub(crate) fn message(&self, itab: &Itab) -> Option<Vec<Message>> {
        let method = self.image().word(itab.address.checked_add(METHODS)?)?;
        let is_direct = self.descriptors()?.is_direct(itab.descriptor)?;
        self.told(
            method,
            &Receiver::held(self, by_descriptor(itab.descriptor), is_direct),
        )
    }

    /// The message of an error with this `Error` method, whose receiver points at such a type.
    pub(crate) fn message_of(&self, method: u64, receiver: TypeRef) -> Option<Vec<Message>> {
        self.told(method, &Receiver::behind(self, receiver))
    }

    fn told(&self, method: u64, receiver: &Receiver<'_>) -> Option<Vec<Message>> {
        let parts = self.elf.processor().returned_text(self, method)?;
        let told = self.messages(&parts)?;
        told.iter().all(|part| receiver.has(part)).then_some(told)
    }

    fn messages(&self, parts: &[ReturnedText]) -> Option<Vec<Message>> {
        let mut out = Vec::new();
        for part in parts {
            match part {
                ReturnedText::Constant { address, length } => {
                    add(
                        &mut out,
                        Message::Constant(self.constant_text(*address, *length)?),
                    );
                }
                ReturnedText::Field(at) => out.push(Message::Text(*at, TextForm::Plain)),
                ReturnedText::Quoted(at) => out.push(Message::Text(*at, TextForm::Quoted)),
                ReturnedText::Decimal(loaded) => out.push(decimal(*loaded, loaded.signed)),
                ReturnedText::Said(at) => out.push(Message::Said(*at)),
                ReturnedText::Formatted { format, operands } => {
                    let mut text = String::new();
                    for part in self.messages(format)? {
                        let Message::Constant(constant) = part else {
                            return None;
                        };
                        text.push_str(&constant);
                    }
                    for part in self.formatted(&text, operands)? {
                        add(&mut out, part);
                    }
                }
            }
        }
        Some(out)
    }

    /// A text of the program that nobody can write to.
    fn constant_text(&self, address: u64, length: u64) -> Option<String> {
        let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
        let bytes = self.elf.constant_from(address)?.get(..length)?;
        Some(std::str::from_utf8(bytes).ok()?.to_owned())
    }
}

fn decimal(loaded: Loaded, signed: bool) -> Message {
    Message::Number {
        at: loaded.at,
        size: loaded.size,
        signed,
        hex: false,
    }
}

/// Constants next to each other are one.
fn add(out: &mut Vec<Message>, part: Message) {
    if let (Some(Message::Constant(before)), Message::Constant(text)) = (out.last_mut(), &part) {
        before.push_str(text);
    } else {
        out.push(part);
    }
}
