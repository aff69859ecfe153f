//! What must hold of every input, whoever made it.
//!
//! The fuzz targets call [`recipe`], [`compile`] and [`program`] with what libFuzzer makes up; `tests/plain/mutate`
//! calls the same functions with the kept corpus, and the parts they are made of with mutations of its own.

pub mod answers;
pub mod image;
pub mod odd;
pub mod recipes;
pub mod scripts;
pub mod shape;

use gobt::target::Target;
use std::cell::RefCell;
use std::sync::LazyLock;

/// The example programs, and the first of them with its debug information inflated.
pub static IMAGES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let shop = include_bytes!("../../examples/targets/shop/shop").to_vec();
    let kinds = include_bytes!("../../examples/targets/kinds/kinds").to_vec();
    let inflated = image::inflated(&shop);
    [shop, kinds, inflated]
});

/// Two of them, opened.
static TARGETS: LazyLock<[Target<'static>; 2]> = LazyLock::new(|| {
    let [shop, kinds, _] = &*IMAGES;
    [shop, kinds].map(|image| Target::read("/srv/app", image, None).expect("an example program"))
});

/// A recipe: read, drawn, printed and read again.
pub fn recipe(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        recipes::read(text);
    }
}

/// Any recipe against a program: two bytes that say which program, release and options, then the recipe.
pub fn compile(data: &[u8]) {
    let [choice, seed, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let target = &TARGETS[usize::from(choice & 1)];
    let options = scripts::options(choice >> 1);
    if choice & 0x80 == 0 {
        scripts::compile(text, target, target, &options);
    } else {
        scripts::compile(text, &odd::Odd::new(target, *seed), target, &options);
    }
}

/// Any bytes as an executable: raw ones, or changes to one of the example programs.
pub fn program(data: &[u8]) {
    thread_local! {
        static CHANGED: RefCell<Vec<image::Image>> = RefCell::new(IMAGES.iter().cloned().map(image::Image::new).collect());
    }
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    if choice == 0xff {
        answers::ask("/srv/app", rest, &answers::SHORT);
        return;
    }
    CHANGED.with_borrow_mut(|images| {
        let chosen = usize::from(choice) % images.len();
        let image = &mut images[chosen];
        let undo = image.edit(rest);
        answers::ask("/srv/app", image.bytes(), &answers::SHORT);
        image.undo(undo);
    });
}
