//! The schema of a request type, prepared once at start for reading queries and checking values.
//!
//! Understood are the parts of JSON Schema that the derive produces, and four keywords of ours: `nullable` (the only
//! thing that makes `null` acceptable: an `Option` alone says "may be absent", `spec/api.md` 1.3), `x-aliases` (older
//! spellings of a property), `x-not-blank` and the formats of [`Format`]. Schemas that promise a check which is not
//! made here are refused, so that no rule exists on paper only.

use serde_json::{Map, Value};

/// What a value must look like, and whether it may be `null`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub nullable: bool,
    pub shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Any,
    Boolean,
    Number(NumberRule),
    Text(TextRule),
    Choice(Vec<String>),
    Array(Box<ArrayRule>),
    Object(ObjectRule),
    Either(Vec<Node>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct NumberRule {
    pub integer: bool,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub above: Option<f64>,
    pub below: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TextRule {
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub not_blank: bool,
    pub format: Option<Format>,
}

/// Formats of text that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Uuid,
    DateTime,
    Base64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ArrayRule {
    pub items: Node,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
}

/// Named fields, and what any other member must look like if others are kept at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ObjectRule {
    pub fields: Vec<Field>,
    pub rest: Option<Box<Node>>,
    /// Whether other members are refused instead of ignored.
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub aliases: Vec<String>,
    pub required: bool,
    pub node: Node,
}

impl ObjectRule {
    /// The field of this name or alias.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name || field.aliases.iter().any(|alias| alias == name))
    }
}

/// Why a request type cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ShapeError {
    /// The schema promises a check that is not made.
    #[error("the keyword \"{0}\" is not checked; write the rule as a field type or in the route's function")]
    Keyword(String),
    /// The schema has a part of a form that is not understood.
    #[error("the schema {0} is not understood")]
    Schema(String),
}

/// Keywords that restrict values in ways that are not checked here.
const UNCHECKED: [&str; 10] = [
    "pattern",
    "multipleOf",
    "not",
    "if",
    "propertyNames",
    "patternProperties",
    "prefixItems",
    "contains",
    "minProperties",
    "maxProperties",
];

/// Prepares the schema of a request type.
pub(super) fn compile(schema: &Value) -> Result<Node, ShapeError> {
    let Value::Object(schema) = schema else {
        return Ok(Node { nullable: true, shape: Shape::Any });
    };
    if let Some(keyword) = UNCHECKED.iter().find(|keyword| schema.contains_key(**keyword)) {
        return Err(ShapeError::Keyword((*keyword).to_owned()));
    }
    let shape = compile_shape(schema)?;
    let nullable = schema.get("nullable") == Some(&Value::Bool(true)) || shape == Shape::Any;
    Ok(Node { nullable, shape })
}

fn compile_shape(schema: &Map<String, Value>) -> Result<Shape, ShapeError> {
    if let Some(Value::Array(parts)) = schema.get("allOf") {
        let mut merged = without(schema, "allOf");
        for part in parts.iter().filter_map(Value::as_object) {
            merge(&mut merged, part);
        }
        return compile_shape(&merged);
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = schema.get(keyword) {
            return compile_branches(&without(schema, keyword), branches);
        }
    }
    if let Some(only) = schema.get("const") {
        return compile_choice(schema, std::slice::from_ref(only));
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        return compile_choice(schema, values);
    }
    match schema.get("type") {
        Some(Value::String(name)) => compile_type(schema, name),
        Some(Value::Array(names)) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect();
            match names.as_slice() {
                [only] => compile_type(schema, only),
                several => several
                    .iter()
                    .map(|name| Ok(Node { nullable: false, shape: compile_type(schema, name)? }))
                    .collect::<Result<_, _>>()
                    .map(Shape::Either),
            }
        }
        // A reference back to an enclosing type: such values are left to deserialisation.
        _ => Ok(Shape::Any),
    }
}

fn compile_branches(outer: &Map<String, Value>, branches: &[Value]) -> Result<Shape, ShapeError> {
    let mut nodes = Vec::new();
    for branch in branches.iter().filter(|branch| !only_null(branch)) {
        let Value::Object(branch) = branch else {
            return Ok(Shape::Any);
        };
        let mut merged = branch.clone();
        merge(&mut merged, outer);
        nodes.push(compile(&Value::Object(merged))?);
    }
    if nodes.len() == 1 {
        return Ok(nodes.remove(0).shape);
    }
    // An enumeration whose variants have doc comments arrives as one branch per variant.
    let choices: Option<Vec<&Vec<String>>> =
        nodes.iter().map(|node| if let Shape::Choice(values) = &node.shape { Some(values) } else { None }).collect();
    Ok(match choices {
        Some(choices) => Shape::Choice(choices.into_iter().flatten().cloned().collect()),
        None => Shape::Either(nodes),
    })
}

