//! The target of a request, taken apart: decoded path segments and query pairs.
//!
//! Only for routing. Signatures are checked over the target exactly as it was sent (`spec/visionline.md` 1.3).

use percent_encoding::percent_decode_str;

/// A decoded request target.
#[derive(Debug)]
pub(crate) struct Target {
    segments: Vec<String>,
    query: Vec<(String, String)>,
}

impl Target {
    /// Takes the part of the target behind `prefix` apart. `None`: it does not start with the prefix or is not
    /// UTF-8 after decoding. One slash at the end is ignored (S4 sends it, `spec/visionline.md` 1.1); a plus sign
    /// stays a plus sign, since door names may hold one.
    pub(crate) fn under(prefix: &str, uri: &http::Uri) -> Option<Self> {
        let rest = uri.path().strip_prefix(prefix)?;
        let rest = match rest.strip_prefix('/') {
            Some(rest) => rest,
            None if rest.is_empty() => rest,
            None => return None,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let segments = rest.split('/').map(decode).collect::<Option<Vec<_>>>()?;
        let mut query = Vec::new();
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.push((decode(name)?, decode(value)?));
        }
        Some(Self { segments, query })
    }

    /// The decoded segments; `[""]` for the bare prefix.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a query name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Option<Target> {
        Target::under("/api/v1", &text.parse().unwrap())
    }

    #[test]
    fn segments_are_decoded_one_by_one() {
        let target = target("/api/v1/doors/Main%20Entrance%2FNorth/?a=1%202&b&a=3").unwrap();
        assert_eq!(target.segments(), ["doors", "Main Entrance/North"]);
        assert_eq!(target.value("a"), Some("1 2"));
        assert_eq!(target.value("b"), Some(""));
        assert_eq!(target.value("c"), None);
    }

    #[test]
    fn another_prefix_and_broken_text_are_no_target() {
        assert!(target("/api/v10/doors").is_none());
        assert!(target("/elsewhere").is_none());
        assert!(target("/api/v1/doors/%ff").is_none());
    }
}
