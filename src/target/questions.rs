//! The questions that the compiler asks about a program.

use super::{
    DynamicType, Fingerprint, Found, Function, FunctionId, Identity, InlinedArguments, InlinedCall,
    InlinedCopy, Needs, Pattern, Runtime, Signature, Sites, ThreadLocal, Wrapped, attach, itabs,
};
use crate::diagnostic::Diagnostic;
use crate::gotype::{GoType, TypeRef};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The questions that the compiler asks about a program: about its functions, its types, its run time, and the program
/// as a whole. All addresses are link-time virtual addresses.
pub trait Program: Functions + Types + RuntimeFacts {
    /// The program as a whole.
    fn identity(&self) -> &Identity;

    /// The fingerprint of everything that the answers so far rely on, with the code of the functions at these
    /// addresses, and these type descriptors and itabs.
    fn relied_on(&self, functions: &[u64], descriptors: Vec<u64>, needs_runtime: bool) -> Fingerprint;

    /// The numbers by which bpftrace puts probes on these addresses; `places_first` for releases that refuse addresses
    /// inside functions.
    ///
    /// # Errors
    /// When a number could mean another instruction, or an address is not in the file.
    fn numbers(
        &self,
        addresses: &BTreeSet<u64>,
        places_first: bool,
    ) -> Result<attach::Numbers, attach::Unwritable>;
}

/// Questions to a program's functions.
pub trait Functions {
    /// The functions that `pattern` names, by address. A pattern that matches several names leaves out wrappers, except
    /// those that are the only place where a call can be seen. If one of two functions with the same name only calls
    /// the other (the twins for Go's two calling conventions, wrappers of generic methods), only the called one is
    /// listed.
    ///
    /// # Errors
    /// E02xx when the types that a pattern's type arguments ask for cannot be read.
    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic>;

    /// A function.
    fn function(&self, id: FunctionId) -> Function;

    /// What a compiler-generated function calls; none for functions of the source.
    fn wrapped(&self, id: FunctionId) -> Option<Wrapped>;

    /// The names of all functions (for "did you mean"): of those that somebody wrote by address, and of those that the
    /// compiler made.
    fn names(&self) -> (Vec<String>, Vec<String>);

