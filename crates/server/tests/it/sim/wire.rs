//! A client of nothing but sockets: what is sent are the bytes that stand in the test.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;

/// How long an answer may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// One connection.
pub struct Wire {
    stream: BufReader<Box<dyn Stream>>,
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Wire {
    /// Connects, over TLS if there is a fingerprint, which must be that of the certificate shown.
    pub fn connect(endpoint: &str, fingerprint: Option<&str>) -> Self {
        let address = endpoint.split("://").nth(1).unwrap();
        let tcp = TcpStream::connect(address).unwrap();
        tcp.set_read_timeout(Some(LIMIT)).unwrap();
        tcp.set_nodelay(true).unwrap();
        let stream: Box<dyn Stream> = match fingerprint {
            None => Box::new(tcp),
            Some(fingerprint) => Box::new(StreamOwned::new(tls(fingerprint), tcp)),
        };
        Self { stream: BufReader::new(stream) }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).unwrap();
    }

    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes.as_ref())?;
        stream.flush()
    }

    /// The next answer; `None` if the connection ended before a byte of it. An interim answer counts as one.
    pub fn answer(&mut self) -> Option<Answer> {
        let mut head = String::new();
        loop {
            let before = head.len();
            match self.stream.read_line(&mut head) {
                Ok(0) if before == 0 => return None,
                Ok(0) => panic!("cut in the head: {head}"),
                Ok(_) if head.ends_with("\r\n\r\n") => break,
                Ok(_) => {}
                // A cut TLS connection has no proper end.
                Err(_) if before == 0 => return None,
                Err(error) => panic!("{error} in the head: {head}"),
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body = vec![0; length];
        self.stream.read_exact(&mut answer.body).unwrap();
        Some(answer)
    }

    /// Sends a request and reads its answer.
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Answer {
        self.send(bytes);
        self.answer().expect("an answer")
    }
}

/// The session of a client, and how it signs.
pub struct Session {
    pub id: String,
    key: String,
}

impl Session {
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 201, "{}", answer.text());
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Self { id: text("id"), key: text("accessKey") }
    }

    /// The Authorization header's value. Without a body the digest and the media type are empty.
    pub fn sign(&self, verb: &str, md5: &str, content_type: &str, date: &str, target: &str) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.key.as_bytes()).unwrap();
        mac.update(format!("{verb}\n{md5}\n{content_type}\n{date}\n{target}").as_bytes());
        format!("AWS {}:{}", self.id, STANDARD.encode(mac.finalize().into_bytes()))
    }
}

pub fn digest(body: &str) -> String {
    STANDARD.encode(Md5::digest(body.as_bytes()))
}

fn tls(fingerprint: &str) -> ClientConnection {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned { fingerprint: fingerprint.to_owned(), provider }))
        .with_no_client_auth();
    ClientConnection::new(Arc::new(config), ServerName::try_from("127.0.0.1").unwrap()).unwrap()
}

/// Takes the one certificate that the simulator said it would show.
#[derive(Debug)]
struct Pinned {
    fingerprint: String,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown: Vec<String> = Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(shown.join(":"), self.fingerprint);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
