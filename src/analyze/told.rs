//! Error types of Go's library, and of some others, whose messages `gobt run` makes as their `Error` methods do.

use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape};

/// A piece of a message, by the names of fields; the name of a value that has no fields is empty.
pub(super) enum Told {
    Constant(&'static str),
    Text(&'static str),
    /// A text that is a constant of the program as a rule.
    Known(&'static str),
    Quoted(&'static str),
    /// A text between constants, if it is not empty.
    Around(&'static str, &'static str, &'static str),
    Inner(&'static str),
    /// More that cannot be told, if there is something inside.
    More(&'static str),
    Each(&'static str),
    Number(&'static str),
    OneOf(&'static str, &'static [(u64, &'static str)]),
    Endpoint(Option<&'static str>),
    Network,
}

/// Errors that always say the same.
pub(super) fn always_the_same() -> Vec<(&'static str, &'static str)> {
    vec![
        ("*net.timeoutError", "i/o timeout"),
        ("net.canceledError", "operation was canceled"),
        (
            "net/http.tlsHandshakeTimeoutError",
            "net/http: TLS handshake timeout",
        ),
        ("*net/http.MaxBytesError", "http: request body too large"),
    ]
}

/// Errors whose messages are made of pieces.
pub(super) fn in_pieces() -> Vec<(&'static str, Vec<Told>)> {
    use Told::{Around, Constant, Each, Endpoint, Inner, Known, More, Network, Number, OneOf, Quoted, Text};
    vec![
        ("*errors.joinError", vec![Each("errs")]),
        (
            "*net/url.Error",
            vec![
                Text("Op"),
                Constant(" "),
                Quoted("URL"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*net.DNSError",
            vec![
                Constant("lookup "),
                Text("Name"),
                Around(" on ", "Server", ""),
                Constant(": "),
                Known("Err"),
            ],
        ),
        (
            "*os.LinkError",
            vec![
                Known("Op"),
                Constant(" "),
                Text("Old"),
                Constant(" "),
                Text("New"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*strconv.NumError",
            vec![
                Constant("strconv."),
                Known("Func"),
                Constant(": parsing "),
                Quoted("Num"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*os/exec.Error",
            vec![Constant("exec: "), Quoted("Name"), Constant(": "), Inner("Err")],
        ),
        // Not errors, but told in the same way.
        ("*net.TCPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.UDPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.IPAddr", vec![Endpoint(None)]),
        ("*net.UnixAddr", vec![Text("Name")]),
        ("*net.IPNet", vec![Network]),
        ("*encoding/json.SyntaxError", vec![Text("msg")]),
        (
            "*net.AddrError",
            vec![Around("address ", "Addr", ": "), Text("Err")],
        ),
        (
            "*net.ParseError",
            vec![Constant("invalid "), Text("Type"), Constant(": "), Text("Text")],
        ),
        (
            "net.UnknownNetworkError",
            vec![Constant("unknown network "), Text("")],
        ),
        ("net.InvalidAddrError", vec![Text("")]),
        ("*net.notFoundError", vec![Text("s")]),
        ("*net.temporaryError", vec![Text("s")]),
        (
            "net/url.EscapeError",
            vec![Constant("invalid URL escape "), Quoted("")],
        ),
        (
            "net/url.InvalidHostError",
            vec![
                Constant("invalid character "),
                Quoted(""),
                Constant(" in host name"),
            ],
        ),
        ("*net/http.ProtocolError", vec![Text("ErrorString")]),
        // Those of a client that took too long: before Go 1.23, and since.
        ("*net/http.httpError", vec![Text("err")]),
        ("*net/http.timeoutError", vec![Text("err")]),
        (
            "net/http.transportReadFromServerError",
            vec![
                Constant("net/http: Transport failed to read from server: "),
                Inner("err"),
            ],
        ),
        ("net/textproto.ProtocolError", vec![Text("")]),
        (
            "*crypto/tls.CertificateVerificationError",
            vec![Constant("tls: failed to verify certificate: "), Inner("Err")],
        ),
        (
            "crypto/tls.RecordHeaderError",
            vec![Constant("tls: "), Text("Msg")],
        ),
        ("*crypto/tls.permanentError", vec![Inner("err")]),
        ("crypto/tls.alert", vec![Constant("tls: "), OneOf("", ALERTS)]),
        (
            "crypto/tls.AlertError",
            vec![Constant("tls: "), OneOf("", ALERTS)],
        ),
        (
            "crypto/x509.UnknownAuthorityError",
            vec![
                Constant("x509: certificate signed by unknown authority"),
                More("hintErr"),
            ],
        ),
        (
            "crypto/x509.CertificateInvalidError",
            vec![Constant("x509: "), OneOf("Reason", REASONS), Text("Detail")],
        ),
        (
            "encoding/base64.CorruptInputError",
            vec![Constant("illegal base64 data at input byte "), Number("")],
        ),
        (
            "*encoding/xml.SyntaxError",
            vec![
                Constant("XML syntax error on line "),
                Number("Line"),
                Constant(": "),
                Text("Msg"),
            ],
        ),
        ("runtime.errorString", vec![Constant("runtime error: "), Text("")]),
        ("runtime.plainError", vec![Text("")]),
        ("*github.com/pkg/errors.fundamental", vec![Text("msg")]),
        (
            "*github.com/pkg/errors.withMessage",
            vec![Text("msg"), Constant(": "), Inner("cause")],
        ),
        ("*github.com/pkg/errors.withStack", vec![Inner("error")]),
    ]
}

/// `src/crypto/x509/verify.go`
const REASONS: &[(u64, &str)] = &[
    (0, "certificate is not authorized to sign other certificates"),
    (1, "certificate has expired or is not yet valid: "),
    (
        2,
        "a root or intermediate certificate is not authorized to sign for this name: ",
    ),
    (3, "too many intermediates for path length constraint"),
    (4, "certificate specifies an incompatible key usage"),
    (5, "issuer name does not match subject from issuing certificate"),
    (
        6,
        "issuer has name constraints but leaf doesn't have a SAN extension",
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
const ALERTS: &[(u64, &str)] = &[
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

/// The pieces of a message by offsets, if this build has these fields.
pub(super) fn pieces_at(field: &dyn Fn(&str) -> Option<u64>, told: &[Told]) -> Option<ErrorShape> {
    let mut pieces = Vec::new();
    let mut read = Vec::new();
    for piece in told {
        pieces.push(match *piece {
            Told::Constant(text) => ErrorPiece::Constant(text),
            Told::Text(name) => ErrorPiece::Text(field(name)?),
            Told::Known(name) => ErrorPiece::Text(field(name)?),
            Told::Quoted(name) => ErrorPiece::Quoted(field(name)?),
            Told::Around(before, name, behind) => ErrorPiece::Around(before, field(name)?, behind),
            Told::Inner(name) => ErrorPiece::Inner(field(name)?),
            Told::More(name) => ErrorPiece::More(field(name)?),
            Told::Each(name) => ErrorPiece::Each(field(name)?),
            Told::Number(name) => ErrorPiece::Number(field(name)?),
            Told::OneOf(name, texts) => ErrorPiece::OneOf(field(name)?, texts),
            Told::Endpoint(port) => {
                read.extend([field("IP")?, field("Zone")?]);
                let port = match port {
                    Some(port) => Some(field(port)?),
                    None => None,
                };
                ErrorPiece::Endpoint(field("IP")?, field("Zone")?, port)
            }
            Told::Network => {
                read.extend([field("IP")?, field("Mask")?]);
                ErrorPiece::Network(field("IP")?, field("Mask")?)
            }
        });
        if let Told::Text(name) | Told::Quoted(name) | Told::Around(_, name, _) = *piece {
            read.push(field(name)?);
        }
    }
    Some(ErrorShape::Pieces(ErrorPieces { pieces, read }))
}
