//! Differences between releases of bpftrace. Each fact names the release that changed it. All facts were tested with
//! the releases that Debian ships (0.17.0, 0.23.2, 0.27.1); those about releases in between are from bpftrace's change
//! log.

/// The releases a script is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The oldest, as the number after `0.`.
    pub oldest: u32,
    /// The newest, likewise.
    pub newest: u32,
    /// The limit of text in bytes for one script, if its probes read so much text that they would not fit on their
    /// stack with the usual limit.
    pub text_limit: Option<u64>,
    /// The user did not name the release; it is that of the installed bpftrace.
    pub is_installed: bool,
    /// What of the lost records the script counts itself, since the release does not.
    pub uncounted: Option<Uncounted>,
    /// The word of a process's auxiliary vector that says where its program begins (`AT_ENTRY`), for a script that runs
    /// on this machine: the kernel's version decides what stands before it (`create_elf_tables` in its
    /// `fs/binfmt_elf.c`).
    pub entry_word: Option<u32>,
}

/// Lost records that a release does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncounted {
    /// Those of a processor.
    Of(u32),
    /// The last ones.
    Last,
}

/// The oldest release that can be asked for.
pub const OLDEST: u32 = 17;
/// The newest release that gobt was tested with.
pub const NEWEST: u32 = 27;

impl Default for Dialect {
    /// The common subset of 0.23 to 0.27, except that 0.24 to 0.26 refuse a script with it that reads text.
    fn default() -> Self {
        Self {
            oldest: 23,
            newest: NEWEST,
            text_limit: None,
            is_installed: false,
            uncounted: None,
            entry_word: None,
        }
    }
}

impl Dialect {
    /// The name of the range of releases: `0.23..0.27`.
    #[must_use]
    pub fn usual() -> String {
        let usual = Self::default();
        format!("0.{}..0.{}", usual.oldest, usual.newest)
    }

