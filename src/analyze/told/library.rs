//! The messages of Go's library, and of some others, in pieces.

use super::numbers::{ALERTS, GRPC, HTTP2, KINDS, REASONS, REASONS_WITH_DETAIL, STATUS, WEAK};
use super::{Test, Told};
use crate::plan::Digits;
use Told::{
    Around, Behind, Bounds, Bytes, Constant, Each, Ended, Endpoint, If, Inner, More, Mostly,
    MostlyQuotedByTime, Network, Number, OneOf, Quoted, QuotedByTime, Text, Type, Untold, Without,
};

/// A type and its message.
type Row = (&'static str, Vec<Told>);

/// Errors whose messages are made of pieces, of a program that Go 1.`minor` built.
pub(in crate::analyze) fn in_pieces(minor: u32) -> Vec<Row> {
    let rooms = [
        basic(),
        network(),
        http(),
        http2(),
        certificates(minor),
        json(minor),
        encodings(minor),
        numbers(),
        runtime(),
        system(),
        others(),
    ];
    rooms.into_iter().flatten().collect()
}

fn decimal(name: &'static str) -> Told {
    Number(name, Digits::Decimal)
}

/// A constant, and the value itself.
fn then_text(name: &'static str, text: &'static str) -> Row {
    (name, vec![Constant(text), Text("")])
}

fn then_number(name: &'static str, text: &'static str) -> Row {
    (name, vec![Constant(text), decimal("")])
}

fn basic() -> Vec<Row> {
    vec![
        ("*errors.joinError", vec![Each("errs")]),
        (
            "*strconv.NumError",
            vec![
                Constant("strconv."),
                Mostly("Func"),
                Constant(": parsing "),
                Quoted("Num"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*time.ParseError",
            vec![
                Constant("parsing time "),
                QuotedByTime("Value"),
                If(
                    Test::HasText("Message"),
                    vec![Text("Message")],
                    vec![
                        Constant(" as "),
                        MostlyQuotedByTime("Layout"),
                        Constant(": cannot parse "),
                        QuotedByTime("ValueElem"),
                        Constant(" as "),
                        MostlyQuotedByTime("LayoutElem"),
                    ],
                ),
            ],
        ),
        (
            "*time.parseDurationError",
            vec![
                Constant("time: "),
                Text("message"),
                Constant(" "),
                QuotedByTime("value"),
            ],
        ),
        (
            "*regexp/syntax.Error",
            vec![
                Constant("error parsing regexp: "),
                Mostly("Code"),
                Constant(": `"),
                Text("Expr"),
                Constant("`"),
            ],
        ),
        ("text/template.ExecError", vec![Inner("Err")]),
    ]
}

fn network() -> Vec<Row> {
    vec![
        // Not errors, but told in the same way.
        ("*net.TCPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.UDPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.IPAddr", vec![Endpoint(None)]),
        ("*net.UnixAddr", vec![Text("Name")]),
        ("*net.IPNet", vec![Network]),
        (
            "*net.DNSError",
            vec![
                Constant("lookup "),
                Text("Name"),
                Around(" on ", "Server", ""),
                Constant(": "),
                Mostly("Err"),
            ],
        ),
        (
            "*net.AddrError",
            vec![Around("address ", "Addr", ": "), Text("Err")],
        ),
        (
            "*net.ParseError",
            vec![Constant("invalid "), Text("Type"), Constant(": "), Text("Text")],
        ),
        (
            "*net.DNSConfigError",
            vec![Constant("error reading DNS config: "), Inner("Err")],
        ),
        then_text("net.UnknownNetworkError", "unknown network "),
        ("net.InvalidAddrError", vec![Text("")]),
        ("*net.notFoundError", vec![Text("s")]),
        ("*net.temporaryError", vec![Text("s")]),
        (
            "net/netip.parseAddrError",
            vec![
                Constant("ParseAddr("),
                Quoted("in"),
                Constant("): "),
                Mostly("msg"),
                If(
                    Test::HasText("at"),
                    vec![Constant(" (at "), Quoted("at"), Constant(")")],
                    Vec::new(),
                ),
            ],
        ),
        (
            "net/netip.parsePrefixError",
            vec![
                Constant("netip.ParsePrefix("),
                Quoted("in"),
                Constant("): "),
                Text("msg"),
            ],
        ),
        (
            "*vendor/golang.org/x/net/dns/dnsmessage.nestedError",
            vec![Mostly("s"), Constant(": "), Inner("err")],
        ),
    ]
}

fn http() -> Vec<Row> {
    vec![
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
        (
            "net/http.statusError",
            vec![OneOf("code", STATUS, vec![Untold]), Constant(": "), Text("text")],
        ),
        ("net/textproto.ProtocolError", vec![Text("")]),
    ]
}

/// Those of HTTP/2, which is in `net/http`, since Go 1.27 in a package of its own, and in another module.
fn http2() -> Vec<Row> {
    let code = |name| {
        let unknown = vec![Constant("unknown error code 0x"), Number(name, Digits::Hex)];
        OneOf(name, HTTP2, unknown)
    };
    let stream = || {
        vec![
            Constant("stream error: stream ID "),
            decimal("StreamID"),
            Constant("; "),
            code("Code"),
            If(
                Test::IsThere("Cause"),
                vec![Constant("; "), Inner("Cause")],
                Vec::new(),
            ),
        ]
    };
    let go_away = || {
        vec![
            Constant("http2: server sent GOAWAY and closed the connection; LastStreamID="),
            decimal("LastStreamID"),
            Constant(", ErrCode="),
            code("ErrCode"),
            Constant(", debug="),
            Quoted("DebugData"),
        ]
    };
    let connection = || vec![Constant("connection error: "), code("")];
    let closed = || {
        vec![
            Constant("http2: connection error: "),
            code("Code"),
            Constant(": "),
            Text("Reason"),
        ]
    };
    vec![
        ("net/http.http2StreamError", stream()),
        ("net/http/internal/http2.StreamError", stream()),
        ("golang.org/x/net/http2.StreamError", stream()),
        ("net/http.http2GoAwayError", go_away()),
        ("net/http/internal/http2.GoAwayError", go_away()),
        ("golang.org/x/net/http2.GoAwayError", go_away()),
        ("net/http.http2ConnectionError", connection()),
        ("net/http/internal/http2.ConnectionError", connection()),
        ("golang.org/x/net/http2.ConnectionError", connection()),
        ("net/http.http2connError", closed()),
        ("net/http/internal/http2.connError", closed()),
        ("golang.org/x/net/http2.connError", closed()),
    ]
}

fn certificates(minor: u32) -> Vec<Row> {
    let alert = || {
        let other = vec![Constant("alert("), decimal(""), Constant(")")];
        // The last one is told by name since Go 1.23.
        let known = match minor {
            23.. => ALERTS,
            _ => ALERTS.split_last().map_or(ALERTS, |(_, rest)| rest),
        };
        vec![Constant("tls: "), OneOf("", known, other)]
    };
    let mut reason = vec![Constant("unknown error")];
    if minor >= 24 {
        let built = vec![Constant("no valid chains built"), Around(": ", "Detail", "")];
        reason = vec![If(Test::Is("Reason", 10), built, reason)];
    }
    for (number, text) in REASONS_WITH_DETAIL {
        let told = vec![Constant(text), Text("Detail")];
        reason = vec![If(Test::Is("Reason", *number), told, reason)];
    }
    let mut weak = vec![
        Constant("x509: cannot verify signature: insecure algorithm "),
        OneOf("", WEAK, vec![Untold]),
    ];
    if (18..24).contains(&minor) {
        let how = || vec![Constant(" (temporarily override with GODEBUG=x509sha1=1)")];
        let other = vec![If(Test::Is("", 9), how(), Vec::new())];
        weak.push(If(Test::Is("", 3), how(), other));
    }
    vec![
        (
            "*crypto/tls.CertificateVerificationError",
            vec![Constant("tls: failed to verify certificate: "), Inner("Err")],
        ),
        (
            "crypto/tls.RecordHeaderError",
            vec![Constant("tls: "), Text("Msg")],
        ),
        ("*crypto/tls.permanentError", vec![Inner("err")]),
        ("crypto/tls.alert", alert()),
        ("crypto/tls.AlertError", alert()),
        (
            "crypto/x509.UnknownAuthorityError",
            vec![
                Constant("x509: certificate signed by unknown authority"),
                More("hintErr"),
            ],
        ),
        (
            "crypto/x509.CertificateInvalidError",
            vec![Constant("x509: "), OneOf("Reason", REASONS, reason)],
        ),
        ("crypto/x509.InsecureAlgorithmError", weak),
        (
            "crypto/x509.SystemRootsError",
            vec![
                Constant("x509: failed to load system roots and no roots provided"),
                If(
                    Test::IsThere("Err"),
                    vec![Constant("; "), Inner("Err")],
                    Vec::new(),
                ),
            ],
        ),
    ]
}

fn json(minor: u32) -> Vec<Row> {
    let into = |what: Vec<Told>| {
        let mut pieces = vec![
            Constant("json: cannot unmarshal "),
            Text("Value"),
            Constant(" into "),
        ];
        pieces.extend(what);
        pieces
    };
    let field = |what: Vec<Told>| {
        let mut pieces = what;
        pieces.extend([
            Mostly("Struct"),
            Constant("."),
            Text("Field"),
            Constant(" of type "),
            Type("Type"),
        ]);
        into(pieces)
    };
    let either = |has: Vec<Told>, none: Vec<Told>| {
        let other = vec![If(Test::HasText("Field"), has.clone(), none)];
        If(Test::HasText("Struct"), has, other)
    };
    let value = || into(vec![Constant("Go value of type "), Type("Type")]);
    let mismatch = vec![
        Without("Err"),
        either(field(vec![Constant("Go struct field ")]), value()),
    ];
    // With encoding/json/v2 an error may be inside, and an index of a list is no field.
    let what = If(
        Test::EndsInNumber("Field"),
        Vec::new(),
        vec![Constant("Go struct field ")],
    );
    let inside = If(
        Test::IsThere("Err"),
        vec![Constant(": "), Inner("Err")],
        Vec::new(),
    );
    let mismatch_of_2 = vec![either(field(vec![what]), value()), inside];
    let mut rows = vec![
        ("*encoding/json.SyntaxError", vec![Text("msg")]),
        (
            "*encoding/json.InvalidUnmarshalError",
            vec![If(
                Test::IsThere("Type"),
                vec![
                    If(
                        Test::IsPointer("Type"),
                        vec![Constant("json: Unmarshal(nil ")],
                        vec![Constant("json: Unmarshal(non-pointer ")],
                    ),
                    Type("Type"),
                    Constant(")"),
                ],
                vec![Constant("json: Unmarshal(nil)")],
            )],
        ),
        (
            "*encoding/json.UnsupportedTypeError",
            vec![Constant("json: unsupported type: "), Type("Type")],
        ),
        (
            "*encoding/json.UnsupportedValueError",
            vec![Constant("json: unsupported value: "), Text("Str")],
        ),
        (
            "*encoding/json.MarshalerError",
            vec![
                Constant("json: error calling "),
                If(
                    Test::HasText("sourceFunc"),
                    vec![Mostly("sourceFunc")],
                    vec![Constant("MarshalJSON")],
                ),
                Constant(" for type "),
                Type("Type"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
    ];
    // Go 1.25 says something else, with GOEXPERIMENT=jsonv2.
    if minor >= 26 {
        rows.push(("*encoding/json.UnmarshalTypeError", mismatch_of_2));
    }
    rows.push(("*encoding/json.UnmarshalTypeError", mismatch));
    rows
}

fn encodings(minor: u32) -> Vec<Row> {
    let number = |name, text| then_number(name, text);
    vec![
        number(
            "encoding/base64.CorruptInputError",
            "illegal base64 data at input byte ",
        ),
        number(
            "encoding/base32.CorruptInputError",
            "illegal base32 data at input byte ",
        ),
        number(
            "encoding/ascii85.CorruptInputError",
            "illegal ascii85 data at input byte ",
        ),
        (
            "encoding/hex.InvalidByteError",
            vec![
                Constant("encoding/hex: invalid byte: "),
                Number("", Digits::Character),
            ],
        ),
        number(
            "compress/flate.CorruptInputError",
            "flate: corrupt input before offset ",
        ),
        then_text("compress/flate.InternalError", "flate: internal error: "),
        then_text("compress/bzip2.StructuralError", "bzip2 data invalid: "),
        (
            "*encoding/xml.SyntaxError",
            vec![
                Constant("XML syntax error on line "),
                decimal("Line"),
                Constant(": "),
                Text("Msg"),
            ],
        ),
        (
            "*encoding/xml.UnsupportedTypeError",
            vec![Constant("xml: unsupported type: "), Type("Type")],
        ),
        (
            "*encoding/csv.ParseError",
            vec![If(
                Test::Says("Err", "wrong number of fields"),
                vec![
                    Constant("record on line "),
                    decimal("Line"),
                    Constant(": "),
                    Inner("Err"),
                ],
                vec![
                    If(
                        Test::Same("StartLine", "Line"),
                        Vec::new(),
                        vec![Constant("record on line "), decimal("StartLine"), Constant("; ")],
                    ),
                    Constant("parse error on line "),
                    decimal("Line"),
                    Constant(", column "),
                    decimal("Column"),
                    Constant(": "),
                    Inner("Err"),
                ],
            )],
        ),
        (
            "encoding/asn1.StructuralError",
            vec![Constant("asn1: structure error: "), Text("Msg")],
        ),
        (
            "encoding/asn1.SyntaxError",
            vec![Constant("asn1: syntax error: "), Text("Msg")],
        ),
        (
            "*encoding/asn1.invalidUnmarshalError",
            vec![If(
                Test::IsThere("Type"),
                vec![
                    If(
                        Test::IsPointer("Type"),
                        vec![Constant("asn1: Unmarshal recipient value is nil ")],
                        vec![Constant("asn1: Unmarshal recipient value is non-pointer ")],
                    ),
                    Type("Type"),
                ],
                vec![Constant("asn1: Unmarshal recipient value is nil")],
            )],
        ),
        then_text("image/png.FormatError", "png: invalid format: "),
        then_text("image/png.UnsupportedError", "png: unsupported feature: "),
        then_text("image/jpeg.FormatError", "invalid JPEG format: "),
        then_text("image/jpeg.UnsupportedError", "unsupported JPEG feature: "),
        (
            "*net/textproto.Error",
            vec![
                Number("Code", Digits::Three),
                Constant(" "),
                match minor {
                    26.. => Quoted("Msg"),
                    _ => Text("Msg"),
                },
            ],
        ),
        (
            "net/mail.charsetError",
            vec![Constant("charset not supported: "), Quoted("")],
        ),
    ]
}

fn numbers() -> Vec<Row> {
    vec![
        then_number("crypto/aes.KeySizeError", "crypto/aes: invalid key size "),
        then_number(
            "crypto/internal/fips140/aes.KeySizeError",
            "crypto/aes: invalid key size ",
        ),
        then_number("crypto/des.KeySizeError", "crypto/des: invalid key size "),
        then_number("crypto/rc4.KeySizeError", "crypto/rc4: invalid key size "),
    ]
}

fn runtime() -> Vec<Row> {
    let conversion = |pieces: Vec<Told>| {
        let mut all = vec![Constant("interface conversion: ")];
        all.extend(pieces);
        all
    };
    let interface = || {
        If(
            Test::IsThere("_interface"),
            vec![Type("_interface")],
            vec![Constant("interface")],
        )
    };
    let nothing = conversion(vec![interface(), Constant(" is nil, not "), Type("asserted")]);
    let other = conversion(vec![
        interface(),
        Constant(" is "),
        Type("concrete"),
        Constant(", not "),
        Type("asserted"),
        // Of different packages, or scopes.
        If(
            Test::SameName("concrete", "asserted"),
            vec![Constant(" "), Untold],
            Vec::new(),
        ),
    ]);
    let lacking = conversion(vec![
        Type("concrete"),
        Constant(" is not "),
        Type("asserted"),
        Constant(": missing method "),
        Text("missingMethod"),
    ]);
    vec![
        then_text("runtime.errorString", "runtime error: "),
        ("runtime.plainError", vec![Text("")]),
        (
            "runtime.errorAddressString",
            vec![Constant("runtime error: "), Text("msg")],
        ),
        ("runtime.boundsError", vec![Constant("runtime error: "), Bounds]),
        (
            "*runtime.TypeAssertionError",
            vec![If(
                Test::IsThere("concrete"),
                vec![If(Test::HasText("missingMethod"), lacking, other)],
                nothing,
            )],
        ),
        (
            "*reflect.ValueError",
            vec![
                Constant("reflect: call of "),
                Mostly("Method"),
                Constant(" on "),
                OneOf("Kind", KINDS, vec![Constant("zero")]),
                Constant(" Value"),
            ],
        ),
    ]
}

fn system() -> Vec<Row> {
    vec![
        (
            "*os.LinkError",
            vec![
                Mostly("Op"),
                Constant(" "),
                Text("Old"),
                Constant(" "),
                Text("New"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*os/exec.Error",
            vec![Constant("exec: "), Quoted("Name"), Constant(": "), Inner("Err")],
        ),
        (
            "os/exec.wrappedError",
            vec![Text("prefix"), Constant(": "), Inner("err")],
        ),
        (
            "*os/exec.ExitError",
            vec![Behind("ProcessState", vec![Ended("status")])],
        ),
        then_text("os/user.UnknownUserError", "user: unknown user "),
        then_number("os/user.UnknownUserIdError", "user: unknown userid "),
        then_text("os/user.UnknownGroupError", "group: unknown group "),
        then_text("os/user.UnknownGroupIdError", "group: unknown groupid "),
    ]
}

fn others() -> Vec<Row> {
    let other_code = vec![Constant("Code("), decimal("Code"), Constant(")")];
    vec![
        ("*github.com/pkg/errors.fundamental", vec![Text("msg")]),
        (
            "*github.com/pkg/errors.withMessage",
            vec![Text("msg"), Constant(": "), Inner("cause")],
        ),
        ("*github.com/pkg/errors.withStack", vec![Inner("error")]),
        (
            "*google.golang.org/grpc/internal/status.Error",
            vec![
                Constant("rpc error: code = "),
                // The status, and the message of its protocol.
                Behind(
                    "s",
                    vec![Behind(
                        "s",
                        vec![
                            OneOf("Code", GRPC, other_code),
                            Constant(" desc = "),
                            Text("Message"),
                        ],
                    )],
                ),
            ],
        ),
        (
            "*github.com/jackc/pgx/v5/pgconn.PgError",
            vec![
                Text("Severity"),
                Constant(": "),
                Text("Message"),
                Constant(" (SQLSTATE "),
                Text("Code"),
                Constant(")"),
            ],
        ),
        (
            "*github.com/go-sql-driver/mysql.MySQLError",
            vec![
                Constant("Error "),
                decimal("Number"),
                If(
                    Test::IsThere("SQLState"),
                    vec![Constant(" ("), Bytes("SQLState"), Constant(")")],
                    Vec::new(),
                ),
                Constant(": "),
                Text("Message"),
            ],
        ),
    ]
}
