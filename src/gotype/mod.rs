//! Go's types with their layout in memory, independent of the source that they were read from.

pub mod abi;

/// Names a type of one target; got from that target, and only good there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeRef(pub u64);

/// A Go type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoType {
    /// As Go prints it with full import paths: `*github.com/hashicorp/vault/sdk/logical.StorageEntry`, `[]byte` as
    /// `[]uint8`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Its shape; for a named type, that of its underlying type.
    pub kind: Kind,
    /// Where its run-time descriptor lies, as an offset from `runtime.types` (`DW_AT_go_runtime_type`), if it has one.
    pub descriptor: Option<u64>,
}

/// The shape of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `int8` … `int64`, `int`, `rune`
    Int,
    /// `uint8` … `uint64`, `uint`, `byte`
    Uint,
    /// `uintptr`
    Uintptr,
    /// `float32`, `float64`
    Float,
    /// `complex64`, `complex128`
    Complex,
    /// `string`: pointer, length
    String,
    /// `unsafe.Pointer`
    UnsafePointer,
    /// `*T`
    Pointer(TypeRef),
    /// `[]T`: pointer, length, capacity
    Slice(TypeRef),
    /// `[N]T`
    Array(TypeRef, u64),
    /// A struct's fields, in order, blank ones too.
    Struct(Vec<Field>),
    /// `any`, `error`, `io.Reader`: two words. `methods` is true if it has any, and the first word is an itab;
    /// otherwise it is a type.
    Interface {
        /// It has methods.
        methods: bool,
    },
    /// `map[K]V`: a pointer to the run time's header.
    Map {
        /// Type of the keys.
        key: TypeRef,
        /// Type of the elements.
        element: TypeRef,
    },
    /// `chan T`: a pointer to the run time's `hchan`.
    Chan(TypeRef),
    /// A function value: a pointer to a closure object, whose first word is the code.
    Func,
    /// A type of unknown shape; the text says what it is.
    Opaque(String),
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name; `_` for blank; for an embedded one the type's last name.
    pub name: String,
    /// Its type.
    pub ty: TypeRef,
    /// Bytes from the struct's beginning.
    pub offset: u64,
    /// Embedded: its own fields are promoted.
    pub embedded: bool,
}
