//! Names that look like one that does not exist.
