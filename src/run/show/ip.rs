//! IP addresses, as Go's `net.IP.String` prints them (`src/net/ip.go`).

use super::text::CUT;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The address that these bytes are.
pub(crate) fn go(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "<nil>".to_owned();
    }
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ipv4Addr::from(four).to_string();
    }
    let Ok(sixteen) = <[u8; 16]>::try_from(bytes) else {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        return format!("?{digits}");
    };
    let six = Ipv6Addr::from(sixteen);
    match six.to_ipv4_mapped() {
        Some(four) => four.to_string(),
        None => six.to_string(),
    }
}

/// Whether the address that these bytes are may have a zone: it is one of version 6.
fn has_zone(bytes: &[u8]) -> bool {
    let six = <[u8; 16]>::try_from(bytes).map(Ipv6Addr::from);
    six.is_ok_and(|six| six.to_ipv4_mapped().is_none())
}

/// An address with its zone, and a port if there is one, as `net.TCPAddr.String` and `net.IPAddr.String` print it. None
/// is a zone that is not known.
pub(crate) fn endpoint(bytes: &[u8], zone: Option<&[u8]>, port: Option<u64>) -> Vec<u8> {
    let mut out = match bytes {
        [] => Vec::new(),
        bytes => go(bytes).into_bytes(),
    };
    match zone {
        Some([]) => {}
        Some(zone) => {
            out.push(b'%');
            out.extend(zone);
        }
        None if has_zone(bytes) => out.extend(CUT.bytes()),
        None => {}
    }
    let Some(port) = port else {
        return out;
    };
    if out.iter().any(|byte| matches!(byte, b':' | b'%')) {
        out = [b"[", out.as_slice(), b"]"].concat();
    }
    out.extend(format!(":{}", port.cast_signed()).into_bytes());
    out
}

/// An address and its mask, as `net.IPNet.String` prints them.
pub(crate) fn network(bytes: &[u8], mask: &[u8]) -> String {
    let six = <[u8; 16]>::try_from(bytes).ok().map(Ipv6Addr::from);
    let four = six.and_then(|six| six.to_ipv4_mapped());
    let four = four.or_else(|| <[u8; 4]>::try_from(bytes).ok().map(Ipv4Addr::from));
    let mask = match (four, mask.len()) {
        (Some(_), 4) => mask,
        (Some(_), 16) => mask.get(12..).unwrap_or_default(),
        (None, 16) if six.is_some() => mask,
        _ => return "<nil>".to_owned(),
    };
    let ones: u32 = mask.iter().map(|byte| byte.leading_ones()).sum();
    let bits = mask
        .iter()
        .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let all = mask.len() as u32 * 8;
    // Ones, and then nothing but zeros.
    if (bits << (128 - all)).leading_ones() == ones {
        return format!("{}/{ones}", go(bytes));
    }
    let digits: String = mask.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}/{digits}", go(bytes))
}

/// A `netip.Addr` (`src/net/netip/netip.go`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Addr {
    /// The first eight bytes as one number.
    pub(crate) high: u64,
    /// The other eight.
    pub(crate) low: u64,
    /// It is an address.
    pub(crate) is_valid: bool,
    /// It is of version 6, which an address of version 4 in one of version 6 is as well.
    pub(crate) is_six: bool,
    pub(crate) zone: Vec<u8>,
}

impl Addr {
    /// As its `String` method prints it.
    pub(crate) fn shown(&self) -> Vec<u8> {
        if !self.is_valid {
            return b"invalid IP".to_vec();
        }
        let bits = u128::from(self.high) << 64 | u128::from(self.low);
        if !self.is_six {
            return Ipv4Addr::from(self.low as u32).to_string().into_bytes();
        }
        let mut out = Ipv6Addr::from(bits).to_string().into_bytes();
        if !self.zone.is_empty() {
            out.push(b'%');
            out.extend(&self.zone);
        }
        out
    }

    /// As `AddrPort.String` prints it.
    pub(crate) fn with_port(&self, port: u64) -> Vec<u8> {
        let mut out = match (self.is_valid, self.is_six) {
            (false, _) => return b"invalid AddrPort".to_vec(),
            (true, true) => [b"[", self.shown().as_slice(), b"]"].concat(),
            (true, false) => self.shown(),
        };
        out.extend(format!(":{port}").into_bytes());
        out
    }

    /// As `Prefix.String` prints it, by its number of bits and one.
    pub(crate) fn with_bits(&self, bits_and_one: u64) -> Vec<u8> {
        match bits_and_one.checked_sub(1) {
            Some(bits) if self.is_valid && bits <= 128 => {
                let mut out = self.shown();
                out.extend(format!("/{bits}").into_bytes());
                out
            }
            _ => b"invalid Prefix".to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{endpoint, go, network};

    #[test]
    fn networks_are_go_s() {
        assert_eq!(network(&[10, 0, 0, 1], &[255, 0, 0, 0]), "10.0.0.1/8");
        assert_eq!(network(&[10, 0, 0, 1], &[255, 0, 255, 0]), "10.0.0.1/ff00ff00");
        assert_eq!(
            network(&[0x20; 16], &[255; 16]),
            "2020:2020:2020:2020:2020:2020:2020:2020/128"
        );
        assert_eq!(network(&[10, 0, 0, 1], &[0; 4]), "10.0.0.1/0");
        assert_eq!(network(&[], &[]), "<nil>");
    }

    #[test]
    fn are_go_s() {
        assert_eq!(go(&[127, 0, 0, 1]), "127.0.0.1");
        let mut mapped = [0; 16];
        mapped[10..].copy_from_slice(&[0xff, 0xff, 10, 0, 0, 2]);
        assert_eq!(go(&mapped), "10.0.0.2");
        let mut six = [0; 16];
        six[..4].copy_from_slice(&[0x20, 1, 0x0d, 0xb8]);
        six[15] = 0x68;
        assert_eq!(go(&six), "2001:db8::68");
        assert_eq!(endpoint(&six, Some(b""), Some(80)), b"[2001:db8::68]:80");
        assert_eq!(endpoint(&six, None, Some(80)), "[2001:db8::68…]:80".as_bytes());
        assert_eq!(endpoint(&[10, 0, 0, 1], None, Some(80)), b"10.0.0.1:80");
        assert_eq!(go(&[]), "<nil>");
    }
}
