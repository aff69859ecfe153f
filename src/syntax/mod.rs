//! From recipe text to [`ast::Recipe`] and, for `gobt fmt`, back.

pub mod ast;
