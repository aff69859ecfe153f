//! The numbers that inputs are changed with.

pub use crate::support::numbers::Numbers;

impl Numbers {
    /// The `n`th sequence.
    pub const fn of(n: usize) -> Self {
        Self::seeded((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995_97f4_a7c1)
    }

    /// A number that readers stumble over, in a file of `length` bytes.
    pub fn odd(&mut self, length: usize) -> u64 {
        let length = length as u64;
        match self.below(9) {
            0 => 0,
            1 => u64::MAX - self.any() % 64,
            2 => 1 << self.below(64),
            3 => length.wrapping_sub(self.any() % 64),
            4 => u64::from(u32::MAX) - self.any() % 16,
            5 => u64::from(u32::MAX >> 1) + self.any() % 3,
            6 => self.any() % 64,
            7 => self.any() % length.max(1),
            _ => self.any(),
        }
    }
}
