//! The address of a page, and the token in it that opens the page. The token is all that a browser needs, so it is made
//! of 256 random bits and kept sealed.

use domain::id::ConnectWebviewId;
use store::connect_webviews::ConnectWebview;
use subtle::ConstantTimeEq;
use visionline::Secret;

use crate::{adapter::api_key::hexadecimal, entropy, seal::Seal};

/// Where the page is, below the address under which callers reach us.
pub const PATH: &str = "/connect_webviews/view";

/// A new token.
pub fn fresh_token() -> Secret {
    Secret::new(hexadecimal(&entropy::bytes::<32>()))
}

/// The place that the token of a page is sealed for.
pub fn place(id: ConnectWebviewId) -> String {
    format!("connect webview {id}")
}

/// Whether this is the token of the page; how long that takes tells nothing of it.
pub fn opens(seal: &Seal, webview: &ConnectWebview, given: &str) -> bool {
    let token = seal.open(&place(webview.id), &webview.sealed_token);
    token.is_ok_and(|token| token.expose().as_bytes().ct_eq(given.as_bytes()).into())
}

/// Makes the addresses of pages.
#[derive(Clone)]
pub struct Links {
    origin: String,
    seal: Option<Seal>,
}

impl Links {
    /// Below this address.
    pub fn new(origin: &str, seal: Option<Seal>) -> Self {
        Self { origin: origin.to_owned(), seal }
    }

    /// The address of a page. A token that was sealed with another secret key is lost: the address opens nothing then.
    pub fn to(&self, webview: &ConnectWebview) -> String {
        let place = place(webview.id);
        let token = self.seal.as_ref().and_then(|seal| seal.open(&place, &webview.sealed_token).ok());
        let token = token.as_ref().map_or("", |token| token.expose());
        format!("{}{PATH}?connect_webview_id={}&auth_token={token}", self.origin, webview.id)
    }
}
