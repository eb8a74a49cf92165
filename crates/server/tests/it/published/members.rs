//! What schemas name: the parameters of a request, and the members of an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::listed::Gap;

/// A schema of a document, with what it refers to.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    pub document: &'a Value,
    pub schema: &'a Value,
}

impl<'a> Schema<'a> {
    fn at(self, schema: &'a Value) -> Self {
        Self { schema, ..self }
    }

    /// The schema itself where this one refers to it, and the name it has there.
    fn resolved(self) -> (Option<&'a str>, Self) {
        match self.schema["$ref"].as_str() {
            Some(reference) => {
                let target = self.document.pointer(reference.trim_start_matches('#')).expect("what is referred to");
                (reference.rsplit('/').next(), self.at(target))
            }
            None => (None, self),
        }
    }

    /// The alternatives that together are this schema, and itself.
    fn parts(self) -> Vec<Self> {
        let (_, whole) = self.resolved();
        let mut parts = vec![whole];
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in whole.schema[keyword].as_array().into_iter().flatten() {
                parts.extend(whole.at(part).parts());
            }
        }
        parts
    }

    /// The members of all parts, each with its schemas.
    fn members(self) -> BTreeMap<&'a str, Vec<Self>> {
        let mut members: BTreeMap<&str, Vec<Self>> = BTreeMap::new();
        for part in self.parts() {
            for (name, schema) in part.schema["properties"].as_object().into_iter().flatten() {
                members.entry(name).or_default().push(part.at(schema));
            }
        }
        members
    }

    /// Whether any member may be there: JSON that is kept as it is, or a map.
    fn is_open(self) -> bool {
        self.parts().into_iter().any(|part| match part.schema {
            Value::Bool(anything) => *anything,
            Value::Object(keywords) => {
                let more = keywords.get("additionalProperties").is_some_and(|more| more != false);
                let says_nothing = !["type", "allOf", "oneOf", "anyOf", "enum", "properties", "$ref"]
                    .into_iter()
                    .any(|keyword| keywords.contains_key(keyword));
                more || says_nothing
            }
            _ => false,
        })
    }

    fn items(self) -> Vec<Self> {
        self.parts()
            .into_iter()
            .filter(|part| !part.schema["items"].is_null())
            .map(|part| part.at(&part.schema["items"]))
            .collect()
    }

    fn is_always_empty(self) -> bool {
        self.parts().into_iter().any(|part| part.schema["maxItems"] == 0)
    }
}

/// What the published schemas name below `name` and ours do not. `seen` holds the resources that were compared.
pub fn missing<'a>(
    place: &str,
    name: &str,
    published: &[Schema<'a>],
    ours: &[Schema<'a>],
    seen: &mut BTreeSet<(String, String)>,
    gaps: &mut BTreeSet<Gap>,
) {
    if ours.iter().any(|schema| schema.is_open() || schema.is_always_empty()) {
        return;
    }
    for schema in published {
        // A resource is compared under its own name, once with each of ours that stands for it.
        let (resource, schema) = schema.resolved();
        let (place, name) = match resource {
            Some(resource) => {
                let theirs = ours.iter().map(|schema| schema.schema.to_string()).collect();
                if !seen.insert((resource.to_owned(), theirs)) {
                    continue;
                }
                (resource, "")
            }
            None => (place, name),
        };
        let parts = schema.parts();
        let our_members = union(ours.iter().map(|schema| schema.members()));
        for (member, schemas) in union(parts.iter().map(|part| own_members(*part))) {
            let full = if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
            match our_members.get(member) {
                None => {
                    gaps.insert(Gap { place: place.to_owned(), name: full });
                }
                Some(ours) => missing(place, &full, &schemas, ours, seen, gaps),
            }
        }
        let items: Vec<Schema<'_>> = parts.iter().flat_map(|part| part.items()).collect();
        let our_items: Vec<Schema<'_>> = ours.iter().flat_map(|schema| schema.items()).collect();
        if !items.is_empty() && !our_items.is_empty() {
            missing(place, name, &items, &our_items, seen, gaps);
        }
    }
}

/// The members that the part names itself.
fn own_members(part: Schema<'_>) -> BTreeMap<&str, Vec<Schema<'_>>> {
    let properties = part.schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, schema)| (name.as_str(), vec![part.at(schema)])).collect()
}

fn union<'a>(several: impl Iterator<Item = BTreeMap<&'a str, Vec<Schema<'a>>>>) -> BTreeMap<&'a str, Vec<Schema<'a>>> {
    let mut all: BTreeMap<&str, Vec<Schema<'a>>> = BTreeMap::new();
    for members in several {
        for (name, schemas) in members {
            all.entry(name).or_default().extend(schemas);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn gaps(published: &Value, ours: &Value) -> Vec<(String, String)> {
        let schema = |document| Schema { document, schema: &document["root"] };
        let mut gaps = BTreeSet::new();
        missing("/route", "", &[schema(published)], &[schema(ours)], &mut BTreeSet::new(), &mut gaps);
        gaps.into_iter().map(|gap| (gap.place, gap.name)).collect()
    }

    fn object(members: Value) -> Value {
        json!({"type": "object", "properties": members})
    }

    #[test]
    fn members_of_resources_lists_and_alternatives_are_compared_under_the_resources_name() {
        let text = json!({"type": "string"});
        let published = json!({
            "root": object(json!({
                "users": {"type": "array", "items": {"$ref": "#/user"}},
                "gone": text,
                "map": object(json!({"any": text})),
                "none": {"type": "array", "items": object(json!({"member": text}))},
            })),
            "user": {"allOf": [
                object(json!({"name": text, "place": object(json!({"zone": text, "street": text}))})),
                {"oneOf": [object(json!({"left": text})), object(json!({"right": text}))]},
            ]},
        });
        let ours = json!({
            "root": object(json!({
                "users": {"type": "array", "items": {"$ref": "#/our_user"}},
                "map": {"type": "object", "additionalProperties": true},
                "none": {"type": "array", "maxItems": 0, "items": object(json!({}))},
            })),
            "our_user": {"anyOf": [
                object(json!({"name": text, "place": object(json!({"zone": text}))})),
                object(json!({"left": text})),
            ]},
        });
        let expected = [("/route", "gone"), ("user", "place.street"), ("user", "right")];
        assert_eq!(gaps(&published, &ours), expected.map(|(place, name)| (place.to_owned(), name.to_owned())));
    }
}
