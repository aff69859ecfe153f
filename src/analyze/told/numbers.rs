//! What numbers in errors of Go's library stand for.

/// `src/crypto/x509/verify.go`: reasons that are told without the error's detail.
pub(super) const REASONS: &[(u64, &str)] = &[
    (0, "certificate is not authorized to sign other certificates"),
    (3, "too many intermediates for path length constraint"),
    (4, "certificate specifies an incompatible key usage"),
    (5, "issuer name does not match subject from issuing certificate"),
    (
        6,
        "issuer has name constraints but leaf doesn't have a SAN extension",
    ),
];

/// `src/crypto/x509/verify.go`: reasons that the error's detail follows.
pub(super) const REASONS_WITH_DETAIL: &[(u64, &str)] = &[
    (1, "certificate has expired or is not yet valid: "),
    (
        2,
        "a root or intermediate certificate is not authorized to sign for this name: ",
    ),
    (
        7,
        "issuer has name constraints but leaf contains unknown or unconstrained name: ",
    ),
    (
        9,
        "a root or intermediate certificate is not authorized for an extended key usage: ",
    ),
];

/// `src/crypto/tls/alert.go`
pub(super) const ALERTS: &[(u64, &str)] = &[
    (0, "close notify"),
    (10, "unexpected message"),
    (20, "bad record MAC"),
    (21, "decryption failed"),
    (22, "record overflow"),
    (30, "decompression failure"),
    (40, "handshake failure"),
    (42, "bad certificate"),
    (43, "unsupported certificate"),
    (44, "revoked certificate"),
    (45, "expired certificate"),
    (46, "unknown certificate"),
    (47, "illegal parameter"),
    (48, "unknown certificate authority"),
    (49, "access denied"),
    (50, "error decoding message"),
    (51, "error decrypting message"),
    (60, "export restriction"),
    (70, "protocol version not supported"),
    (71, "insufficient security level"),
    (80, "internal error"),
    (86, "inappropriate fallback"),
    (90, "user canceled"),
    (100, "no renegotiation"),
    (109, "missing extension"),
    (110, "unsupported extension"),
    (111, "certificate unobtainable"),
    (112, "unrecognized name"),
    (113, "bad certificate status response"),
    (114, "bad certificate hash value"),
    (115, "unknown PSK identity"),
    (116, "certificate required"),
    (120, "no application protocol"),
    (121, "encrypted client hello required"),
];

/// `src/net/http/h2_bundle.go`, `src/net/http/internal/http2/errors.go`
pub(super) const HTTP2: &[(u64, &str)] = &[
    (0x0, "NO_ERROR"),
    (0x1, "PROTOCOL_ERROR"),
    (0x2, "INTERNAL_ERROR"),
    (0x3, "FLOW_CONTROL_ERROR"),
    (0x4, "SETTINGS_TIMEOUT"),
    (0x5, "STREAM_CLOSED"),
    (0x6, "FRAME_SIZE_ERROR"),
    (0x7, "REFUSED_STREAM"),
    (0x8, "CANCEL"),
    (0x9, "COMPRESSION_ERROR"),
    (0xa, "CONNECT_ERROR"),
    (0xb, "ENHANCE_YOUR_CALM"),
    (0xc, "INADEQUATE_SECURITY"),
    (0xd, "HTTP_1_1_REQUIRED"),
];

/// `src/net/http/status.go`: those that the server's own errors have.
pub(super) const STATUS: &[(u64, &str)] = &[
    (400, "Bad Request"),
    (413, "Request Entity Too Large"),
    (417, "Expectation Failed"),
    (431, "Request Header Fields Too Large"),
    (501, "Not Implemented"),
    (505, "HTTP Version Not Supported"),
];

/// `src/crypto/x509/x509.go`: those that are too weak.
pub(super) const WEAK: &[(u64, &str)] = &[(2, "MD5-RSA"), (3, "SHA1-RSA"), (9, "ECDSA-SHA1")];

/// `src/reflect/type.go`
pub(super) const KINDS: &[(u64, &str)] = &[
    (1, "bool"),
    (2, "int"),
    (3, "int8"),
    (4, "int16"),
    (5, "int32"),
    (6, "int64"),
    (7, "uint"),
    (8, "uint8"),
    (9, "uint16"),
    (10, "uint32"),
    (11, "uint64"),
    (12, "uintptr"),
    (13, "float32"),
    (14, "float64"),
    (15, "complex64"),
    (16, "complex128"),
    (17, "array"),
    (18, "chan"),
    (19, "func"),
    (20, "interface"),
    (21, "map"),
    (22, "ptr"),
    (23, "slice"),
    (24, "string"),
    (25, "struct"),
    (26, "unsafe.Pointer"),
];

/// `google.golang.org/grpc/codes/code_string.go`
pub(super) const GRPC: &[(u64, &str)] = &[
    (0, "OK"),
    (1, "Canceled"),
    (2, "Unknown"),
    (3, "InvalidArgument"),
    (4, "DeadlineExceeded"),
    (5, "NotFound"),
    (6, "AlreadyExists"),
    (7, "PermissionDenied"),
    (8, "ResourceExhausted"),
    (9, "FailedPrecondition"),
    (10, "Aborted"),
    (11, "OutOfRange"),
    (12, "Unimplemented"),
    (13, "Internal"),
    (14, "Unavailable"),
    (15, "DataLoss"),
    (16, "Unauthenticated"),
];
