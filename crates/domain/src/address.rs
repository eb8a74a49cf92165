//! Which addresses are somebody's public server, and which lead into a network that is nobody else's business.
//!
//! Whoever may name a webhook must not reach the hotel's own machines with it (design 11). So this is a list of what is
//! public, not of what is forbidden: an address that no rule here knows is not public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix_length: u8,
}

/// Why a text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is written like 192.168.10.0/24 or fd00:10::/64, a single address without a slash")]
pub struct MalformedNetwork;

impl Network {
    /// Whether the address lies in it. An IPv4 address never lies in an IPv6 network, in whatever form it is written.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared = |left: u128, right: u128, width: u32| {
            let ignored = width - u32::from(self.prefix_length);
            left.checked_shr(ignored).unwrap_or(0) == right.checked_shr(ignored).unwrap_or(0)
        };
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                shared(first.to_bits().into(), address.to_bits().into(), Ipv4Addr::BITS)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => shared(first.to_bits(), address.to_bits(), Ipv6Addr::BITS),
            _ => false,
        }
    }
}

impl std::str::FromStr for Network {
    type Err = MalformedNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| MalformedNetwork)?;
        let widest: u8 = if first.is_ipv4() { 32 } else { 128 };
        let prefix_length = match length {
            // "+8" would parse as a number.
            Some(digits) if !digits.bytes().all(|byte| byte.is_ascii_digit()) => return Err(MalformedNetwork),
            Some(digits) => digits.parse().map_err(|_| MalformedNetwork)?,
            None => widest,
        };
        if prefix_length > widest { Err(MalformedNetwork) } else { Ok(Self { first, prefix_length }) }
    }
}

const fn v4(first: [u8; 4], prefix_length: u8) -> Network {
    Network { first: IpAddr::V4(Ipv4Addr::new(first[0], first[1], first[2], first[3])), prefix_length }
}

const fn v6(high: [u16; 4], prefix_length: u8) -> Network {
    let first = Ipv6Addr::new(high[0], high[1], high[2], high[3], 0, 0, 0, 0);
    Network { first: IpAddr::V6(first), prefix_length }
}

/// IPv4 that no public server has (IANA's registry of special-purpose addresses, and what clouds answer their own
/// machines at).
const NOT_PUBLIC_V4: [Network; 16] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    // Shared by the customers of a provider; one cloud's metadata is there.
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    // Link-local; the metadata of most clouds.
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    // Relays of 6to4: they lead to whatever the packet inside says.
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // Multicast, and what is reserved above it with the broadcast.
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
    // Looks public; the host agent of a cloud.
    v4([168, 63, 129, 16], 32),
];

/// The only IPv6 that is given to servers at large: everything else is local, multicast, mapped from IPv4, or not
/// given to anybody.
const GLOBAL_V6: Network = v6([0x2000, 0, 0, 0], 3);

/// What inside it no public server has, or leads elsewhere: protocols (Teredo among them), documentation, and 6to4,
/// which wraps IPv4 addresses.
const NOT_PUBLIC_V6: [Network; 4] =
    [v6([0x2001, 0, 0, 0], 23), v6([0x2001, 0x0db8, 0, 0], 32), v6([0x2002, 0, 0, 0], 16), v6([0x3fff, 0, 0, 0], 20)];

/// Whether a public server can have this address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => !NOT_PUBLIC_V4.iter().any(|network| network.contains(address)),
        IpAddr::V6(_) => GLOBAL_V6.contains(address) && !NOT_PUBLIC_V6.iter().any(|network| network.contains(address)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn public_servers_are_public() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.216.34",
            "172.15.0.1",
            "172.32.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2001:4860:4860::8888",
            "3ffe::1",
        ] {
            assert!(is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn addresses_that_lead_inside_are_not_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.88.99.1",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "239.255.255.250",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            // IPv4 in clothes: compatible, mapped, translated, NAT64, 6to4, Teredo.
            "::10.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::10.0.0.1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(!is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn a_network_is_read_and_knows_its_addresses() {
        let contains = |network: &str, text: &str| network.parse::<Network>().unwrap().contains(address(text));
        assert!(contains("192.168.10.0/24", "192.168.10.255") && !contains("192.168.10.0/24", "192.168.11.0"));
        assert!(contains("10.0.0.5", "10.0.0.5") && !contains("10.0.0.5", "10.0.0.6"));
        assert!(contains("0.0.0.0/0", "8.8.8.8") && !contains("::/0", "8.8.8.8"));
        assert!(contains("fd00:10::/64", "fd00:10::7") && !contains("fd00:10::/64", "fd00:11::7"));
        for text in ["", "10.0.0.0/33", "fd00::/129", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "hotel.example"] {
            assert_eq!(text.parse::<Network>(), Err(MalformedNetwork), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_private_address_is_public_in_any_clothes(
            (octets, prefix) in (any::<[u8; 4]>(), prop::sample::select(vec![
                [10, 0, 0, 0], [127, 0, 0, 0], [169, 254, 0, 0], [172, 16, 0, 0], [192, 168, 0, 0], [100, 64, 0, 0], [0, 0, 0, 0],
            ])),
            host in any::<[u16; 4]>(),
        ) {
            let kept: usize = match prefix[0] { 10 | 127 | 0 => 1, _ => 2 };
            let mut bytes = octets;
            bytes[..kept].copy_from_slice(&prefix[..kept]);
            let inner = Ipv4Addr::from(bytes);
            let [a, b, c, d] = inner.octets().map(u16::from);
            let (high, low) = ((a << 8) | b, (c << 8) | d);
            let dressed = [
                IpAddr::V4(inner),
                IpAddr::V6(inner.to_ipv6_mapped()),
                IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low)),
                IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low)),
                IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low)),
                IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 1, host[0], host[1], 0, high, low)),
                IpAddr::V6(Ipv6Addr::new(0x2002, high, low, host[0], host[1], host[2], host[3], 0)),
                IpAddr::V6(Ipv6Addr::new(0x2001, 0, host[0], host[1], host[2], host[3], !high, !low)),
            ];
            for address in dressed {
                prop_assert!(!is_public(address), "{address}");
            }
        }

        #[test]
        fn what_the_standard_library_calls_local_is_not_public(bits in any::<u128>(), kind in 0..4_u8) {
            let local = match kind {
                0 => (0xfc << 120) | (bits >> 7),
                1 => (0xfe80 << 112) | (bits >> 10),
                2 => (0xff << 120) | (bits >> 8),
                _ => bits,
            };
            let address = Ipv6Addr::from_bits(local);
            let is_local = address.is_loopback() || address.is_unspecified() || address.is_multicast()
                || address.is_unique_local() || address.is_unicast_link_local() || address.to_ipv4().is_some();
            prop_assert!(!(is_local && is_public(IpAddr::V6(address))), "{address}");
            let address = Ipv4Addr::from_bits(u32::try_from(bits & 0xffff_ffff).unwrap());
            let is_local = address.is_loopback() || address.is_unspecified() || address.is_multicast()
                || address.is_private() || address.is_link_local() || address.is_broadcast() || address.is_documentation();
            prop_assert!(!(is_local && is_public(IpAddr::V4(address))), "{address}");
        }
    }
}
