//! Reads the pairs of a query string as the schema says they are meant (`spec/api.md` 1.4): arrays in three spellings,
//! dot paths for nested objects, text that stands for booleans, numbers and null. Text that does not stand for what
//! the schema wants is kept as text, and validation then names the field.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::issue::Issues;
use super::query;
use super::shape::{Format, Node, Shape, TextRule};

const TRUE: [&str; 7] = ["true", "True", "TRUE", "yes", "Yes", "YES", "1"];
const FALSE: [&str; 7] = ["false", "False", "FALSE", "no", "No", "NO", "0"];

/// The values given for one parameter, by the spelling of its name.
struct Given<'n> {
    path: Vec<String>,
    node: &'n Node,
    plain: Vec<String>,
    bracketed: Vec<String>,
}

/// Where the name of a query parameter leads.
enum Place<'n> {
    Parameter(&'n Node),
    InsideRecord,
    Unknown,
}

/// Reads a query string into the members of an object.
///
/// # Errors
/// Parameters whose spelling is ambiguous: repeated scalars, mixed array formats, conflicting nesting.
pub(super) fn read(query: &str, root: &Node) -> Result<Map<String, Value>, Issues> {
    let mut issues = Issues::default();
    let Some(pairs) = query::pairs(query) else {
        issues.push_at(&[], "The query string is not valid UTF-8");
        return Err(issues);
    };
    // Sorted by path, so that a parameter comes before those nested inside it.
    let mut given: BTreeMap<String, Given<'_>> = BTreeMap::new();
    for (name, value) in pairs {
        let (bare, bracketed) = match name.strip_suffix("[]") {
            Some(bare) => (bare, true),
            None => (name.as_str(), false),
        };
        let mut path = Vec::new();
        match locate(root, bare, &mut path) {
            Place::Unknown => tracing::debug!(parameter = ?bare, "an unknown query parameter was ignored"),
            Place::InsideRecord => issues.push_at(&[bare], "Expected one name inside a record, received a path"),
            Place::Parameter(node) => {
                let entry = given.entry(path.join(".")).or_insert_with(|| Given {
                    path,
                    node,
                    plain: Vec::new(),
                    bracketed: Vec::new(),
                });
                if bracketed { entry.bracketed.push(value) } else { entry.plain.push(value) }
            }
        }
    }
    let mut members = Map::new();
    for entry in given.into_values() {
        let path = entry.path.clone();
        let outcome = value_of(entry).and_then(|value| insert(&mut members, &path, value));
        if let Err(text) = outcome {
            issues.push_at(&path.iter().map(String::as_str).collect::<Vec<_>>(), &text);
        }
    }
    if issues.is_empty() { Ok(members) } else { Err(issues) }
}

fn locate<'n>(node: &'n Node, name: &str, path: &mut Vec<String>) -> Place<'n> {
    match &node.shape {
        Shape::Object(rule) => {
            if let Some(field) = rule.field(name) {
                path.push(field.name.clone());
                return Place::Parameter(&field.node);
            }
            if let Some((head, rest)) = name.split_once('.')
                && let Some(field) = rule.field(head)
            {
                path.push(field.name.clone());
                return locate(&field.node, rest, path);
            }
            match &rule.rest {
                None => Place::Unknown,
                Some(_) if name.is_empty() || name.contains('.') => Place::InsideRecord,
                Some(rest) => {
                    path.push(name.to_owned());
                    Place::Parameter(rest)
                }
            }
        }
        Shape::Either(branches) => {
            let depth = path.len();
            for branch in branches {
                match locate(branch, name, path) {
                    Place::Unknown => path.truncate(depth),
                    found => return found,
                }
            }
            Place::Unknown
        }
        _ => Place::Unknown,
    }
}

fn value_of(given: Given<'_>) -> Result<Value, String> {
    let Given { node, plain, bracketed, .. } = given;
    if let Shape::Array(rule) = &node.shape {
        return match (plain.as_slice(), bracketed.as_slice()) {
            ([], brackets) => array(brackets, &rule.items, false),
            (plain, []) => array(plain, &rule.items, true),
            _ => Err("Expected one array format, received name= and name[]= mixed".to_owned()),
        };
    }
    match (plain.as_slice(), bracketed.as_slice()) {
        ([only], []) => Ok(scalar(only, node)),
        (several, []) => Err(format!("Expected one value, received {}", several.len())),
        _ => Err("Expected one value, received an array".to_owned()),
    }
}

fn array(values: &[String], items: &Node, commas_separate: bool) -> Result<Value, String> {
    let is_blank = |value: &&str| value.trim().is_empty();
    let separated: Vec<&str> = match values {
        [only] if is_blank(&only.as_str()) => return Ok(Value::Array(Vec::new())),
        [only] if commas_separate => only.split(',').collect(),
        several if several.iter().any(|value| value.contains(',')) => {
            return Err("Expected one array format, received values with commas".to_owned());
        }
        several => several.iter().map(String::as_str).collect(),
    };
    if separated.iter().any(is_blank) {
        return Err("Expected array, received an empty value among its elements".to_owned());
    }
    Ok(separated.into_iter().map(|value| scalar(value, items)).collect())
}

fn scalar(text: &str, node: &Node) -> Value {
    let trimmed = text.trim();
    match &node.shape {
        Shape::Boolean if TRUE.contains(&trimmed) => Value::Bool(true),
        Shape::Boolean if FALSE.contains(&trimmed) => Value::Bool(false),
        Shape::Boolean | Shape::Number(_) | Shape::Object(_) if trimmed.is_empty() => Value::Null,
        Shape::Number(_) => number(trimmed).map_or_else(|| Value::String(text.to_owned()), Value::Number),
        Shape::Text(TextRule { format: Some(Format::DateTime), .. }) if trimmed.is_empty() => Value::Null,
        Shape::Text(TextRule { format: Some(Format::DateTime), .. }) => Value::String(trimmed.to_owned()),
        _ if text.is_empty() && node.nullable => Value::Null,
        _ => Value::String(text.to_owned()),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Number::from(whole));
    }
    // Words such as "inf" and numbers too large become infinite or NaN, which JSON cannot hold.
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

fn insert(members: &mut Map<String, Value>, path: &[String], value: Value) -> Result<(), String> {
    match path {
        [] => Ok(()),
        [name] => {
            members.insert(name.clone(), value);
            Ok(())
        }
        [name, rest @ ..] => {
            let nested = members.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
            match nested {
                Value::Object(members) => insert(members, rest, value),
                _ => Err(format!("Expected nested values only, received a value for {name} as well")),
            }
        }
    }
}
