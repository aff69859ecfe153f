//! Machine code to instructions.

use crate::arch::{Flow, Instruction, Processor, Undecodable};

/// A function's instructions, by address.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Every instruction that was decoded.
    pub(crate) instructions: Vec<Instruction>,
}

impl Listing {
    /// Decodes the function `bytes` at `address`, reusing this listing's memory.
    ///
    /// The compiler puts nothing but code into a function, so its functions are read from the first byte to the last.
    /// Assembly may keep data between its instructions: there (and if reading it this way fails) only code that control
    /// can reach is read.
    ///
    /// # Errors
    /// When control reaches bytes that are no instruction.
    pub(crate) fn decode(
        &mut self,
        processor: Processor,
        bytes: &[u8],
        address: u64,
        assembly: bool,
    ) -> Result<(), Undecodable> {
        self.instructions.clear();
        if !assembly && processor.sweep(bytes, address, &mut self.instructions).is_ok() {
            return Ok(());
        }
        self.instructions.clear();
        self.follow(processor, bytes, address)
    }

    /// Along the branches.
    fn follow(&mut self, processor: Processor, bytes: &[u8], address: u64) -> Result<(), Undecodable> {
        let mut seen = vec![false; bytes.len()];
        let mut starts = vec![0usize];
        let mut indirect = false;
        while let Some(start) = starts.pop() {
            let mut at = start;
            let mut may_end = false;
            while let Some(mark) = seen.get_mut(at) {
                if std::mem::replace(mark, true) {
                    break;
                }
                let here = address.wrapping_add(at as u64);
                let Some(instruction) = processor.instruction(bytes.get(at..).unwrap_or_default(), here)
                else {
                    if may_end {
                        break;
                    }
                    return Err(Undecodable { address: here });
                };
                self.instructions.push(instruction);
                match instruction.flow {
                    Flow::Jump(to) | Flow::Branch(to) | Flow::Transaction(to) => {
                        let to = to.checked_sub(address).and_then(|to| usize::try_from(to).ok());
                        starts.extend(to.filter(|&to| to < bytes.len()));
                    }
                    Flow::IndirectJump => indirect = true,
                    _ => {}
                }
                if matches!(
                    instruction.flow,
                    Flow::Jump(_) | Flow::IndirectJump | Flow::Return | Flow::End
                ) {
                    break;
                }
                // A call, system call or breakpoint may be the last thing a function does.
                may_end = !matches!(instruction.flow, Flow::Next | Flow::Branch(_));
                at = at.saturating_add(usize::from(instruction.length));
            }
        }
        self.instructions.sort_by_key(|instruction| instruction.address);
        if indirect {
            self.fill_gaps(processor, bytes, address);
        }
        Ok(())
    }

    /// A jump through a register may lead anywhere in the function: bytes that were not reached are taken for code if
    /// they decode exactly up to the next instruction that was reached.
    fn fill_gaps(&mut self, processor: Processor, bytes: &[u8], address: u64) {
        let end = address.wrapping_add(bytes.len() as u64);
        let mut found = Vec::new();
        let mut expected = address;
        let borders = self
            .instructions
            .iter()
            .map(|i| (i.address, i.end()))
            .chain([(end, end)]);
        for (start, behind) in borders {
            if let (Ok(from), Ok(to)) = (
                usize::try_from(expected.wrapping_sub(address)),
                usize::try_from(start.wrapping_sub(address)),
            ) && let Some(gap) = bytes.get(from..to)
                && !gap.is_empty()
            {
                let mut piece = Vec::new();
                if processor.sweep(gap, expected, &mut piece).is_ok() {
                    found.append(&mut piece);
                }
            }
            expected = expected.max(behind);
        }
        self.instructions.append(&mut found);
        self.instructions.sort_by_key(|instruction| instruction.address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(bytes: &[u8], assembly: bool) -> Result<Vec<u64>, Undecodable> {
        let mut listing = Listing::default();
        listing.decode(Processor::Amd64, bytes, 0x1000, assembly)?;
        Ok(listing.instructions.iter().map(|i| i.address).collect())
    }

    #[test]
    fn data_behind_a_jump_is_no_code() {
        // jmp +3; three bytes of data, one of them looking like a ret; ret
        let bytes = [0xeb, 3, 0xc3, 0x06, 0xca, 0xc3];
        assert_eq!(addresses(&bytes, true), Ok(vec![0x1000, 0x1005]));
    }

    #[test]
    fn go_code_is_read_whole() {
        let bytes = [0xc3, 0xc3, 0x90];
        assert_eq!(addresses(&bytes, false), Ok(vec![0x1000, 0x1001, 0x1002]));
        assert_eq!(addresses(&bytes, true), Ok(vec![0x1000]));
    }

    #[test]
    fn bytes_that_are_no_instruction() {
        // nop; invalid
        assert_eq!(
            addresses(&[0x90, 0x06], true),
            Err(Undecodable { address: 0x1001 })
        );
        assert_eq!(
            addresses(&[0x90, 0x06], false),
            Err(Undecodable { address: 0x1001 })
        );
        // call +0; invalid: the call does not return
        assert_eq!(addresses(&[0xe8, 0, 0, 0, 0, 0x06], true), Ok(vec![0x1000]));
        assert_eq!(addresses(&[], true), Ok(vec![]));
    }

    #[test]
    fn code_behind_a_jump_through_a_register() {
        // jmp rax; nop; ret
        assert_eq!(
            addresses(&[0xff, 0xe0, 0x90, 0xc3], true),
            Ok(vec![0x1000, 0x1002, 0x1003])
        );
        // jmp rax; data
        assert_eq!(addresses(&[0xff, 0xe0, 0x06], true), Ok(vec![0x1000]));
    }
}
