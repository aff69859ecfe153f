//! Values as people read them: the twins of `lower/show/`, for values that a record brought.

pub(super) mod duration;
pub(super) mod float;
pub(super) mod ip;
pub(super) mod text;
pub(super) mod time;
pub(super) mod url;
