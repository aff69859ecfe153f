//! Numbers that are the same on every run.

/// A sequence by its number.
pub struct Numbers(u64);

impl Numbers {
    /// The `n`th sequence.
    pub fn of(n: usize) -> Self {
        Self((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995_97f4_a7c1)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.any() % (end.max(1) as u64)) as usize
    }

    /// One of these.
    pub fn of_these<T: Clone>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())].clone()
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
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
