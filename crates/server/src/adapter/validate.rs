//! Checks a request's parameters against their prepared schema, collecting every issue in the words of
//! `spec/api.md` 1.6, and brings them to their canonical form: aliases renamed, unknown members dropped, whole numbers
//! written as integers. Rules across fields are left to the routes.

use serde_json::{Map, Number, Value};

use super::field;
use super::issue::{Issues, Path, REQUIRED, shortened};
use super::shape::{ArrayRule, Format, Node, NumberRule, ObjectRule, Shape, TextRule};

/// Checks and normalises all parameters.
///
/// # Errors
/// Every issue that was found.
pub(super) fn check(node: &Node, parameters: &mut Value) -> Result<(), Issues> {
    let mut issues = Issues::default();
    check_value(node, parameters, &Path::Root, &mut issues);
    // Only what is kept can reach the store, which cannot hold the character U+0000 in a text.
    refuse_nul(parameters, &Path::Root, &mut issues);
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

fn check_value(node: &Node, value: &mut Value, path: &Path<'_>, issues: &mut Issues) {
    if issues.is_full() || (value.is_null() && node.nullable) {
        return;
    }
    match (&node.shape, &mut *value) {
        (Shape::Any, _) | (Shape::Boolean, Value::Bool(_)) => {}
        (Shape::Number(rule), Value::Number(number)) => check_number(rule, number, path, issues),
        (Shape::Text(rule), Value::String(text)) => check_text(rule, text, path, issues),
        (Shape::Choice(choices), Value::String(text)) => check_choice(choices, text, path, issues),
        (Shape::Array(rule), Value::Array(items)) => check_array(rule, items, path, issues),
        (Shape::Object(rule), Value::Object(members)) => check_object(rule, members, path, issues),
        (Shape::Either(branches), value) => check_either(branches, value, path, issues),
        (shape, value) => {
            let text = format!("Expected {}, received {}", expected(shape), received(value));
            issues.push(path, text);
        }
    }
}

fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Any | Shape::Either(_) => "any value".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Number(_) => "number".to_owned(),
        Shape::Text(_) => "string".to_owned(),
        Shape::Choice(choices) => alternatives(choices),
        Shape::Array(_) => "array".to_owned(),
        Shape::Object(_) => "object".to_owned(),
    }
}

fn received(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn alternatives(choices: &[String]) -> String {
    choices.iter().map(|choice| format!("'{choice}'")).collect::<Vec<_>>().join(" | ")
}

fn check_number(rule: &NumberRule, number: &mut Number, path: &Path<'_>, issues: &mut Issues) {
    // Serde refuses 5.0 for an integer; JSON does not distinguish it from 5.
    if let Some(whole) = whole_number(number) {
        *number = Number::from(whole);
    } else if rule.integer && number.is_f64() && number.as_f64().is_none_or(|given| given.fract() != 0.0) {
        return issues.push(path, "Expected integer, received float");
    }
    let Some(given) = number.as_f64() else { return };
    let bounds = [
        (rule.above.filter(|bound| given <= *bound), "greater than"),
        (rule.minimum.filter(|bound| given < *bound), "greater than or equal to"),
        (rule.below.filter(|bound| given >= *bound), "less than"),
        (rule.maximum.filter(|bound| given > *bound), "less than or equal to"),
    ];
    for (violated, relation) in bounds {
        if let Some(bound) = violated {
            issues.push(path, format!("Number must be {relation} {bound}"));
        }
    }
}

/// The integer that a number written with a fraction or exponent stands for.
fn whole_number(number: &Number) -> Option<i64> {
    /// Above 2^53 a float no longer stands for one integer.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if !number.is_f64() {
        return None;
    }
    let given = number.as_f64().filter(|given| given.fract() == 0.0 && given.abs() <= LARGEST)?;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within the integers a float can hold")]
    Some(given as i64)
}

fn check_text(rule: &TextRule, text: &str, path: &Path<'_>, issues: &mut Issues) {
    if rule.min_length.is_some() || rule.max_length.is_some() {
        let length = text.chars().count() as u64;
        if let Some(least) = rule.min_length.filter(|least| length < *least) {
            return issues.push(path, format!("String must contain at least {least} character(s)"));
        }
        if let Some(most) = rule.max_length.filter(|most| length > *most) {
            return issues.push(path, format!("String must contain at most {most} character(s)"));
        }
    }
    if rule.not_blank && text.trim().is_empty() {
        return issues.push(path, "String must not be blank");
    }
    match rule.format {
        Some(Format::Uuid) if !field::is_uuid(text) => issues.push(path, "Invalid uuid"),
        Some(Format::DateTime) if field::When::parse(text).is_none() => issues.push(path, "Invalid datetime"),
        Some(Format::Base64) if !field::is_base64(text) => issues.push(path, "Invalid base64"),
        _ => {}
    }
}