    /// The probe sites of a function, each verified against the decoded instruction. `needs` says what the entry probe
    /// reads.
    ///
    /// # Errors
    /// E02xx when the code cannot be decoded, or two sources disagree about it.
    fn sites(&self, function: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic>;

    /// True if a function that follows ABI0, or is assembly, is sure to have the goroutine in its register when one of
    /// its instructions at `sites` begins; the threads keep theirs at `place`.
    fn has_goroutine(&self, function: FunctionId, sites: &[u64], place: ThreadLocal) -> bool;

    /// Source file and line of an address.
    fn line_of(&self, address: u64) -> Option<(String, u32)>;

    /// The signature with the place of every argument and result.
    ///
    /// # Errors
    /// E02xx when there is no debug information, or it disagrees with itself or the ABI.
    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic>;

    /// True if reading a signature is cheap: the debug information is small, or already read.
    fn signatures_are_cheap(&self) -> bool;

    /// Where calls of functions whose full name satisfies `matches` were inlined, at most `limit` of them,
    /// in order of address, and how many there are.
    ///
    /// # Errors
    /// E02xx when the debug information is damaged.
    fn inlined(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic>;

    /// The same for the functions of exactly these names.
    ///
    /// # Errors
    /// E02xx when the debug information is damaged.
    fn inlined_of(
        &self,
        names: &HashSet<&str>,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        self.inlined(&|name| names.contains(name), limit)
    }

    /// The copies that inlined calls of the functions with these names are, by address, each with the instruction that
    /// is executed once for each call.
    ///
    /// # Errors
    /// E02xx when the debug information is damaged.
    fn copies(&self, names: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic>;

    /// The signature of an inlined function, with the place of every argument in this copy of it; of those that have
    /// none, why.
    ///
    /// # Errors
    /// E02xx when there is no debug information, or it disagrees with itself.
    fn arguments_of_copy(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic>;

    /// Asking for inlined calls of these functions costs little: debug information need not be read for it, or is small
    /// or already read.
    fn inlined_is_cheap(&self, names: &HashSet<&str>) -> bool;

    /// Names of functions that exist only inlined (for "did you mean").
    ///
    /// # Errors
    /// E02xx when the debug information is damaged.
    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic>;
}

/// A part of what an `Error` method returns; places are so many bytes behind what the interface's data word points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Always the same.
    Constant(String),
    /// The text at a place.
    Text(u64, TextForm),
    /// A number.
    Number {
        /// Its place.
        at: u64,
        /// Bytes.
        size: u64,
        /// It may be negative.
        signed: bool,
        /// It is written in hexadecimal digits.
        hex: bool,
    },
    /// A truth value, a byte.
    Bool(u64),
    /// What the error at a place says.
    Said(u64),
    /// What `fmt` prints of the error at a place, and of none.
    Printed(u64, &'static str),
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// As it is.
    Plain,
    /// As `strconv.Quote` writes it.
    Quoted,
    /// Its bytes in hexadecimal digits.
    Hex,
}

/// Questions to a program's types, wherever they are known from.
pub trait Types {
    /// A type, read when first asked for.
    ///
    /// # Errors
    /// E02xx when the debug information is damaged there.
    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic>;

    /// A type by its full Go name (`runtime.g`, `*errors.errorString`), if the program has it.
    ///
    /// # Errors
    /// E02xx when the debug information is damaged.
    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic>;

    /// The itabs of an interface type: which concrete types the program puts into it, as far as the linker knew.
    fn itabs(&self, interface: TypeRef) -> Vec<itabs::Itab>;

    /// The message of an error with this itab of `error`, in parts, if the code of its method tells it.
    fn message(&self, _: &itabs::Itab) -> Option<Vec<Message>> {
        None
    }

    /// The message of an error with this `Error` method of a pointer to this type, if the method's code tells it.
    fn message_of(&self, _: FunctionId, _: TypeRef) -> Option<Vec<Message>> {
        None
    }

    /// The types that an interface may hold of this name, as Go prints it (`*fs.PathError`, which may be several
    /// packages' type) or with its full import path, however it is spelled (`[]byte`, `interface{}`).
    fn dynamic_types(&self, name: &str) -> Vec<DynamicType>;

    /// The names of all types that an interface may hold, as Go prints them (for "did you mean").
    fn dynamic_names(&self) -> Vec<String>;

    /// Descriptors and names, as Go prints them, of named types and of pointers to them that are not Go's own: at most
    /// `most`, the main package's first.
    fn own_types(&self, most: usize) -> Vec<(u64, String)>;

    /// The type of a descriptor.
    fn dynamic_type(&self, ty: &DynamicType) -> TypeRef;

    /// The methods of an interface that the type of this descriptor lacks; empty if it has all of them, nothing if that
    /// is not known.
    fn lacking_methods(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>>;
}

/// Questions about the run time of a program.
pub trait RuntimeFacts {
    /// Facts about the run time: offsets in `runtime.g` and the like.
    ///
    /// # Errors
    /// E02xx when neither debug information nor the version table gives them.
    fn runtime(&self) -> Result<Runtime, Diagnostic>;

    /// The texts of errno numbers, by number, as the program has them (`syscall.errors`); empty if it has none.
    fn errno_texts(&self) -> Vec<String>;

    /// The texts in a package-level variable that is an array of so many; empty if the program does not have it.
    fn texts_of(&self, variable: &str, count: u64) -> Vec<String>;

    /// Address of a package-level variable or run-time symbol (`syscall.errors`, `runtime.types`), if known.
    fn symbol(&self, name: &str) -> Option<u64>;

    /// The link-time addresses of this file's data that another file may define in its stead (of a plugin, what loads
    /// it), each with that of a word which holds the real address once the file is loaded.
    fn bound_by_loader(&self) -> BTreeMap<u64, u64>;
}
