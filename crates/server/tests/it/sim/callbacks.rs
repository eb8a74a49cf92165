//! Callbacks over the wire: to the addresses of the property file, in order (`spec/visionline.md` 5.4).

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::PathBuf,
};

use serde_json::{Value, json};

use super::process::Sim;

/// One callback as it arrived: path, Authorization, body.
fn receive(listener: &TcpListener) -> (String, Option<String>, Value) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
    }
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let mut body = vec![0; header("content-length").unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    // A redirect must not be followed: nobody listens there.
    let answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    reader.get_mut().write_all(answer.as_bytes()).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    (path, header("authorization"), serde_json::from_slice(&body).unwrap())
}

#[test]
fn endpoint_callbacks_arrive_in_order_at_the_address_of_the_property_file() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hotel.toml");
    let meridian = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../visionline-sim/src/property/meridian.toml");
    let knobs = format!(
        "\n[knobs]\nendpoint_callback_url = \"http://{address}/assaservice/api/callbackEndpoint\"\n\
         callback_authorization = \"Basic dGVzdDp0ZXN0\"\n"
    );
    fs::write(&file, fs::read_to_string(meridian).unwrap() + &knobs).unwrap();

    let sim = Sim::start(&["--tls", "off", "--property", file.to_str().unwrap()]);
    let body = json!({"endpointId": "guest-7"}).to_string();
    let invited = sim.connect().ask(format!(
        "POST /endpoint/invitation HTTP/1.1\r\nHost: cs\r\nAuthorization: Basic amFuZToxMjM0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let code = invited.json()["invitationCode"].clone();
    sim.control("POST", "phones/redeem", &json!({"invitation_code": code}));
    for status in ["INVITATION_PENDING", "ACKNOWLEDGED", "ACTIVATING", "ACTIVE"] {
        let (path, authorization, body) = receive(&listener);
        assert_eq!(path, "/assaservice/api/callbackEndpoint");
        assert_eq!(authorization.as_deref(), Some("Basic dGVzdDp0ZXN0"));
        let expected = json!({"callbackType": "ENDPOINT", "endpointId": "guest-7", "endpointStatus": status});
        assert_eq!(body, expected);
    }
}
