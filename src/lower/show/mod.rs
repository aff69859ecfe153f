//! The ways of showing a value: one file each. What a value is was decided before; here it becomes part of a printf.

mod bool;
mod bytes;
mod char;
mod duration;
mod error;
mod float;
mod hex;
mod int;
mod ip;
mod pointer;
mod stack;
mod string;
mod symbol;
mod time;
mod r#type;
mod uint;

use super::{Fragment, Writer};
use crate::plan::Value;
use crate::plan::format::Format;

/// A value in a format, as pieces of a printf.
pub(super) fn fragments(format: Format, value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    let show: fn(&Value, &mut Writer<'_>) -> Vec<Fragment> = match format {
        Format::String => string::fragments,
        Format::Bytes => bytes::fragments,
        Format::Hex => hex::fragments,
        Format::Int => int::fragments,
        Format::Uint => uint::fragments,
        Format::Bool => bool::fragments,
        Format::Char => char::fragments,
        Format::Float => |value: &Value, w: &mut Writer<'_>| float::fragments(value, w, false),
        Format::Imaginary => |value: &Value, w: &mut Writer<'_>| float::fragments(value, w, true),
        Format::Ip => ip::fragments,
        Format::Duration => duration::fragments,
        Format::Time => time::fragments,
        Format::Type => r#type::fragments,
        Format::Error => error::fragments,
        Format::Pointer => pointer::fragments,
        Format::Stack => stack::fragments,
        Format::Symbol => symbol::fragments,
    };
    show(value, w)
}
