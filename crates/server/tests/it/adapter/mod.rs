//! The rules of `spec/api.md` section 1, each through the whole adapter with a small table of its own.

mod checks;
mod document;
mod envelope;
mod hostile;
mod once;
mod pages;
mod queries;
mod routes;
mod sockets;
mod verbs;

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

/// What came back.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The parameters that reached the route, for the routes that echo them.
    fn echo(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["echo"].clone()
    }

    /// Message and tree of a refused request.
    fn refusal(&self) -> (String, Value) {
        assert_eq!(self.status, 400, "{}", self.text);
        let error = &self.json()["error"];
        assert_eq!(error["type"], "invalid_input");
        (error["message"].as_str().unwrap().to_owned(), error["validation_errors"].clone())
    }
}

async fn send(router: &axum::Router, request: Request<Body>) -> Reply {
    let response = TowerToHyperService::new(router.clone()).call(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Reply { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// Sends with a valid key and, if there is one, a JSON body.
async fn ask(method: Method, target: &str, body: Option<Value>) -> Reply {
    let mut request = Request::builder().method(method).uri(target).header("authorization", "Bearer seam_front_desk1");
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    send(&routes::router(), request.body(body).unwrap()).await
}

async fn get(target: &str) -> Reply {
    ask(Method::GET, target, None).await
}

async fn post(target: &str, body: Value) -> Reply {
    ask(Method::POST, target, Some(body)).await
}

/// The envelope of an error without fields.
fn refused(kind: &str, message: &str) -> Value {
    json!({"error": {"type": kind, "message": message}, "ok": false})
}
