//! What is wrong with a request's parameters, and how `spec/api.md` 1.6 words it.

use serde_json::{Map, Value, json};

use super::error::Error;

/// Issues reported at most: a body of wrong elements must not make the answer larger than the request.
const MOST_ISSUES: usize = 100;
/// Characters of a caller's text that are repeated at most.
const MOST_ECHOED: usize = 100;
/// Steps of a path that are repeated at most. What lies deeper is reported there: the tree must not be nested deeper
/// than a caller's parser goes.
const MOST_STEPS: usize = 32;

/// The text of a missing parameter; the only one whose message names the field first.
pub(super) const REQUIRED: &str = "Required";

/// The issues found in one request, in the order of the parameters.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Issues(Vec<Issue>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Issue {
    path: Vec<String>,
    text: String,
}

/// Where a value stands in the parameters. Lives on the stack, so that valid requests pay nothing for it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn steps(&self) -> Vec<String> {
        let mut steps = Vec::new();
        let mut rest = self;
        loop {
            match rest {
                Path::Root => break,
                Path::Key(parent, name) => {
                    steps.push(shortened(name));
                    rest = parent;
                }
                Path::Index(parent, index) => {
                    steps.push(index.to_string());
                    rest = parent;
                }
            }
        }
        steps.reverse();
        steps.truncate(MOST_STEPS);
        steps
    }
}

/// At most the first [`MOST_ECHOED`] characters of a caller's text.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(MOST_ECHOED).collect()
}

impl Issues {
    /// Adds an issue about the parameter at `path`; the root is the empty path.
    pub fn push_at(&mut self, path: &[&str], text: &str) {
        if !self.is_full() {
            let path = path.iter().take(MOST_STEPS).map(|step| shortened(step)).collect();
            self.0.push(Issue { path, text: text.to_owned() });
        }
    }

    pub(super) fn push(&mut self, path: &Path<'_>, text: impl Into<String>) {
        if !self.is_full() {
            self.0.push(Issue { path: path.steps(), text: text.into() });
        }
    }

    /// Whether no issue was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether looking further would change nothing.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST_ISSUES
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn append(&mut self, other: Issues) {
        self.0.extend(other.0);
        self.0.truncate(MOST_ISSUES);
    }

    /// `Ok` without issues, otherwise the error of the wire.
    ///
    /// # Errors
    /// 400 `invalid_input` with every issue in `message` and `validation_errors`.
    pub fn into_result(self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }

    /// 400 `invalid_input` with every issue in `message` and `validation_errors`.
    #[must_use]
    pub fn into_error(self) -> Error {
        let message = match self.0.as_slice() {
            [only] => only.sentence(),
            several => {
                let sentences: Vec<String> = several.iter().map(Issue::sentence).collect();
                format!("{} Input Errors: {}", several.len(), sentences.join(", "))
            }
        };
        let mut root = empty_node();
        for issue in self.0 {
            place(&mut root, &issue.path, issue.text);
        }
        Error::from_issues(message, Value::Object(root))
    }
}

impl Issue {
    fn sentence(&self) -> String {
        let path = self.path.join(".");
        match (path.as_str(), self.text.as_str()) {
            ("", text) => text.to_owned(),
            (path, REQUIRED) => format!("{path} is required"),
            (path, text) => format!("{text} for \"{path}\""),
        }
    }
}

fn empty_node() -> Map<String, Value> {
    Map::from_iter([("_errors".to_owned(), json!([]))])
}

/// Puts `text` at the node of `path`, making the nodes on the way. A caller's key named `_errors` would collide with
/// the list of texts; its issues go to the parent.
fn place(node: &mut Map<String, Value>, path: &[String], text: String) {
    if let Some((step, rest)) = path.split_first()
        && let Value::Object(child) = node.entry(step.clone()).or_insert_with(|| Value::Object(empty_node()))
    {
        return place(child, rest, text);
    }
    if let Some(Value::Array(texts)) = node.get_mut("_errors") {
        texts.push(Value::String(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_field_is_named_first() {
        let mut issues = Issues::default();
        issues.push_at(&["acs_system_id"], REQUIRED);
        let error = issues.into_error();
        assert_eq!(error.message(), "acs_system_id is required");
        assert_eq!(
            error.validation_errors(),
            Some(&json!({"_errors": [], "acs_system_id": {"_errors": ["Required"]}}))
        );
    }

    #[test]
    fn several_issues_are_counted_and_nested() {
        let mut issues = Issues::default();
        issues.push_at(&["access_schedule", "starts_at"], "Invalid datetime");
        issues.push_at(&["ids", "1"], "Invalid uuid");
        let error = issues.into_error();
        assert_eq!(
            error.message(),
            r#"2 Input Errors: Invalid datetime for "access_schedule.starts_at", Invalid uuid for "ids.1""#
        );
        assert_eq!(
            error.validation_errors(),
            Some(&json!({
                "_errors": [],
                "access_schedule": {"_errors": [], "starts_at": {"_errors": ["Invalid datetime"]}},
                "ids": {"_errors": [], "1": {"_errors": ["Invalid uuid"]}},
            }))
        );
    }

    #[test]
    fn a_key_named_like_the_list_of_texts_does_no_harm() {
        let mut issues = Issues::default();
        issues.push_at(&["custom_metadata", "_errors"], "Expected string, received number");
        assert_eq!(
            issues.into_error().validation_errors(),
            Some(&json!({"_errors": [], "custom_metadata": {"_errors": ["Expected string, received number"]}}))
        );
    }

    #[test]
    fn the_number_of_issues_and_what_they_repeat_is_bounded() {
        let mut issues = Issues::default();
        for _ in 0..1000 {
            issues.push(&Path::Key(&Path::Root, &"k".repeat(5000)), "wrong");
        }
        assert!(issues.is_full());
        assert!(issues.into_error().message().len() < 20_000);
    }

    #[test]
    fn an_issue_that_lies_deep_is_reported_at_a_depth_that_parsers_reach() {
        let mut issues = Issues::default();
        issues.push_at(&["a"; 500], "wrong");
        let tree = issues.into_error().validation_errors().unwrap().to_string();
        assert_eq!(tree.matches(r#""a":"#).count(), MOST_STEPS);
    }
}