    /// The dialect of `release` (`0.23`, `0.23.2`, `v0.23.2`, or the range `0.23..0.27`), or why there is none.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn of_release(release: &str) -> Result<Self, String> {
        let plain = release.trim().trim_start_matches('v');
        if plain == Self::usual() {
            return Ok(Self::default());
        }
        if plain.contains("..") {
            return Err(format!(
                "`{release}` is no range that gobt writes for; the one that is, is {}",
                Self::usual()
            ));
        }
        let mut parts = plain.split('.');
        let minor = match (parts.next(), parts.next().map(str::parse::<u32>)) {
            (Some("0"), Some(Ok(minor))) if parts.all(|p| p.parse::<u32>().is_ok()) => minor,
            _ => {
                return Err(format!(
                    "`{release}` is not a release of bpftrace; they are called 0.23 or 0.23.2"
                ));
            }
        };
        if (OLDEST..=NEWEST).contains(&minor) {
            Ok(Self {
                oldest: minor,
                newest: minor,
                ..Self::default()
            })
        } else {
            Err(format!(
                "gobt writes for bpftrace 0.{OLDEST} to 0.{NEWEST}, not for {plain}"
            ))
        }
    }

    /// `0.23 to 0.27`, or `0.17`.
    #[must_use]
    pub fn range(self) -> String {
        if self.oldest == self.newest {
            format!("0.{}", self.oldest)
        } else {
            format!("0.{} to 0.{}", self.oldest, self.newest)
        }
    }

    /// `str(p, n)` counts the closing NUL in n (since 0.23, bpftrace #3849).
    #[must_use]
    pub fn str_counts_nul(self) -> bool {
        self.oldest >= 23
    }

    /// There is a `config` block (0.20).
    #[must_use]
    pub fn has_config(self) -> bool {
        self.oldest >= 20
    }

    /// `config` knows `str_trunc_trailer` (0.20); before, bpftrace does not mark truncated strings, nor does it mark
    /// strings of 1024 bytes since 0.24.
    #[must_use]
    pub fn marks_truncation(self) -> bool {
        self.oldest >= 20 && !self.needs_long_strings()
    }

    /// `delete(@m, key)` (0.22); before, `delete(@m[key])`.
    #[must_use]
    pub fn deletes_by_key(self) -> bool {
        self.oldest >= 22
    }

    /// `delete` has a result (0.24), which has to be used to avoid a warning (0.25).
    #[must_use]
    pub fn delete_yields(self) -> bool {
        self.oldest >= 24
    }

    /// Some releases warn if the result of `delete` is not used, and in others it has no result.
    #[must_use]
    pub fn delete_differs(self) -> bool {
        !self.delete_yields() && self.newest >= 25
    }

    /// The value of a `count()` map can be compared inside a probe (0.21, bpftrace #3189).
    #[must_use]
    pub fn compares_counts(self) -> bool {
        self.oldest >= 21
    }

    /// A map may be read in a probe before the one that fills it (0.17 does not find its type then, 0.23 does).
    #[must_use]
    pub fn finds_types_later(self) -> bool {
        self.oldest >= 23
    }

    /// The same where what is read is one of several keys of another map (0.27 does; 0.23 says then that the other map
    /// has no keys; what is between them was not tried).
    #[must_use]
    pub fn finds_types_of_keys_later(self) -> bool {
        self.oldest >= 27
    }

    /// `max` and `min` handle unsigned numbers correctly (0.23; 0.17 takes those of 2^63 and more for negative).
    #[must_use]
    pub fn orders_unsigned(self) -> bool {
        self.oldest >= 23
    }

    /// `buf` takes a number that is cast to an array of bytes (0.23 and 0.27 do; 0.17 does not, between them it was not
    /// tried).
    #[must_use]
    pub fn shows_bytes_of_numbers(self) -> bool {
        self.oldest >= 23
    }

    /// A buffer of no bytes is shown as nothing (0.23 and 0.27; earlier ones were not tried, or show something else).
    #[must_use]
    pub fn shows_empty_buffers(self) -> bool {
        self.oldest >= 23
    }

    /// What is lost of the last processor is not in "Lost N events" (`get_event_loss_counter`, in 0.27; the releases
    /// from 0.24 on, which count in one array too, were not tried). Of how many possible processors there are that is
    /// so where they are a power of two, to which it rounds.
    #[must_use]
    pub fn hides_losses_of_last_cpu(self) -> bool {
        self.oldest >= 24
    }

    /// What is lost is told by what has room after it (`PERF_RECORD_LOST`, the kernel's kernel/events/ring_buffer.c):
    /// where nothing comes after it, it is not told. Later releases have another buffer where the kernel has it (0.23;
    /// those between 0.17 and 0.23 were not tried).
    #[must_use]
    pub fn hides_last_losses(self) -> bool {
        self.oldest < 23
    }

    /// Maps can be declared without a flag (0.25): `let @m = lruhash(N);`
    #[must_use]
    pub fn declares_maps(self) -> bool {
        self.oldest >= 25
    }

    /// Of two processors that make a key at the same moment one loses its sample, and for each bucket of a histogram
    /// again: the key is made with `BPF_NOEXIST` (`CreateMapElemInit` of 0.23.2, which says so each time; mended by
    /// bpftrace's pull request 4074, released in 0.23.3). 0.17 makes it with `BPF_ANY` and loses nothing; those in
    /// between were not tried.
    #[must_use]
    pub fn loses_first_samples(self) -> bool {
        self.oldest < 24 && self.newest >= 18
    }

    /// `hist(n, k)`: each power of two has 2^k buckets (0.23 and 0.27; between 0.20 and 0.23 it was not tried).
    #[must_use]
    pub fn has_fine_histograms(self) -> bool {
        self.oldest >= 23
    }

    /// `ustack(raw)` shows addresses (0.23 and 0.27; 0.17 does not know it, and between them it was not tried).
    #[must_use]
    pub fn shows_bare_stacks(self) -> bool {
        self.oldest >= 23
    }

    /// There is `for ($i : 0..$n)` (0.27; it warns of `while`. 0.17 and 0.23 have `while` alone, and what is between
    /// them and 0.27 has both or one).
    #[must_use]
    pub fn loops_over_ranges(self) -> bool {
        self.oldest >= 27
    }

    /// What a loop has from one round to the next is better hidden from the kernel, which follows more ways through the
    /// programs of these releases (0.23: ten times as many as through those of 0.27).
    #[must_use]
    pub fn needs_hidden_state(self) -> bool {
        self.takes_tuples_for_keys() && !self.loops_over_ranges()
    }

    /// A variable that holds a tuple may stand for the keys of a map (0.23 and 0.27; what is before 0.23 was not
    /// tried).
    #[must_use]
    pub fn takes_tuples_for_keys(self) -> bool {
        self.oldest >= 23
    }

    /// `self:signal:SIGUSR1` (0.22); before, bpftrace printed all maps by itself at that signal.
    #[must_use]
    pub fn probes_signals(self) -> bool {
        self.oldest >= 22
    }

    /// The limit for strings with which at least `bytes` bytes of text can be read.
    #[must_use]
    pub fn text_room(self, bytes: u64) -> u64 {
        if self.needs_long_strings() {
            bytes.max(1024)
        } else {
            self.limit_for(bytes)
        }
    }

    /// There may be several BEGIN and END probes (0.27 takes them, 0.23 does not; what is between them was not tried).
    #[must_use]
    pub fn takes_several_ends(self) -> bool {
        self.oldest >= 27
    }

    /// The buffer for printed lines is small unless the script says otherwise (64 pages in 0.23.2, 4096 in 0.27.1), and
    /// it is one for all CPUs (before 0.23 there may be one for each).
    #[must_use]
    pub fn small_event_buffer(self) -> bool {
        (23..27).contains(&self.oldest)
    }

    /// The longest string in bytes, including its end, that a release can read with a limit from the script or its
    /// environment.
    #[must_use]
    pub fn longest_string(self) -> u64 {
        if let Some(limit) = self.text_limit {
            return limit;
        }
        match self.oldest {
            // `BPFTRACE_STRLEN` and `max_strlen` may not be more.
            ..21 => 200,
            _ if self.needs_long_strings() => 1024,
            _ => self.limit_for(250),
        }
    }

    /// Longest constant in bytes that text can be compared with. It is the same for all releases since 0.21, so that a
    /// recipe for one of them is one for the others.
    #[must_use]
    pub fn longest_compared(self) -> u64 {
        // The text's end and a byte that shows that a text is longer.
        self.longest_string().min(255) - 2
    }

    /// 0.24 to 0.26 write one byte beyond the end of a string that is shorter than 1024 bytes, and the kernel refuses
    /// the script (`CreateGetStrAllocation`; bpftrace's pull request 5279, released in 0.27.0).
    fn needs_long_strings(self) -> bool {
        (24..27).contains(&self.oldest)
    }

    /// Scripts that read text are refused by some releases in the range.
    #[must_use]
    pub fn leaves_out_texts(self) -> bool {
        self.oldest < 24 && self.newest > 24
    }

    /// Text that is assigned to a variable for longer text is copied on the stack of the probe, which is too small for
    /// it (0.24 to 0.26; bpftrace's pull request 5286, released in 0.27.0).
    #[must_use]
    pub fn widens_on_stack(self) -> bool {
        self.needs_long_strings()
    }

    /// Text is compared by `==`: 0.25.1 takes `strncmp` for the kernel's function of that name, which has other
    /// arguments. `==` between the program's text and a constant makes releases before 0.24 warn.
    #[must_use]
    pub fn compares_by_operator(self) -> bool {
        self.oldest >= 24
    }

    /// The limit for strings in a script with a probe that reads so much text that it would not fit on the probe's
    /// stack; none if that is the usual limit.
    #[must_use]
    pub fn crowded_string(self) -> Option<u64> {
        // Above 512 bytes, strings are copied by a call to the kernel and take no room on the stack
        // (`CreateMemcpyBPF`).
        (!self.needs_long_strings()).then(|| self.limit_for(513))
    }

    /// The shortest limit for strings of `bytes` bytes with which they are aligned at multiples of 8 bytes. Otherwise
    /// they are copied byte by byte, and the copied bytes fill the stack of the probe (LLVM,
    /// `SelectionDAG::getMemcpy`).
    #[must_use]
    pub fn limit_for(self, bytes: u64) -> u64 {
        // Since 0.27 a string has one byte more than its limit, if that is below 1024.
        let more = u64::from(self.newest >= 27);
        (bytes + more).next_multiple_of(8) - more
    }

    /// The longest text constant in bytes, if it is short: 0.17 takes 63, and up to 0.22 constants have to be shorter
    /// than `BPFTRACE_STRLEN` or `max_strlen`, which is 64 by default.
    #[must_use]
    pub fn longest_literal(self) -> Option<usize> {
        let limit = self.text_limit.and_then(|limit| usize::try_from(limit).ok());
        match self.oldest {
            ..18 => Some(63),
            18..22 => Some(limit.unwrap_or(64).min(64) - 1),
            _ => None,
        }
    }

    /// A map of text takes what is shorter than its longest text by a copy, with an instruction for each byte (seen
    /// with 0.23 and 0.27: 503 names of types were more than a million to 0.27).
    #[must_use]
    pub fn copies_shorter_text(self) -> bool {
        self.oldest >= 22
    }

    /// Text is on the stack of a probe, which has 512 bytes (until 0.22 brought `on_stack_limit`).
    #[must_use]
    pub fn text_is_on_stack(self) -> bool {
        self.oldest < 22
    }

    /// Variables that are longer than a number are kept in memory of their own, where the script says so
    /// (`on_stack_limit`, 0.22).
    #[must_use]
    pub fn keeps_long_variables(self) -> bool {
        self.oldest >= 22
    }

    /// Variables keep to the block they are first assigned in (0.22).
    #[must_use]
    pub fn scopes_variables(self) -> bool {
        self.newest >= 22
    }

    /// A wildcard that matches no symbol is an error (0.24, `src/ast/passes/probe_prune.cpp`). Earlier releases ignore
    /// it.
    #[must_use]
    pub fn refuses_unmatched_wildcards(self) -> bool {
        self.oldest >= 24
    }

    /// A name that no symbol has is an error (0.23). 0.17 attaches nothing and prints nothing; between them it was not
    /// tried.
    #[must_use]
    pub fn refuses_unknown_names(self) -> bool {
        self.oldest >= 23
    }

    /// A wildcard is attached as one link where the kernel can (0.21), so that many probes take no time.
    #[must_use]
    pub fn attaches_many_at_once(self) -> bool {
        self.oldest >= 21
    }

    /// Probes inside a function, at an address, are taken (releases built with libbfd; Debian's 0.17 is not).
    #[must_use]
    pub fn may_lack_offsets(self) -> bool {
        self.oldest < 20
    }
}
