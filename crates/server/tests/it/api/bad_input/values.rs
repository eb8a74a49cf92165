//! Values that no caller should send, and bodies that are no JSON.

use serde_json::{Map, Value, json};

use super::random::Random;

const TEXTS: [&str; 48] = [
    "",
    " ",
    "\t\r\n",
    "\0",
    "a\0b",
    "\u{1}\u{8}\u{1b}[31m\u{7f}",
    "\u{85}\u{2028}\u{2029}",
    "e\u{301}",
    "\u{202e}101\u{202c}",
    "\u{200b}\u{feff}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{fffd}\u{ffff}\u{10ffff}",
    "İıſẞ",
    "日本語 ลิฟต์ שלום",
    "' OR 1=1 --",
    "\"; DROP TABLE audit; --",
    "%",
    "_%_",
    "\\",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "%ROOMNUM% - %SITENAME%",
    "%%%",
    "null",
    "undefined",
    "NaN",
    "true",
    "0x10",
    "-0",
    "1e400",
    "99999999999999999999999999",
    "01970000-0000-7000-8000-0000000000ff",
    "01970000-0000-7000-8000-0000000000fF ",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{01970000-0000-7000-8000-0000000000ff}",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "-009999-01-01T00:00:00Z",
    "+262143-12-31T23:59:59Z",
    "2025-02-30T00:00:00Z",
    "2025-06-01T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2025-06-01T10:00:00+99:99",
    "2030-10-27T02:30:00",
    "AAAA",
    "====",
];

/// Any text: one of those that made trouble elsewhere, or characters at random, sometimes many.
pub fn text(random: &mut Random) -> String {
    match random.below(10) {
        0..6 => (*random.pick(&TEXTS)).to_owned(),
        6 => random.pick(&TEXTS).repeat(1 + random.below(60)),
        7 => random.pick(&["x", "ä", "🗝", " ", "\\", "\""]).repeat(random.below(3_000)),
        _ => (0..random.below(24)).map(|_| character(random)).collect(),
    }
}

fn character(random: &mut Random) -> char {
    let end = *random.pick(&[0x80, 0x80, 0x300, 0x3000, 0x11_0000]);
    u32::try_from(random.below(end)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

/// Any value, rarely a fitting one.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 12 } else { 16 }) {
        0 => Value::Null,
        1 => json!(random.percent(50)),
        2 => json!(*random.pick(&[0, 1, -1, i64::MIN, i64::MAX, 4_294_967_296, -2_147_483_649])),
        3 => json!(u64::MAX),
        4 => json!(*random.pick(&[0.5, -0.0, 1e308, 1e-320, 5.0, 9_007_199_254_740_993.0, -1e18])),
        5..12 => Value::from(text(random)),
        12 | 13 => (0..random.below(5)).map(|_| value(random, depth - 1)).collect(),
        14 => nested(random),
        _ => {
            let members = (0..random.below(5)).map(|_| (name(random), value(random, depth - 1)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn name(random: &mut Random) -> String {
    match random.below(4) {
        0 => text(random),
        1 => "_errors".to_owned(),
        2 => "__proto__".to_owned(),
        _ => format!("member_{}", random.below(9)),
    }
}

/// As deep as the parser goes, and deeper.
fn nested(random: &mut Random) -> Value {
    let depth = *random.pick(&[3, 30, 100, 126, 127, 200]);
    let mut inner = Value::from(text(random));
    for _ in 0..depth {
        inner = if random.percent(50) { json!([inner]) } else { json!({"a": inner}) };
    }
    inner
}

/// A value so large that the body comes near its limit or passes it.
pub fn huge(random: &mut Random) -> Value {
    let size = *random.pick(&[20_000, 60_000, 250_000]);
    match random.below(5) {
        0 => Value::from("x".repeat(size * 4)),
        1 => vec![json!(1); size].into(),
        2 => vec![json!("01970000-0000-7000-8000-0000000000ff"); size / 20].into(),
        3 => (0..size / 10).map(|at| (format!("k{at}"), json!("v"))).collect::<Map<_, _>>().into(),
        _ => vec![json!([{}]); size / 8].into(),
    }
}

/// A body made of a good one that is no JSON, or JSON that is no object, or an object with a trap in it.
pub fn broken_body(random: &mut Random, good: &str) -> Vec<u8> {
    let with_member = |member: &str| {
        let rest = good.strip_prefix('{').unwrap_or("}");
        let comma = if rest == "}" { "" } else { "," };
        format!("{{{member}{comma}{rest}").into_bytes()
    };
    match random.below(18) {
        0 => good.as_bytes()[..random.below(good.len() + 1)].to_vec(),
        1 => (0..random.below(300)).map(|_| random.bits().to_le_bytes()[0]).collect(),
        2 => {
            let mut bytes = good.as_bytes().to_vec();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                bytes[at] = random.bits().to_le_bytes()[0];
            }
            bytes
        }
        3 => good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        4 => [b"\xef\xbb\xbf", good.as_bytes()].concat(),
        5 => with_member(r#""limit":"\ud800""#),
        6 => with_member(r#""limit":1e999999"#),
        7 => with_member(&format!(r#""limit":{}"#, "9".repeat(5_000))),
        8 => with_member(&format!(r#""limit":1,"limit":{}"#, random.pick(&["2", "null", "\"x\"", "{}"]))),
        9 => with_member(&format!(r#""detail":{}"#, "[".repeat(random.below(100_000)))),
        10 => with_member(&format!(r#""detail":{}1{}"#, "{\"a\":".repeat(126), "}".repeat(126))),
        11 => format!("[{good}]").into_bytes(),
        12 => random.pick(&["null", "true", "0", "\"{}\"", "[]", "NaN", "{}{}", "{,}", "{'a':1}"]).as_bytes().to_vec(),
        13 => format!("{good}{}", random.pick(&[" ", "\n\n", "\0", "x", "//", ","])).into_bytes(),
        14 => with_member("\"\":1"),
        15 => with_member(r#""page_cursor":[],"page_cursor":{}"#),
        16 => format!("{}{good}", " ".repeat(random.below(60_000))).into_bytes(),
        _ => url_encoded(good).into_bytes(),
    }
}

/// Percent-encodes everything but letters and digits.
pub fn url_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
