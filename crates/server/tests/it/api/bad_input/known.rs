//! What earlier answers gave away: ids by the names of their members, cursors, and which parameters were accepted.
//! Requests that use them get past the first checks.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::random::Random;
use super::values;

/// Ids and cursors remembered of each kind.
const REMEMBERED: usize = 24;
/// Accepted parameters remembered of each route.
const EXAMPLES: usize = 8;

#[derive(Default)]
pub struct Known {
    ids: BTreeMap<String, Vec<String>>,
    cursors: Vec<String>,
    examples: BTreeMap<&'static str, Vec<Value>>,
    learnt: usize,
}

impl Known {
    /// Remembers parameters that the route accepted.
    pub fn add_example(&mut self, path: &'static str, parameters: Value) {
        let place = self.learnt % EXAMPLES;
        self.learnt += 1;
        let examples = self.examples.entry(path).or_default();
        if examples.len() < EXAMPLES { examples.push(parameters) } else { examples[place] = parameters }
    }

    /// Parameters that the route accepted once.
    pub fn example(&self, random: &mut Random, path: &str) -> Option<Value> {
        self.examples.get(path).map(|examples| random.pick(examples).clone())
    }

    /// Remembers an id as if it had been the member `name` of an answer.
    pub fn add(&mut self, name: &str, id: impl ToString) {
        let place = self.learnt % REMEMBERED;
        self.learnt += 1;
        keep(self.ids.entry(name.to_owned()).or_default(), place, id.to_string());
    }

    /// Looks through an answer.
    pub fn learn(&mut self, name: &str, answer: &Value) {
        match answer {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.learn(name, member)),
            Value::Array(items) => {
                let name = name.strip_suffix('s').unwrap_or(name);
                items.iter().take(4).for_each(|item| self.learn(name, item));
            }
            Value::String(text) if name == "next_page_cursor" => {
                let place = self.learnt % REMEMBERED;
                self.learnt += 1;
                keep(&mut self.cursors, place, text.clone());
            }
            Value::String(text) if name.ends_with("_id") || name.ends_with("_key") => self.add(name, text),
            _ => {}
        }
    }

    /// An id that fits a parameter of this name, if one was seen.
    pub fn id(&self, random: &mut Random, parameter: &str) -> Option<String> {
        let one = parameter.strip_suffix('s').unwrap_or(parameter);
        let fitting: Vec<&String> = self
            .ids
            .iter()
            .filter(|(name, _)| one.ends_with(name.as_str()) || name.ends_with(one))
            .flat_map(|(_, ids)| ids)
            .collect();
        (!fitting.is_empty()).then(|| (*random.pick(&fitting)).clone())
    }

    /// An id of whatever kind.
    pub fn any_id(&self, random: &mut Random) -> String {
        let all: Vec<&String> = self.ids.values().flatten().collect();
        (*random.pick(&all)).clone()
    }

    /// A cursor: genuine, damaged, or forged with a correct check.
    pub fn cursor(&self, random: &mut Random) -> String {
        if self.cursors.is_empty() {
            return STANDARD.encode(values::text(random));
        }
        let cursor = random.pick(&self.cursors).clone();
        match random.below(6) {
            0 | 1 => cursor,
            2 => {
                let mut bytes = cursor.into_bytes();
                let at = random.below(bytes.len());
                bytes[at] = *random.pick(b"Aa0+/= _-");
                String::from_utf8(bytes).unwrap()
            }
            3 => cursor[..random.below(cursor.len())].to_owned(),
            _ => forged(random, &cursor).unwrap_or(cursor),
        }
    }
}

fn keep(kept: &mut Vec<String>, place: usize, text: String) {
    if kept.contains(&text) {
        return;
    }
    if kept.len() < REMEMBERED { kept.push(text) } else { kept[place] = text }
}

/// The cursor of another row that is none, made as a caller who read our source would make it.
fn forged(random: &mut Random, cursor: &str) -> Option<String> {
    let parts: Value = serde_json::from_slice(&STANDARD.decode(cursor).ok()?).ok()?;
    let fingerprint = parts[0].as_str()?;
    let created_at = *random.pick(&[i64::MIN, i64::MAX, 0, -1, 253_402_300_799_999_999, -377_705_116_800_000_000]);
    let id = values::text(random);
    let mut hash = Sha256::new();
    hash.update(fingerprint);
    hash.update(created_at.to_be_bytes());
    hash.update(&id);
    let check: String = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let forged = json!([fingerprint, {"created_at": created_at, "id": id}, check]);
    Some(STANDARD.encode(forged.to_string()))
}
