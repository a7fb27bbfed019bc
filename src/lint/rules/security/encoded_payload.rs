use super::evidence::ATTACK_OBFUSCATION;
use super::{pipes_into_interpreter, speaks_against};
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
        Example::Body("```python\nexec(base64.b64decode('cHJpbnQoMSk='))\n```\n"),
        Example::Body("```powershell\npowershell -enc ZABpAHIA\n```\n"),
    ],
    good: &[
        Example::Body(
            "```sh\necho bHMgLWxh | base64 -d > list.txt\nkubectl get secret x -o yaml | base64 --decode\n```\n",
        ),
        Example::Body("```python\nimage = base64.b64decode(text)\n```\n"),
        Example::Body("Reject commands such as `echo x | base64 -d | sh`.\n"),
    ],
    check: Check::Literals(
        &[
            "base64 -d",
            "base64 --decode",
            "xxd -r",
            "b64decode(",
            "atob(",
            "powershell -e",
            "pwsh -e",
            "-encodedcommand",
        ],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let in_code = hits.iter().copied().filter(|hit| context.in_code_block(*hit));
    context.once_a_line(in_code, |hit, line| {
        let (before, written) = (&text[line.start..hit.start], text[hit.range()].to_lowercase());
        let decodes = || {
            ["base64 -d", "base64 --d", "xxd -r"]
                .iter()
                .any(|d| text[hit.start..line.end].to_lowercase().starts_with(d))
        };
        let runs = if written.starts_with("base64") || written.starts_with("xxd") {
            decodes()
                && (pipes_into_interpreter(&text[hit.start..line.end])
                    || ["eval", "sh -c"].iter().any(|run| before.contains(run)))
        } else if written.contains('(') {
            ["exec(", "eval(", "Function("].iter().any(|run| before.contains(run))
        } else {
            // `-e`, `-enc` or `-EncodedCommand`, then base64.
            let option = !written.ends_with('-') || text[hit.end..].starts_with(['e', 'E']);
            let argument = text[hit.end..line.end].split_whitespace().find(|word| word.len() >= 8);
            option
                && argument
                    .is_some_and(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')))
        };
        let hides = runs && !speaks_against(context.slice(line));
        if hides {
            let start = line.start + (before.len() - before.trim_start().len());
            sink.report(Span::new(start, line.end), "this decodes a text and runs it")
                .help("write the command as it is");
        }
        hides
    });
}
