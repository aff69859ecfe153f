//! Errors whose messages the code of their `Error` methods tells: what these are made of, and what is to be read.

use super::told::once;
use crate::plan::look::MOST_LOOKS;
use crate::plan::{Digits, ErrorPiece, ErrorPieces, ErrorShape, NumberAt, Written};
use crate::target::{Message, TextForm};

/// What `fmt` and `strconv` write of a truth value.
const TRUTHS: &[(u64, &str)] = &[(0, "false"), (1, "true")];

/// The shape of an error with this message; none if it takes more looks than there are at one error.
pub(super) fn shape(message: Vec<Message>) -> Option<ErrorShape> {
    let shape = match message.as_slice() {
        [] => ErrorShape::Constant(String::new()),
        [Message::Constant(text)] => ErrorShape::Constant(text.clone()),
        [Message::Text(at, TextForm::Plain)] => ErrorShape::Message(*at),
        _ => ErrorShape::Pieces(pieces(message)?),
    };
    shape.fits().then_some(shape)
}

fn pieces(message: Vec<Message>) -> Option<ErrorPieces> {
    let mut made = ErrorPieces {
        pieces: Vec::new(),
        read: Vec::new(),
        numbers: Vec::new(),
    };
    // One look leads to one error inside.
    let is_inside = |part: &&Message| matches!(part, Message::Said(_) | Message::Printed(..));
    if message.iter().filter(is_inside).count() > 1 {
        return None;
    }
    for part in message {
        let piece = piece(part, &mut made)?;
        made.pieces.push(piece);
    }
    (made.read.len().max(made.numbers.len()) <= MOST_LOOKS).then_some(made)
}

fn piece(part: Message, made: &mut ErrorPieces) -> Option<ErrorPiece> {
    Some(match part {
        Message::Constant(text) => ErrorPiece::Constant(text.into()),
        Message::Text(at, form) => {
            let written = match form {
                TextForm::Plain => Written::Plain,
                TextForm::Quoted => Written::Quoted,
                TextForm::Hex => Written::Hex,
            };
            once(&mut made.read, at);
            ErrorPiece::Text(at, written)
        }
        Message::Number {
            at,
            size,
            signed,
            hex,
        } => {
            let digits = if hex { Digits::Hex } else { Digits::Decimal };
            ErrorPiece::Number(number(NumberAt { at, size, signed }, made)?, digits)
        }
        Message::Bool(at) => {
            let at = NumberAt {
                at,
                size: 1,
                signed: false,
            };
            ErrorPiece::OneOf(number(at, made)?, TRUTHS, Vec::new())
        }
        Message::Said(at) => ErrorPiece::Inner(at),
        Message::Printed(at, of_none) => {
            // Whether there is one.
            once(&mut made.numbers, at);
            ErrorPiece::Printed(at, of_none)
        }
    })
}

/// A number in one word, which is read.
fn number(at: NumberAt, made: &mut ErrorPieces) -> Option<NumberAt> {
    let word = at.at / 8 * 8;
    once(&mut made.numbers, word);
    (at.end() <= word + 8).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read() {
        let number = |at| Message::Number {
            at,
            size: 4,
            signed: true,
            hex: false,
        };
        let text = Message::Text(16, TextForm::Plain);
        let message = vec![
            text.clone(),
            number(0),
            number(4),
            Message::Constant(":".into()),
            text,
        ];
        let Some(ErrorShape::Pieces(made)) = shape(message) else {
            panic!("no pieces");
        };
        assert_eq!((made.read, made.numbers), (vec![16], vec![0]));
        assert_eq!(shape(vec![Message::Said(0), Message::Said(16)]), None);
        let texts = (0..9).map(|nth| Message::Text(16 * nth, TextForm::Quoted));
        assert_eq!(shape(texts.collect()), None);
        assert_eq!(
            shape(vec![Message::Text(8, TextForm::Plain)]),
            Some(ErrorShape::Message(8))
        );
    }
}
