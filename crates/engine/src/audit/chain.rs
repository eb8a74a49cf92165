//! What a hash of the audit log covers.

use serde_json::json;
use sha2::{Digest, Sha256};
use store::audit::Row;

use super::hexadecimal;

/// The hash of a row at this place: SHA-256 over the hash of the row before, a line feed, and the row as a JSON array.
/// The first row of a workspace follows the empty text.
#[must_use]
pub fn hash(before: &str, sequence: i64, row: &Row) -> String {
    let canonical = json!([
        sequence,
        row.id,
        row.workspace_id,
        row.at,
        row.actor,
        row.action,
        row.subject_id,
        row.detail,
        row.route,
        row.request_id,
    ]);
    let digest = Sha256::new().chain_update(before).chain_update("\n").chain_update(canonical.to_string()).finalize();
    hexadecimal(&digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_covers_every_column_and_the_row_before() {
        let row = Row {
            id: "i".to_owned(),
            workspace_id: "w".to_owned(),
            at: 1,
            actor: "a".to_owned(),
            action: "b".to_owned(),
            subject_id: "s".to_owned(),
            detail: "{}".to_owned(),
            route: None,
            request_id: None,
            sequence: None,
            hash: None,
        };
        let text = |text: &str| text.to_owned();
        let variants = [
            row.clone(),
            Row { id: text("x"), ..row.clone() },
            Row { workspace_id: text("x"), ..row.clone() },
            Row { at: 2, ..row.clone() },
            Row { actor: text("x"), ..row.clone() },
            Row { action: text("x"), ..row.clone() },
            Row { subject_id: text("x"), ..row.clone() },
            Row { detail: text("{ }"), ..row.clone() },
            Row { route: Some(text("/x")), ..row.clone() },
            Row { request_id: Some(text("x")), ..row.clone() },
            // The border between two columns counts.
            Row { actor: text("ab"), action: text(""), ..row.clone() },
        ];
        let mut hashes: Vec<String> = variants.iter().map(|row| hash("", 1, row)).collect();
        hashes.push(hash("", 2, &row));
        hashes.push(hash("x", 1, &row));
        let count = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
        // Anybody can compute it: printf '\n[1,"i","w",1,"a","b","s","{}",null,null]' | sha256sum
        assert_eq!(hash("", 1, &row), "a86e78953ea53196b0d096917ccbd0a77a8d583fbc21699a1e2d205192872e59");
    }
}
