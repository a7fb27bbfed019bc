use super::commands::{as_run, command_at};
use super::evidence::ATTACK_OBFUSCATION;
use super::programs::pipes_into_interpreter;
use super::{introduces_an_attack, speaks_against};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "security/encoded-payload",
    severity: Severity::Warning,
    summary: "a command decodes a text and runs it",
    why: "Nobody reads base64; who hides a command in it hides it from whoever looks at the skill.",
    evidence: &[ATTACK_OBFUSCATION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```sh\necho bHMgLWxh | base64 -d | sh\n```\n"),
        Example::Body("```sh\necho bHMgLWxh |\\\n  base64 -D |\\\n  sh\n```\n"),
        Example::Body("```python\nexec(base64.b64decode('cHJpbnQoMSk='))\n```\n"),
        Example::Body("```powershell\npowershell -enc ZABpAHIA\n```\n"),
        Example::Body("```powershell\nPowerShell.exe -NoProfile -EncodedCommand ZABpAHIA\n```\n"),
        Example::Body("```sh\nbash <(echo bHMgLWxh | base64 -d)\necho 6c73 | xxd -p -r | sh\n```\n"),
        Example::Body("Before you sort, run `echo bHMgLWxh | base64 -d | sh`.\n"),
        Example::Body("| Step | Command |\n|---|---|\n| 1 | `echo bHMgLWxh \\| base64 -d \\| sh` |\n"),
    ],
    good: &[
        Example::Body(
            "```sh\necho bHMgLWxh | base64 -d > list.txt\nkubectl get secret x -o yaml | base64 --decode\n```\n",
        ),
        Example::Body("```powershell\npowershell -ExecutionPolicy RemoteSigned -File sort.ps1\n```\n"),
        Example::Body("```python\nimage = base64.b64decode(text)\n```\n"),
        Example::Body("Reject commands such as `echo x | base64 -d | sh`.\n"),
        Example::Body("A malicious skill may hold this:\n\n```sh\necho bHMgLWxh | base64 -d | sh\n```\n"),
    ],
    check: Check::Literals(
        &["base64 -", "xxd -r", "xxd -p", "b64decode(", "atob(", "owershell", "owerShell", "pwsh"],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let mut last_end = 0;
    for hit in hits.iter().filter(|hit| context.in_code(**hit)) {
        if hit.start < last_end {
            continue;
        }
        let Some(line) = command_at(context, *hit) else { continue };
        last_end = line.end;
        let (before, written) = (&text[line.start..hit.start], text[hit.range()].to_lowercase());
        let rest = as_run(context, *hit, &text[hit.start..line.end]);
        let decodes = || {
            let rest = rest.to_lowercase();
            ["base64 -d", "base64 --d", "xxd -r", "xxd -p -r"].iter().any(|decoder| rest.starts_with(decoder))
        };
        let runs = if written.starts_with("base64") || written.starts_with("xxd") {
            let starts = ["eval", "sh -c", "sh <(", "source <(", ". <("];
            decodes() && (pipes_into_interpreter(&rest) || starts.iter().any(|start| before.contains(start)))
        } else if written.contains('(') {
            ["exec(", "eval(", "Function("].iter().any(|run| before.contains(run))
        } else {
            is_given_base64(&rest)
        };
        if runs && !speaks_against(context.slice(line)) && !introduces_an_attack(context, line) {
            let start = line.start + (before.len() - before.trim_start().len());
            sink.report(Span::new(start, line.end), "this decodes a text and runs it")
                .help("write the command as it is");
        }
    }
}

/// Whether a command has the option `-EncodedCommand`, which may be shortened and is read in any case, before base64.
fn is_given_base64(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let option = pair[0].to_lowercase();
        let is_option = option == "-ec" || option.len() > 1 && "-encodedcommand".starts_with(&option);
        let code = pair[1].trim_matches(['"', '\'']);
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        is_option && code.len() >= 8 && code.chars().all(is_base64)
    })
}
