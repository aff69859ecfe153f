//! What bpftrace says, a JSON object a line (`-f json`).

use serde_json::Value as Json;

/// One thing that it said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// What a printf wrote.
    Printf(String),
    /// What a map has.
    Map(String, Json),
    /// So many events came to nothing.
    Lost(u64),
    /// It is about to attach so many probes.
    Attaching,
    /// Anything else, as text.
    Other(String),
}

/// Reads a line; nothing if there is nothing in it.
pub(crate) fn read(line: &str) -> Option<Said> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let other = || Some(Said::Other(line.to_owned()));
    let Ok(Json::Object(mut object)) = serde_json::from_str::<Json>(line) else {
        return other();
    };
    let data = object.remove("data");
    let kind = object.get("type").and_then(Json::as_str).unwrap_or_default();
    match (kind, data) {
        ("printf", Some(Json::String(text))) => Some(Said::Printf(text)),
        ("map" | "hist" | "stats", Some(Json::Object(maps))) => {
            let (name, value) = maps.into_iter().next()?;
            Some(Said::Map(name.trim_start_matches('@').to_owned(), value))
        }
        ("lost_events", Some(data)) => {
            let lost = data.get("events").and_then(Json::as_u64).unwrap_or(1);
            Some(Said::Lost(lost))
        }
        ("attached_probes", _) => Some(Said::Attaching),
        ("time" | "cat" | "join" | "syscall", Some(Json::String(text))) => Some(Said::Other(text)),
        ("value" | "strerror", Some(data)) => Some(Said::Other(data.to_string())),
        _ => other(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, read};
    use serde_json::json;

    #[test]
    fn is_understood() {
        let printf = r#"{"type": "printf", "data": "L\t1\n"}"#;
        assert_eq!(read(printf), Some(Said::Printf("L\t1\n".to_owned())));
        let map = r#"{"type": "map", "data": {"@a": {"1,2": 3}}}"#;
        assert_eq!(read(map), Some(Said::Map("a".to_owned(), json!({"1,2": 3}))));
        let lost = r#"{"type": "lost_events", "data": {"events": 7}}"#;
        assert_eq!(read(lost), Some(Said::Lost(7)));
        assert_eq!(read(""), None);
        assert_eq!(read("hello"), Some(Said::Other("hello".to_owned())));
    }
}
