//! Parameters that have had several names (`spec/api.md 4.2`). Where two names could disagree, both are read and
//! compared; where that does no harm, the adapter's `x-aliases` does the renaming.

use crate::adapter::Error;

/// The value that was given under any of the names, the canonical one first.
///
/// # Errors
/// 400 naming two names that were given different values.
pub fn agreed<T: PartialEq, const N: usize>(spellings: [(&'static str, Option<T>); N]) -> Result<Option<T>, Error> {
    let mut first: Option<(&'static str, T)> = None;
    for (name, value) in spellings {
        let Some(value) = value else { continue };
        match &first {
            None => first = Some((name, value)),
            Some((other, agreed)) if *agreed != value => {
                let text = format!("Expected the same value as \"{other}\", which is another spelling of it,");
                return Err(Error::invalid_field(name, &text));
            }
            Some(_) => {}
        }
    }
    Ok(first.map(|(_, value)| value))
}
