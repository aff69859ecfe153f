//! IP addresses, as Go's `net.IP.String` prints them (`src/net/ip.go`).

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

/// An address with a port, as `net.TCPAddr.String` prints it.
pub(crate) fn with_port(bytes: &[u8], port: u64) -> String {
    if bytes.is_empty() {
        return format!(":{port}");
    }
    let ip = go(bytes);
    if ip.contains(':') {
        format!("[{ip}]:{port}")
    } else {
        format!("{ip}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::{go, with_port};

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
        assert_eq!(with_port(&six, 80), "[2001:db8::68]:80");
        assert_eq!(go(&[]), "<nil>");
    }
}
