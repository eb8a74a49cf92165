//! HTTPS against a server on the loopback interface: which certificates are taken, and what gets lost how.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use innkeep_visionline::transport::{Delivery, Fingerprint, Https, HttpsOptions, Transport, Trust};
use innkeep_visionline::{Answer, Client, Operation, Options, Secret, TransportFailure};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::script::{OPENED, now};

const DOORS: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

/// A lock server's own certificate and its key.
struct Identity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

fn identity() -> Identity {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["127.0.0.1".to_string()]).unwrap();
    Identity { certificate: cert.der().clone(), pem: cert.pem(), key: signing_key }
}

/// Shows one certificate and signs with one key, whether they belong together or not.
#[derive(Debug)]
struct Shown(Arc<rustls::sign::CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Serves the raw answers that `respond` gives to raw request heads, and returns the base address. A connection whose
/// request gets no answer is cut; an answer of None is never given.
async fn serve(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    respond: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> String {
    serve_with(rustls::DEFAULT_VERSIONS, certificate, key, respond).await
}

async fn serve_with(
    versions: &[&'static SupportedProtocolVersion],
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    respond: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> String {
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing_key = ring::sign::any_supported_type(&der).unwrap();
    let shown = Shown(Arc::new(rustls::sign::CertifiedKey::new(vec![certificate], signing_key)));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(shown));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let respond = Arc::new(respond);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, respond) = (acceptor.clone(), Arc::clone(&respond));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => return,
                    }
                }
                match respond(&String::from_utf8_lossy(&head)) {
                    Some(answer) => {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    None => std::future::pending().await,
                }
            });
        }
    });
    format!("https://{address}")
}

async fn get_doors(options: &HttpsOptions) -> Delivery {
    let transport = Transport::Https(Https::new(options).unwrap());
    transport.send(Request::get("/api/v1/doors").body(Vec::new()).unwrap()).await
}

/// The whole chain of reasons of a failure.
fn reasons(failure: &TransportFailure) -> String {
    let mut text = failure.to_string();
    let mut level = failure.source();
    while let Some(inner) = level {
        text = format!("{text}: {inner}");
        level = inner.source();
    }
    text
}

#[tokio::test]
async fn the_pinned_certificate_is_taken_in_both_versions_of_tls() {
    for version in [&TLS12, &TLS13] {
        let server = identity();
        let address = serve_with(&[version], server.certificate.clone(), &server.key, |_| Some(DOORS.into())).await;
        let trust = Trust::Fingerprint(Fingerprint::of(&server.certificate));
        let response = get_doors(&HttpsOptions::new(address, trust)).await.unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_slice()), (200, b"[]".as_slice()));
    }
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_refused_before_anything_is_sent() {
    let (server, expected) = (identity(), identity());
    let address = serve(server.certificate.clone(), &server.key, |_| panic!("a request arrived")).await;
    let pinned = Fingerprint::of(&expected.certificate);
    let failure = get_doors(&HttpsOptions::new(address, Trust::Fingerprint(pinned))).await.unwrap_err();
    assert!(matches!(failure, TransportFailure::NotSent(_)), "{failure:?}");
    let reasons = reasons(&failure);
    assert!(reasons.contains(&Fingerprint::of(&server.certificate).to_string()), "{reasons}");
    assert!(reasons.contains(&pinned.to_string()), "{reasons}");
}

#[tokio::test]
async fn a_certificate_without_its_key_is_refused_in_both_versions_of_tls() {
    for version in [&TLS12, &TLS13] {
        let (server, thief) = (identity(), identity());
        let certificate = server.certificate.clone();
        let address = serve_with(&[version], certificate, &thief.key, |_| panic!("a request arrived")).await;
        for trust in [Trust::Fingerprint(Fingerprint::of(&server.certificate)), Trust::InsecureAnything] {
            let failure = get_doors(&HttpsOptions::new(address.clone(), trust)).await.unwrap_err();
            assert!(matches!(failure, TransportFailure::NotSent(_)), "{failure:?}");
        }
    }
}

