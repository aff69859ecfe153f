//! What bpftrace says, a JSON object a line (`-f json`).

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::fmt;

/// One thing that it said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// What a printf wrote.
    Printf(String),
    /// What a map has.
    Map(String, Tree),
    /// So many events came to nothing.
    Lost(u64),
    /// A map was full when the statement in this line of the script wanted to put something in.
    Full(u64),
    /// Another processor made the key that the statement in this line wanted to make.
    MadeMeanwhile(u64),
    /// It is about to attach so many probes.
    Attaching,
    /// The time of day, which timers tell before what they print.
    Time(String),
    /// Anything else, as text.
    Other(String),
}

/// The line is a map.
pub(crate) fn is_map(line: &str) -> bool {
    let kind = line.trim_start().strip_prefix(r#"{"type": ""#);
    kind.is_some_and(|kind| {
        ["map\"", "hist\"", "stats\""]
            .iter()
            .any(|known| kind.starts_with(known))
    })
}

/// Reads a line; nothing if there is nothing in it.
pub(crate) fn read(line: &str) -> Option<Said> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let other = || Some(Said::Other(line.to_owned()));
    let Ok(Tree::Entries(object)) = serde_json::from_str::<Tree>(line) else {
        return other();
    };
    let mut kind = String::new();
    let mut data = None;
    let (mut retcode, mut place) = (None, None);
    for (name, value) in object {
        match (name.as_str(), value) {
            ("type", Tree::Value(Json::String(text))) => kind = text,
            ("data", value) => data = Some(value),
            ("retcode", value) => retcode = value.json().as_i64(),
            ("line", value) => place = value.json().as_u64(),
            _ => {}
        }
    }
    match (kind.as_str(), data) {
        ("printf", Some(Tree::Value(Json::String(text)))) => Some(Said::Printf(text)),
        ("map" | "hist" | "stats", Some(Tree::Entries(maps))) => {
            let (name, value) = maps.into_iter().next()?;
            Some(Said::Map(name.trim_start_matches('@').to_owned(), value))
        }
        ("lost_events", Some(data)) => {
            let lost = data.json().get("events").and_then(Json::as_u64).unwrap_or(1);
            Some(Said::Lost(lost))
        }
        // `E2BIG` of `bpf_map_update_elem`.
        ("helper_error", None) if retcode == Some(-7) => Some(Said::Full(place?)),
        // `EEXIST`, of one that was to be made with `BPF_NOEXIST` (0.23.2).
        ("helper_error", None) if retcode == Some(-17) => Some(Said::MadeMeanwhile(place?)),
        ("helper_error", None) => None,
        ("attached_probes", _) => Some(Said::Attaching),
        ("time", Some(Tree::Value(Json::String(text)))) => Some(Said::Time(text)),
        ("cat" | "join" | "syscall", Some(Tree::Value(Json::String(text)))) => Some(Said::Other(text)),
        ("value" | "strerror", Some(data)) => Some(Said::Other(data.json().to_string())),
        _ => other(),
    }
}

/// A value of JSON whose objects keep all of their entries: two stacks of a map can have the same text for a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// An object.
    Entries(Vec<(String, Tree)>),
    /// Anything else.
    Value(Json),
}

impl Tree {
    /// As a plain value, of equal entries the last.
    pub(crate) fn json(&self) -> Json {
        match self {
            Self::Entries(entries) => entries
                .iter()
                .map(|(name, value)| (name.clone(), value.json()))
                .collect(),
            Self::Value(value) => value.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Entries(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<Json>()? {
            values.push(value);
        }
        Ok(Tree::Value(Json::Array(values)))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Value(Json::Bool(value)))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Value(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Value(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Value(value.into()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Value(Json::String(value.to_owned())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Tree, E> {
        Ok(Tree::Value(Json::Null))
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, Tree, is_map, read};
    use serde_json::json;

    #[test]
    fn is_understood() {
        let printf = r#"{"type": "printf", "data": "L\t1\n"}"#;
        assert_eq!(read(printf), Some(Said::Printf("L\t1\n".to_owned())));
        let map = r#"{"type": "map", "data": {"@a": {"1,2": 3}}}"#;
        assert!(is_map(map) && !is_map(printf));
        let entry = |key: &str, value| (key.to_owned(), Tree::Value(json!(value)));
        let entries = |all: Vec<_>| Some(Said::Map("a".to_owned(), Tree::Entries(all)));
        assert_eq!(read(map), entries(vec![entry("1,2", 3)]));
        let twice = r#"{"type": "map", "data": {"@a": {"x": 3, "x": 4}}}"#;
        assert_eq!(read(twice), entries(vec![entry("x", 3), entry("x", 4)]));
        let lost = r#"{"type": "lost_events", "data": {"events": 7}}"#;
        assert_eq!(read(lost), Some(Said::Lost(7)));
        let full = r#"{"type": "helper_error", "msg": "Map full", "retcode": -7, "line": 40, "col": 3}"#;
        assert_eq!(read(full), Some(Said::Full(40)));
        assert_eq!(read(""), None);
        assert_eq!(read("hello"), Some(Said::Other("hello".to_owned())));
    }
}
