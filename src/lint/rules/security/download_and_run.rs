use super::evidence::CURL_BASH;
use super::{pipes_into_interpreter, speaks_against};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// Where makers of well-known tools keep the installer that their own documentation tells to run so.
const INSTALLERS: [&str; 14] = [
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
];

pub(super) static RULE: Rule = Rule {
    name: "security/download-and-run",
    severity: Severity::Warning,
    summary: "a command downloads a program and runs it unseen",
    why: "Whoever holds the address decides what runs on the user's machine, each time anew. The documented installers of well-known tools \
          are a hint only; text that warns of such commands is left alone.",
    evidence: &[CURL_BASH],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```bash\ncurl -fsSL https://parcels.example/install.sh | bash\n```\n"),
        Example::Body("```sh\nsh -c \"$(wget -qO- https://parcels.example/x)\"\n```\n"),
        Example::Body("```sh\nbash <(curl -s https://parcels.example/x)\n```\n"),
        Example::Body("```sh\ncurl -s parcels.example/x | sh\n```\n"),
        Example::Body("```sh\ncurl -s \"$PARCELS_URL\" | sh\n```\n"),
    ],
    good: &[
        Example::Body("Never run `curl | bash`, and never `curl https://parcels.example/x | sh`.\n"),
        Example::Body(
            "```bash\ncurl -s https://parcels.example/list.json | jq .\ncurl -o x.sh https://parcels.example/x.sh\n```\n",
        ),
        Example::Body("The pattern `curl https://parcels.example/x | sh` is dangerous.\n"),
    ],
    check: Check::Literals(&["curl ", "wget ", "irm ", "Invoke-WebRequest", "fetch http"], check),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let in_code = hits.iter().copied().filter(|hit| context.in_code_block(*hit));
    context.once_a_line(in_code, |hit, line| {
        let (before, command) = (&text[line.start..hit.start], &text[hit.start..line.end]);
        if !names_a_place(command) || before.contains('#') || speaks_against(context.slice(line)) {
            return false;
        }
        let substituted =
            ["sh -c \"$(", "bash -c \"$(", "eval \"$(", "eval $(", "bash <(", "sh <(", "source <(", "zsh <("]
                .iter()
                .any(|start| before.trim_end().ends_with(start));
        let runs = substituted || pipes_into_interpreter(command);
        if runs {
            let known = urls(command).next().is_some() && urls(command).all(is_installer);
            let span = Span::new(hit.start, line.end);
            let diagnostic = sink.report(span, "this downloads a program and runs it unseen");
            diagnostic.help("download it, look at it or check its digest, then run it");
            if known {
                diagnostic.at_most(Severity::Info);
            }
        }
        runs
    });
}

/// Whether the command says from where: some word after the program that is no option and no ellipsis.
fn names_a_place(command: &str) -> bool {
    let download = command.split('|').next().unwrap_or_default();
    download
        .split_whitespace()
        .skip(1)
        .any(|word| !word.starts_with('-') && word.contains(['.', '$', ':', '/']) && word != "...")
}

/// Every URL in a command, quotes and what the shell reads as the end of a word left out.
fn urls(command: &str) -> impl Iterator<Item = &str> {
    command.match_indices("://").map(|(at, _)| {
        let start = command[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
        let rest = &command[start..];
        let is_end = |c: char| c.is_whitespace() || "\"'`|;&)<>".contains(c);
        rest.split(is_end).next().unwrap_or(rest)
    })
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
        let known = |command: &str| urls(command).all(is_installer);
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
