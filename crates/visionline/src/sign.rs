//! Request signatures of Visionline's Web API (`spec/visionline.md` 1.3 to 1.5).
//!
//! Pure functions of the bytes that go on the wire. HMAC-SHA1 and MD5 are here because the protocol needs them
//! (design 11); nothing else of ours may use them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use sha1::Sha1;

use crate::secret::Secret;

/// The media type we send with a body, blank included: the vendor's own example spells it so, and the signature
/// covers the literal bytes.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The parts of a request that its signature covers, each exactly as sent.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The verb in upper case.
    pub method: &'a str,
    /// The value of the Content-MD5 header, empty when there is no body.
    pub content_md5: &'a str,
    /// The value of the Content-Type header, empty when there is no body.
    pub content_type: &'a str,
    /// The value of the Date header.
    pub date: &'a str,
    /// Path and query of the request line, in the escaping that is sent.
    pub path_and_query: &'a str,
}

impl Signed<'_> {
    /// The string to sign: five parts, a line feed after each but the last.
    pub fn text(&self) -> String {
        [self.method, self.content_md5, self.content_type, self.date, self.path_and_query].join("\n")
    }

    /// base64 of HMAC-SHA1 over [`Signed::text`].
    ///
    /// The key is the UTF-8 of the access key as received, even where it looks like base64.
    pub fn signature(&self, access_key: &Secret) -> String {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(access_key.expose().as_bytes()).expect("HMAC takes a key of any length");
        mac.update(self.text().as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// The value of the Authorization header.
pub fn authorization(session_id: &str, signature: &str) -> String {
    format!("AWS {session_id}:{signature}")
}

/// The value of the Content-MD5 header for these body bytes.
pub fn content_md5(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}

/// The value of the Date header: RFC 1123 form in GMT, whole seconds, rounded down.
pub fn date(now: Timestamp) -> String {
    now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Fri, 14 Nov 2025 10:15:30 GMT";
    const WITHOUT_BLANK: &str = "application/json;charset=utf-8";
    const CREATE: &str = "/api/v1/cards?action=mobileAccess&override=true";
    const BODY_V: &str = concat!(
        r#"{"expireTime":"20251116T1100","startTime":"20251114T1500","format":"rfid48","endPointID":"ep-1","#,
        r#""label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"Test","#,
        r#""doorOperations":[{"doors":["101"],"operation":"guest"}]}"#
    );

    fn signature(method: &str, body: Option<&str>, content_type: &str, date: &str, path_and_query: &str) -> String {
        let content_md5 = body.map(|body| content_md5(body.as_bytes())).unwrap_or_default();
        let signed = Signed { method, content_md5: &content_md5, content_type, date, path_and_query };
        signed.signature(&Secret::new("k3yForTestsOnly"))
    }

    #[test]
    fn vector_1_the_session_body_has_its_md5() {
        let body = br#"{"username":"sym","password":"sym"}"#;
        assert_eq!(body.len(), 35);
        assert_eq!(content_md5(body), "62vvvkRi3TRtURahQ++3Zg==");
    }

    #[test]
    fn vector_2_create_signed_with_a_content_type_without_blank() {
        assert_eq!(BODY_V.len(), 213);
        assert_eq!(content_md5(BODY_V.as_bytes()), "4vXxQyQY3DXcGOqh0nRM9g==");
        let signature = signature("POST", Some(BODY_V), WITHOUT_BLANK, DATE, CREATE);
        assert_eq!(signature, "N7r7fcrudbw7BgR6wjPyk7USagM=");
        assert_eq!(authorization("7f3a", &signature), "AWS 7f3a:N7r7fcrudbw7BgR6wjPyk7USagM=");
    }

    #[test]
    fn vector_3_create_signed_with_the_content_type_we_send() {
        assert_eq!(signature("POST", Some(BODY_V), CONTENT_TYPE, DATE, CREATE), "fICPR9VUTD1P//G8O+hd3K/kgxA=");
    }

    #[test]
    fn vector_4_create_signed_with_a_numeric_zone_and_no_blank() {
        let date = "Fri, 14 Nov 2025 10:15:30 -0000";
        assert_eq!(signature("POST", Some(BODY_V), WITHOUT_BLANK, date, CREATE), "EcrlR+9Ludwmo0ocLqWPmdEBgmw=");
    }

    #[test]
    fn vector_5_create_signed_with_a_numeric_zone_and_a_blank() {
        let date = "Fri, 14 Nov 2025 10:15:30 -0000";
        assert_eq!(signature("POST", Some(BODY_V), CONTENT_TYPE, date, CREATE), "V5Ajm2eKMC8Jl0LV6SUXHVG1nUg=");
    }

    #[test]
    fn vector_6_a_request_without_a_body_signs_two_empty_lines() {
        let signed =
            Signed { method: "GET", content_md5: "", content_type: "", date: DATE, path_and_query: "/api/v1/doors" };
        assert_eq!(signed.text(), "GET\n\n\nFri, 14 Nov 2025 10:15:30 GMT\n/api/v1/doors");
        assert_eq!(signature("GET", None, "", DATE, "/api/v1/doors"), "kO7XjLiTUzNZad7A9rYTiavAKSw=");
    }

    #[test]
    fn vector_7_the_query_is_part_of_the_signature() {
        assert_eq!(
            signature("GET", None, "", DATE, "/api/v1/cards?guestDoor=101&validTime=20251114T1500"),
            "zzvDgRvx7ACCuDqFthhOupZ6xww="
        );
    }

    #[test]
    fn vector_8_the_end_of_a_session() {
        assert_eq!(signature("DELETE", None, "", DATE, "/api/v1/sessions/7f3a"), "pcfOPdLbxWufRf6CRi3CiAoJB6E=");
    }

    #[test]
    fn vector_9_the_check_out_of_a_door() {
        let body = r#"{"checkedOut":true}"#;
        assert_eq!(content_md5(body.as_bytes()), "qvMdwuGs0agAvjVVpbIZVQ==");
        assert_eq!(
            signature("POST", Some(body), WITHOUT_BLANK, DATE, "/api/v1/doors/101"),
            "zWuTsLAOt16QG39IPWYiAabKzv4="
        );
    }

    #[test]
    fn the_date_is_in_gmt_with_two_digits_of_day() {
        let now: Timestamp = "2025-07-04T12:15:30.987+02:00".parse().unwrap();
        assert_eq!(date(now), "Fri, 04 Jul 2025 10:15:30 GMT");
    }
}
