//! Tables in documents, which tests and benches compare or write: between `<!-- table: NAME -->` and `<!-- end -->`.

/// A document in three: up to and with the line that names the table, the table, and the rest from its end mark on.
pub fn split<'d>(document: &'d str, name: &str) -> Result<(&'d str, &'d str, &'d str), String> {
    let begin = format!("<!-- table: {name} -->\n");
    let at = document
        .find(&begin)
        .ok_or_else(|| format!("the document has no table {name}"))?;
    let (before, rest) = document.split_at(at + begin.len());
    let end = rest
        .find("<!-- end -->")
        .ok_or_else(|| format!("the table {name} does not end"))?;
    let (table, after) = rest.split_at(end);
    Ok((before, table, after))
}
