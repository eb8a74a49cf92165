//! Secrets: named in the file, kept elsewhere.

use std::path::Path;

use visionline::Secret;

use super::ConfigError;

/// Where a secret is.
pub struct Source<'a> {
    /// Its place in messages.
    pub place: &'a str,
    /// The key that names a file.
    pub file_key: &'static str,
    /// What it names.
    pub file: Option<&'a Path>,
    /// The key that names an environment variable.
    pub env_key: &'static str,
    /// What it names.
    pub env: Option<&'a str>,
}

impl Source<'_> {
    /// The secret, without line ends after it; none when neither key is there.
    ///
    /// # Errors
    /// When both are there, or the named one cannot be read or is empty.
    pub fn read(
        &self,
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Secret>, ConfigError> {
        let refused =
            |key: &'static str, problem: String| ConfigError::Value { place: self.place.to_owned(), key, problem };
        let (key, text) = match (self.file, self.env) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(refused(self.file_key, format!("give either {} or {}", self.file_key, self.env_key)));
            }
            (Some(file), None) => {
                let path = folder.join(file);
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    refused(self.file_key, format!("{} could not be read: {error}", path.display()))
                })?;
                (self.file_key, text)
            }
            (None, Some(name)) => {
                let text = environment(name)
                    .ok_or_else(|| refused(self.env_key, format!("the environment variable {name} is not set")))?;
                (self.env_key, text)
            }
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(refused(key, "what it names is empty".to_owned()));
        }
        Ok(Some(Secret::new(text)))
    }
}