fn compile_choice(schema: &Map<String, Value>, values: &[Value]) -> Result<Shape, ShapeError> {
    let values = values.iter().filter(|value| !value.is_null());
    let texts: Option<Vec<String>> = values.map(|value| value.as_str().map(str::to_owned)).collect();
    texts.map(Shape::Choice).ok_or_else(|| not_understood(schema))
}

fn compile_type(schema: &Map<String, Value>, name: &str) -> Result<Shape, ShapeError> {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let count = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    Ok(match name {
        "boolean" => Shape::Boolean,
        "integer" | "number" => Shape::Number(NumberRule {
            integer: name == "integer",
            minimum: number("minimum"),
            maximum: number("maximum"),
            above: number("exclusiveMinimum"),
            below: number("exclusiveMaximum"),
        }),
        "string" => Shape::Text(TextRule {
            min_length: count("minLength"),
            max_length: count("maxLength"),
            not_blank: schema.get("x-not-blank") == Some(&Value::Bool(true)),
            format: compile_format(schema)?,
        }),
        "array" => Shape::Array(Box::new(ArrayRule {
            items: compile(schema.get("items").unwrap_or(&Value::Bool(true)))?,
            min_items: count("minItems"),
            max_items: count("maxItems"),
        })),
        "object" => Shape::Object(compile_object(schema)?),
        _ => return Err(not_understood(schema)),
    })
}

fn compile_format(schema: &Map<String, Value>) -> Result<Option<Format>, ShapeError> {
    match schema.get("format").and_then(Value::as_str) {
        None => Ok(None),
        Some("uuid") => Ok(Some(Format::Uuid)),
        Some("date-time") => Ok(Some(Format::DateTime)),
        Some("base64") => Ok(Some(Format::Base64)),
        Some(other) => Err(ShapeError::Keyword(format!("format: {other}"))),
    }
}

fn compile_object(schema: &Map<String, Value>) -> Result<ObjectRule, ShapeError> {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    let mut rule = ObjectRule::default();
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for (name, property) in properties {
            let aliases = property.get("x-aliases").and_then(Value::as_array).into_iter().flatten();
            rule.fields.push(Field {
                name: name.clone(),
                aliases: aliases.filter_map(Value::as_str).map(str::to_owned).collect(),
                required: required(name),
                node: compile(property)?,
            });
        }
    }
    match schema.get("additionalProperties") {
        None => {}
        Some(Value::Bool(false)) => rule.closed = true,
        Some(rest) => rule.rest = Some(Box::new(compile(rest)?)),
    }
    Ok(rule)
}

fn not_understood(schema: &Map<String, Value>) -> ShapeError {
    ShapeError::Schema(Value::Object(schema.clone()).to_string())
}

fn only_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
}

fn without(schema: &Map<String, Value>, keyword: &str) -> Map<String, Value> {
    schema.iter().filter(|(name, _)| *name != keyword).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Adds the keywords of `from` to `into`: members and requirements are united, others stay if already there.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (keyword, value) in from {
        match (into.get_mut(keyword), value) {
            (None, value) => {
                into.insert(keyword.clone(), value.clone());
            }
            (Some(Value::Object(present)), Value::Object(added)) if keyword == "properties" => {
                present.extend(added.clone());
            }
            (Some(Value::Array(present)), Value::Array(added)) if keyword == "required" => {
                present.extend(added.iter().cloned());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_may_be_absent_but_only_nullable_admits_null() {
        let option = compile(&json!({"type": ["string", "null"]})).unwrap();
        let nullable = compile(&json!({"type": "string", "nullable": true})).unwrap();
        assert_eq!(option, Node { nullable: false, shape: Shape::Text(TextRule::default()) });
        assert_eq!(nullable, Node { nullable: true, shape: Shape::Text(TextRule::default()) });
    }

    #[test]
    fn documented_variants_are_one_choice() {
        let schema = json!({"oneOf": [
            {"type": "string", "enum": ["a", "b"]},
            {"type": "string", "const": "c", "description": "the third"},
        ]});
        let expected = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(compile(&schema).unwrap().shape, Shape::Choice(expected));
    }

    #[test]
    fn limits_of_an_optional_object_survive_the_removal_of_null() {
        let schema = json!({"anyOf": [{"type": "array", "items": true}, {"type": "null"}], "maxItems": 3});
        let Shape::Array(rule) = compile(&schema).unwrap().shape else { panic!("an array") };
        assert_eq!(rule.max_items, Some(3));
    }

    #[test]
    fn a_rule_that_is_not_checked_is_refused() {
        let schema = json!({"type": "object", "properties": {"code": {"type": "string", "pattern": "^[0-9]+$"}}});
        assert_eq!(compile(&schema), Err(ShapeError::Keyword("pattern".to_owned())));
        let schema = json!({"type": "string", "format": "email"});
        assert_eq!(compile(&schema), Err(ShapeError::Keyword("format: email".to_owned())));
    }
}
