//! Which proxy leads to a server: the variables of the environment by the rules of curl, which are git's too.

use std::fmt;
use std::net::IpAddr;

use super::url::{RepositoryUrl, Scheme};

/// What the environment says of proxies.
#[derive(Clone, Default)]
pub struct Proxies {
    http: Option<String>,
    https: Option<String>,
    all: Option<String>,
    /// Hosts that are reached without one.
    none: String,
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(proxies, maybe with passwords)")
    }
}

impl Proxies {
    /// Takes what curl takes. There is no `HTTP_PROXY`: whoever asks a web server for a page may set that.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        let either = |lower: &str, upper: &str| said(lower).or_else(|| said(upper));
        Self {
            http: said("http_proxy"),
            https: either("https_proxy", "HTTPS_PROXY"),
            all: either("all_proxy", "ALL_PROXY"),
            none: either("no_proxy", "NO_PROXY").unwrap_or_default(),
        }
    }

    /// The URL of the proxy for a server, if there is one between.
    pub(super) fn for_server(&self, url: &RepositoryUrl) -> Option<&str> {
        let (own, usual_port) = if url.scheme() == Scheme::Https { (&self.https, "443") } else { (&self.http, "80") };
        let proxy = own.as_deref().or(self.all.as_deref())?;
        let (host, port) = host_and_port(url.host());
        let port = port.unwrap_or(usual_port);
        let mut exceptions = self.none.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
        (!exceptions.any(|entry| entry == "*" || names(&entry.to_ascii_lowercase(), host, port))).then_some(proxy)
    }
}

/// Whether an entry of `no_proxy` names a server: by its domain or one above, by its address or its network, with a port or for all.
fn names(entry: &str, host: &str, port: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>()
        && let Some((network, bits)) = entry.split_once('/')
    {
        return network
            .parse()
            .ok()
            .zip(bits.parse().ok())
            .is_some_and(|(network, bits)| holds(network, bits, address));
    }
    let (domain, only) = host_and_port(entry);
    let domain = domain.trim_matches('.');
    let below = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_it = if host.parse::<IpAddr>().is_ok() { host == domain } else { below };
    is_it && !domain.is_empty() && only.is_none_or(|only| only == port)
}

fn holds(network: IpAddr, bits: u32, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            bits <= 32 && (network.to_bits() ^ address.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            bits <= 128 && (network.to_bits() ^ address.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

/// `host`, `host:port`, `[address]`, `[address]:port`, or an address of its own.
fn host_and_port(text: &str) -> (&str, Option<&str>) {
    if let Some((address, after)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return (address, after.strip_prefix(':'));
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let of = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Proxies::of(of).for_server(&RepositoryUrl::new(url).unwrap()).map(str::to_owned)
    }

    #[test]
    fn the_scheme_chooses_the_proxy() {
        let all = [("http_proxy", "h"), ("HTTPS_PROXY", "s"), ("ALL_PROXY", "a"), ("HTTP_PROXY", "x")];
        assert_eq!(chosen(&all, "http://host/o/r").as_deref(), Some("h"));
        assert_eq!(chosen(&all, "https://host/o/r").as_deref(), Some("s"));
        assert_eq!(chosen(&all[2..], "http://host/o/r").as_deref(), Some("a"));
        assert_eq!(chosen(&all[..1], "https://host/o/r"), None);
        assert_eq!(chosen(&all[3..], "http://host/o/r"), None);
        assert_eq!(chosen(&[("https_proxy", ""), ("HTTPS_PROXY", "s")], "https://host/o/r").as_deref(), Some("s"));
    }

    #[test]
    fn what_no_proxy_names_is_reached_without_one() {
        let is_direct = |none: &str, url: &str| chosen(&[("all_proxy", "a"), ("no_proxy", none)], url).is_none();
        for (none, host) in [
            ("*", "host"),
            ("a.example, example.org", "example.org"),
            ("a.example example.org", "git.example.org"),
            (".Example.org", "git.example.org"),
            (".example.org", "example.org"),
            ("example.org:443", "example.org"),
            ("example.org:8443", "example.org:8443"),
            ("127.0.0.1", "127.0.0.1:99"),
            ("10.0.0.0/8", "10.1.2.3"),
            ("[::1]", "[::1]:99"),
            ("fd00::/8", "[fd12::1]"),
        ] {
            assert!(is_direct(none, &format!("https://{host}/o/r")), "{none} {host}");
        }
        for (none, host) in [
            ("", "host"),
            ("example.org", "myexample.org"),
            ("git.example.org", "example.org"),
            ("example.org:80", "example.org"),
            ("0.0.1", "127.0.0.1"),
            ("10.0.0.0/8", "11.1.2.3"),
            (".", "host"),
        ] {
            assert!(!is_direct(none, &format!("https://{host}/o/r")), "{none} {host}");
        }
    }
}
