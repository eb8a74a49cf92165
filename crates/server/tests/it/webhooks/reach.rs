//! Where webhooks never lead (design 11): into the network that the server stands in.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::HeaderMap;
use innkeep_server::webhooks::{Names, Policy, Post};

use super::endpoint::{Endpoint, Habit};

/// URLs that no workspace may use, unless it is said for which.
const REFUSED: [&str; 45] = [
    "",
    "hotel",
    "//example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "https://",
    "https://user@example.com/",
    "https://user:word@example.com/",
    "https://:word@example.com/",
    "https://example.com:0/",
    "https://example.com/a b",
    "https://exam\nple.com/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://10.0.0.1:8443/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://169.254.169.254/latest/meta-data/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://168.63.129.16/",
    // The parser reads all of these as 10.0.0.1.
    "https://167772161/",
    "https://0xa.0.0.1/",
    "https://012.0.0.1/",
    "https://10.1/",
    "https://１０.0.0.1/",
    "https://10.0.0.1./",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::10.0.0.1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[64:ff9b:1::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/",
];

/// And these only a sandbox.
const SANDBOX_ONLY: [&str; 5] =
    ["https://127.0.0.1/", "https://127.8.8.8/", "https://[::1]/", "https://2130706433/", "http://93.184.216.34/"];

fn policy(names: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Policy {
    Policy { names: Names::of(move |name| Ok(names(name))), ..Policy::default() }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn every_address_that_leads_inside_is_refused_and_public_ones_are_not() {
    let policy = policy(|_| vec![address("93.184.216.34"), address("2606:4700::1111")]);
    for url in REFUSED {
        assert!(policy.check(url, false).is_err(), "{url}");
        assert!(policy.check(url, true).is_err(), "{url} in a sandbox");
    }
    for url in SANDBOX_ONLY {
        assert!(policy.check(url, false).is_err(), "{url}");
        assert_eq!(policy.check(url, true), Ok(()), "{url} in a sandbox");
    }
    for url in [
        "https://example.com",
        "https://example.com:8443/hook?key=1#part",
        "https://93.184.216.34/",
        "https://[2606:4700::1111]/",
        "https://bücher.example/",
    ] {
        assert_eq!(policy.check(url, false), Ok(()), "{url}");
    }
    let long = format!("https://example.com/{}", "a".repeat(2000));
    assert!(policy.check(&long, false).is_err());
}

#[test]
fn a_name_is_refused_when_any_of_its_addresses_leads_inside() {
    for inside in ["10.0.0.1", "127.0.0.1", "::1", "169.254.169.254", "::ffff:10.0.0.1", "fd00::1"] {
        let policy = policy(move |_| vec![address("93.184.216.34"), address(inside)]);
        let refused = policy.check("https://example.com/", false).unwrap_err().to_string();
        assert!(refused.contains("not public"), "{refused}");
        assert!(!refused.contains(inside), "what a name leads to is nobody's business: {refused}");
    }
    let nowhere = Policy { names: Names::of(|_| Err(std::io::Error::other("cut off"))), ..Policy::default() };
    assert_eq!(nowhere.check("https://example.com/", false), Ok(()), "the hotel may be cut off for a while");
}

#[test]
fn the_operator_allows_networks_and_plain_http() {
    let allowed_networks = vec!["10.0.5.0/24".parse().unwrap(), "fd00:10::/64".parse().unwrap()];
    let policy = Policy { allowed_networks, allows_http: true, ..policy(|_| vec![address("10.0.5.9")]) };
    for url in ["http://10.0.5.7/", "https://10.0.5.7/", "https://[fd00:10::1]/", "https://hooks.hotel.example/"] {
        assert_eq!(policy.check(url, false), Ok(()), "{url}");
    }
    for url in ["https://10.0.6.7/", "https://[::ffff:10.0.5.7]/", "https://127.0.0.1/"] {
        assert!(policy.check(url, false).is_err(), "{url}");
    }
}

/// The endpoint listens at a loopback address; outside a sandbox nothing may reach it by any name.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_turns_inside_after_the_check_is_not_connected_to() {
    let endpoint = Endpoint::with(Habit::Answer(200));
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let policy = Policy {
        allows_http: true,
        ..policy(move |_| match counter.fetch_add(1, Ordering::SeqCst) {
            0 => vec![address("93.184.216.34")],
            _ => vec![address("127.0.0.1")],
        })
    };
    let url = format!("http://rebinding.example:{}/hook", endpoint.port());
    assert_eq!(policy.check(&url, false), Ok(()), "it is public when the webhook is made");
    let post = Post::new(policy);
    let problem = post.send(&url, false, HeaderMap::new(), b"{}".to_vec()).await.unwrap_err();
    assert!(problem.contains("not public") && !problem.contains("127.0.0.1"), "{problem}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert_eq!(endpoint.connections(), 0);

    // In a sandbox the same name is reached, so what refused it was the address.
    assert_eq!(post.send(&url, true, HeaderMap::new(), b"{}".to_vec()).await, Ok(200));
    endpoint.next();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_allowed_once_is_checked_again_at_each_attempt() {
    let endpoint = Endpoint::with(Habit::Answer(200));
    let allowed =
        Policy { allowed_networks: vec!["127.0.0.0/8".parse().unwrap()], allows_http: true, ..Policy::default() };
    assert_eq!(Post::new(allowed).send(&endpoint.url(), false, HeaderMap::new(), b"{}".to_vec()).await, Ok(200));
    let narrower = Policy { allows_http: true, ..Policy::default() };
    let problem = Post::new(narrower).send(&endpoint.url(), false, HeaderMap::new(), b"{}".to_vec()).await.unwrap_err();
    assert!(problem.contains("not public"), "{problem}");
    assert_eq!(endpoint.connections(), 1);
}
