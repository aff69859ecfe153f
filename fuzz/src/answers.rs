//! All the questions that gobt asks of a program.

use super::scripts;
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::code::EXPLANATIONS;
use gobt::target::catalog::Workspace;
use gobt::target::{Functions as _, Needs, Pattern, Program as _, RuntimeFacts as _, Target, Types as _};
use std::collections::BTreeSet;

/// Recipes that use all of a program: signatures, types, the run time's facts, itabs, texts, returns.
pub const RECIPES: [&str; 3] = [
    "count main.* by goroutine, func, caller",
    "trace main.*",
    "on main.* {\n    print goroutine, parent, stack(3)\n    count by func\n}\nlatency main.* by func",
];

/// One that names less, for when there is little time.
pub const SHORT: [&str; 1] = [
    "on main.(*Shop).Take or main.Dynamic {\n    print arg, goroutine, caller\n    return {\n        print ret\n    }\n}",
];

/// How many functions are looked at closely.
const MOST: usize = 24;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The code that the file was refused with.
    pub refused: Option<&'static str>,
    /// Scripts.
    pub scripts: Vec<String>,
    /// Recipes that were refused, each with a code.
    pub errors: usize,
}

/// Opens `bytes` as the program at `path`, asks it everything and compiles `recipes` for it: an answer, or an error
/// with a code that is explained.
pub fn ask(path: &str, bytes: &[u8], recipes: &[&str]) -> Answers {
    let target = match Target::read(path, bytes, None) {
        Ok(target) => target,
        Err(problem) => {
            coded(&problem);
            return Answers {
                refused: Some(problem.code.0),
                ..Answers::default()
            };
        }
    };
    let most = if recipes.len() == SHORT.len() { 3 } else { MOST };
    let note = |problem: Diagnostic| coded(&problem);
    let mut workspace = Workspace::default();
    let pattern = |text| Pattern::parse(text).expect("a pattern");
    let _ = target.functions(&pattern("*[...]*")).map_err(note);
    let _ = target.functions(&pattern("main.Map[int,string]")).map_err(note);
    let found = target
        .functions(&pattern("main.*"))
        .map_err(note)
        .unwrap_or_default();
    for id in found
        .functions
        .iter()
        .copied()
        .take(most)
        .chain(target.all().step_by(199).take(most))
    {
        let function = target.function(id);
        let _ = target.row(id, &mut workspace);
        let _ = target.sites(id, &Needs::default()).map_err(note);
        let _ = target.code(id).map_err(note);
        let _ = target.line_of(function.address);
        let _ = target.line_of(function.address.wrapping_add(function.size));
        let _ = target.numbers(&BTreeSet::from([function.address]), false);
        if let Ok(signature) = target.signature(id).map_err(note) {
            let all = signature
                .receiver
                .iter()
                .chain(&signature.parameters)
                .chain(&signature.results);
            for parameter in all.take(8) {
                let Ok(ty) = target.type_of(parameter.ty).map_err(note) else {
                    continue;
                };
                let _ = target.itabs(parameter.ty);
                let _ = target.type_named(&ty.name).map_err(note);
            }
        }
    }
    let _ = target.runtime().map_err(note);
    let _ = target.errno_texts();
    let _ = target.inlined(&|name| name.contains("main."), 5).map_err(note);
    let _ = target.inlined_names().map_err(note);
    let _ = target.overview().map_err(note);
    for address in [0, 1, 0x47_c340, u64::MAX] {
        let _ = target.line_of(address);
        let _ = target.numbers(&BTreeSet::from([address]), true);
        let _ = target.meant_by(&BTreeSet::from([address]), true);
        let _ = target.function_containing(address);
    }
    let mut answers = Answers::default();
    for (number, recipe) in recipes.iter().enumerate() {
        let options = scripts::options(u8::try_from(number).unwrap_or_default() << 2);
        match scripts::compile(recipe, &target, &target, &options) {
            Some(script) => answers.scripts.push(script),
            None => answers.errors += 1,
        }
    }
    answers
}

fn coded(problem: &Diagnostic) {
    assert!(
        EXPLANATIONS.iter().any(|known| known.code == problem.code),
        "{problem:?}"
    );
}