fn check_choice(choices: &[String], text: &str, path: &Path<'_>, issues: &mut Issues) {
    if !choices.iter().any(|choice| choice == text) {
        let alternatives = alternatives(choices);
        let text = format!("Invalid enum value. Expected {alternatives}, received '{}'", shortened(text));
        issues.push(path, text);
    }
}

fn check_array(rule: &ArrayRule, items: &mut [Value], path: &Path<'_>, issues: &mut Issues) {
    let length = items.len() as u64;
    if let Some(least) = rule.min_items.filter(|least| length < *least) {
        issues.push(path, format!("Array must contain at least {least} element(s)"));
    }
    if let Some(most) = rule.max_items.filter(|most| length > *most) {
        issues.push(path, format!("Array must contain at most {most} element(s)"));
    }
    for (index, item) in items.iter_mut().enumerate() {
        check_value(&rule.items, item, &Path::Index(path, index), issues);
    }
}

fn check_object(rule: &ObjectRule, members: &mut Map<String, Value>, path: &Path<'_>, issues: &mut Issues) {
    let mut known = 0;
    for field in &rule.fields {
        if !members.contains_key(&field.name)
            && let Some(value) = field.aliases.iter().find_map(|alias| members.swap_remove(alias))
        {
            members.insert(field.name.clone(), value);
        }
        match members.get_mut(&field.name) {
            Some(value) => {
                known += 1;
                check_value(&field.node, value, &Path::Key(path, &field.name), issues);
            }
            None if field.required => issues.push(&Path::Key(path, &field.name), REQUIRED),
            None => {}
        }
    }
    if known == members.len() {
        return;
    }
    let is_field = |name: &str| rule.fields.iter().any(|field| field.name == name);
    match &rule.rest {
        Some(rest) => {
            for (name, value) in members.iter_mut().filter(|(name, _)| !is_field(name)) {
                check_value(rest, value, &Path::Key(path, name), issues);
            }
        }
        None if rule.closed => {
            for name in members.keys().filter(|name| !is_field(name)) {
                issues.push(&Path::Key(path, name), "Unrecognized key");
            }
        }
        None => members.retain(|name, _| {
            let known = is_field(name);
            if !known {
                // `spec/api.md` 1.3: ignored everywhere, because the published samples send some.
                tracing::debug!(parameter = ?shortened(name), "an unknown parameter was ignored");
            }
            known
        }),
    }
}

/// Takes the first branch that fits. If none does, the issues of the branch that came closest are reported, if one did.
fn check_either(branches: &[Node], value: &mut Value, path: &Path<'_>, issues: &mut Issues) {
    let mut closest: Vec<Issues> = Vec::new();
    for branch in branches {
        let mut candidate = value.clone();
        let mut found = Issues::default();
        check_value(branch, &mut candidate, path, &mut found);
        if found.is_empty() {
            *value = candidate;
            return;
        }
        if same_type(&branch.shape, value) {
            match closest.first().map(Issues::len).unwrap_or(usize::MAX) {
                fewest if found.len() < fewest => closest = vec![found],
                fewest if found.len() == fewest => closest.push(found),
                _ => {}
            }
        }
    }
    match (closest.pop(), closest.is_empty()) {
        (Some(only), true) => issues.append(only),
        _ => issues.push(path, "Invalid input"),
    }
}

fn same_type(shape: &Shape, value: &Value) -> bool {
    matches!(
        (shape, value),
        (Shape::Boolean, Value::Bool(_))
            | (Shape::Number(_), Value::Number(_))
            | (Shape::Text(_) | Shape::Choice(_), Value::String(_))
            | (Shape::Array(_), Value::Array(_))
            | (Shape::Object(_), Value::Object(_))
    )
}

fn refuse_nul(value: &Value, path: &Path<'_>, issues: &mut Issues) {
    const TEXT: &str = "The character U+0000 is not allowed";
    if issues.is_full() {
        return;
    }
    match value {
        Value::String(text) if text.contains('\0') => issues.push(path, TEXT),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                refuse_nul(item, &Path::Index(path, index), issues);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let path = Path::Key(path, name);
                if name.contains('\0') {
                    issues.push(&path, TEXT);
                }
                refuse_nul(member, &path, issues);
            }
        }
        _ => {}
    }
}
