//! What is said of a function's signature: where each argument and result is.

use super::called::Called;
use crate::gotype::abi::{Piece, Slot};
use crate::target::{Parameter, Program};

/// The comment above a function's probe: its signature, and under it the place of every argument and result.
pub(super) fn signature_lines(program: &dyn Program, called: &Called, wanted: bool) -> Vec<String> {
    let function = &called.function;
    if let Some(copy) = &called.copy {
        let file = copy.file.rsplit('/').next().unwrap_or(&copy.file);
        return vec![format!(
            "{}, inlined into {}    {file}:{}",
            function.name, copy.caller, copy.line
        )];
    }
    let signature = match called.known_signature() {
        Some(known) => known.ok(),
        None if wanted || program.signatures_are_cheap() => called.signature(program).ok(),
        None => None,
    };
    let Some(signature) = signature else {
        return vec![function.name.clone()];
    };
    let mut lines = Vec::new();
    let mut text = signature.text.clone();
    // The signature has the package's last element only; the full name says which package.
    if !text.contains(&function.name) {
        text = format!("{}: {text}", function.name);
    }
    lines.push(text);
    let list = |parameters: &mut dyn Iterator<Item = &Parameter>| {
        parameters
            .map(|p| format!("{} {}", p.name, place_text(p)))
            .collect::<Vec<_>>()
            .join("   ")
    };
    let arguments = list(&mut signature.receiver.iter().chain(&signature.parameters));
    let results = list(&mut signature.results.iter());
    if !arguments.is_empty() {
        lines.push(format!("    called with  {arguments}"));
    }
    if !results.is_empty() {
        lines.push(format!("    returns      {results}"));
    }
    lines
}

/// `AX BX`, `stack+8`, `X0`.
pub(super) fn place_text(parameter: &Parameter) -> String {
    match &parameter.place {
        Err(_) => "?".into(),
        Ok(pieces) if pieces.is_empty() => "-".into(),
        Ok(pieces) => pieces.iter().map(piece_text).collect::<Vec<_>>().join(" "),
    }
}

fn piece_text(piece: &Piece) -> String {
    match piece.slot {
        Slot::Register(r) => r.name().to_uppercase(),
        Slot::Vector(n) => format!("X{n}"),
        Slot::Stack(offset) => format!("sp+{offset}"),
    }
}
