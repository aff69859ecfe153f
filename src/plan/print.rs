//! A plan as text, for `--emit plan` and snapshots.
