//! Where the operator goes in the end (`spec/api.md 4.23`).

use store::connect_webviews::{AUTHORIZED, ConnectWebview};
use url::Url;

/// Schemes that a browser would carry out instead of going somewhere.
const NOWHERE: [&str; 6] = ["javascript", "data", "vbscript", "blob", "file", "about"];

/// The address to go to: with a host, or of an app's own scheme.
pub fn target(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let leads_somewhere = !NOWHERE.contains(&url.scheme()) && (!is_web || url.has_host());
    leads_somewhere.then_some(url)
}

/// Where to go from a page that has come to its end; none when the caller did not say.
pub fn after(webview: &ConnectWebview) -> Option<String> {
    let to = if webview.status == AUTHORIZED {
        webview.custom_redirect_url.as_deref()
    } else {
        webview.custom_redirect_failure_url.as_deref().or(webview.custom_redirect_url.as_deref())
    };
    let mut url = target(to?)?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("connect_webview_id", &webview.id.to_string());
        if let Some(failure) = &webview.failure {
            for member in ["error_code", "error_message"] {
                query.append_pair(member, failure[member].as_str().unwrap_or_default());
            }
        }
    }
    Some(url.into())
}

/// The places that a form on the page may lead to, besides ourselves, as a content policy names them: browsers hold it
/// against the redirect that follows a form.
pub fn sources(webview: &ConnectWebview) -> Vec<String> {
    let given = [webview.custom_redirect_url.as_deref(), webview.custom_redirect_failure_url.as_deref()];
    given
        .into_iter()
        .flatten()
        .filter_map(target)
        .map(|url| match url.origin() {
            origin @ url::Origin::Tuple(..) => origin.ascii_serialization(),
            url::Origin::Opaque(_) => format!("{}:", url.scheme()),
        })
        .collect()
}