#[tokio::test]
async fn a_pinned_root_is_taken_and_a_foreign_one_refused() {
    let (server, stranger) = (identity(), identity());
    let address = serve(server.certificate.clone(), &server.key, |_| Some(DOORS.into())).await;
    let trusted = HttpsOptions::new(address.clone(), Trust::Roots(server.pem.clone()));
    assert_eq!(get_doors(&trusted).await.unwrap().status(), 200);

    let failure = get_doors(&HttpsOptions::new(address, Trust::Roots(stranger.pem))).await.unwrap_err();
    assert!(matches!(failure, TransportFailure::NotSent(_)), "{failure:?}");
}

#[tokio::test]
async fn the_insecure_switch_takes_anything() {
    let server = identity();
    let address = serve(server.certificate, &server.key, |_| Some(DOORS.into())).await;
    let response = get_doors(&HttpsOptions::new(address, Trust::InsecureAnything)).await;
    assert_eq!(response.unwrap().status(), 200);
}

#[tokio::test]
async fn nobody_listening_means_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = get_doors(&HttpsOptions::new(address, Trust::InsecureAnything)).await.unwrap_err();
    assert!(matches!(failure, TransportFailure::NotSent(_)), "{failure:?}");
}

#[tokio::test]
async fn a_handshake_that_never_ends_means_not_sent() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", silent.local_addr().unwrap());
    let mut options = HttpsOptions::new(address, Trust::InsecureAnything);
    options.connect_timeout = Duration::from_millis(50);
    let failure = get_doors(&options).await.unwrap_err();
    assert!(matches!(failure, TransportFailure::NotSent(_)), "{failure:?}");
}

#[tokio::test]
async fn an_answer_cut_short_or_too_late_is_lost() {
    for answer in [Some(""), Some("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[]"), None] {
        let server = identity();
        let address = serve(server.certificate, &server.key, move |_| answer.map(String::from)).await;
        let mut options = HttpsOptions::new(address, Trust::InsecureAnything);
        options.connect_timeout = Duration::from_secs(2);
        options.answer_timeout = Duration::from_millis(1);
        let failure = get_doors(&options).await.unwrap_err();
        assert!(matches!(failure, TransportFailure::Lost(_)), "{answer:?}: {failure:?}");
    }
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_lost() {
    let server = identity();
    let address = serve(server.certificate, &server.key, |_| Some(DOORS.into())).await;
    let mut options = HttpsOptions::new(address, Trust::InsecureAnything);
    options.answer_limit_bytes = 1;
    let failure = get_doors(&options).await.unwrap_err();
    assert!(matches!(failure, TransportFailure::Lost(_)), "{failure:?}");
    assert!(reasons(&failure).contains("larger than 1 bytes"), "{}", reasons(&failure));
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    let server = identity();
    let redirect = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let address = serve(server.certificate, &server.key, move |head| {
        assert!(head.starts_with("GET /api/v1/doors "), "{head}");
        Some(redirect.into())
    });
    let response = get_doors(&HttpsOptions::new(address.await, Trust::InsecureAnything)).await;
    assert_eq!(response.unwrap().status(), 302);
}

#[tokio::test]
async fn a_client_talks_to_a_server_over_tls_with_the_signature_it_expects() {
    let server = identity();
    let address = serve(server.certificate.clone(), &server.key, |head| {
        let (status, body) = if head.starts_with("POST /api/v1/sessions ") {
            OPENED
        } else {
            // A Date of 10:15:30, so the vector of spec/visionline.md 1.5 holds on the wire.
            let signed = head.contains("authorization: AWS 7f3a:pcfOPdLbxWufRf6CRi3CiAoJB6E=\r\n")
                && head.contains("date: Fri, 14 Nov 2025 10:15:30 GMT\r\n")
                && !head.contains("content-");
            (if signed { 201 } else { 400 }, "")
        };
        let length = body.len();
        Some(format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"))
    });
    let trust = Trust::Fingerprint(Fingerprint::of(&server.certificate));
    let https = Https::new(&HttpsOptions::new(address.await, trust)).unwrap();
    let client = Client::new(Transport::Https(https), "sym", Secret::new("sym"), Options::default(), Arc::new(now));
    assert_eq!(client.run(Operation::OpenSession).await.unwrap(), Answer::SessionOpened);
    client.close().await.unwrap();
}
