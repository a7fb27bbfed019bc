use super::evidence::BASH_GRAMMAR;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell;
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "shell/syntax",
    severity: Severity::Warning,
    summary: "a block of shell code does not parse",
    why: "An agent copies the block into a shell, which refuses it or waits for the rest of an open quote. Placeholders and dots are taken for \
          words, and what a terminal showed, with its prompts, is left alone.",
    evidence: &[BASH_GRAMMAR],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```bash\necho \"Sorted\n```\n"),
        Example::Body("```sh\nif test -f parcels; then\n  sort parcels\n```\n"),
        Example::Body("```sh\npost get <parcel-id> --note \"{note}\n```\n"),
        Example::Body("```sh\nfind . \\\\( -name '*.json' \\\\)\n```\n"),
    ],
    good: &[
        Example::Body("```bash\nfor parcel in *.json; do\n  jq '.size' \"$parcel\"\ndone\n```\n"),
        Example::Body(
            "```bash\npost get <parcel-id> [--all] {format} {{ note }} >...\n{folder}/sort.sh -p 'size' [-F] list[0][size]=1\n```\n",
        ),
        Example::Body("```bash\n$ sort parcels (all\nsorted\n```\n\n```bash\n(gdb) print (a\n```\n"),
        Example::Body("```bash\nsort --all >/dev/null <<<\"$parcels\" || exit\n```\n"),
        Example::Body("```bash\npost get [options]\n\nOptions:\n  -a, --all   All of them (slow)\n```\n"),
        Example::Body("```bash\nsort <file> ...\n```\n\n```console\n$ echo \"x\n```\n\n```python\nprint(\"(\")\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for block in super::blocks(context) {
        let code = context.slice(block.content);
        let Some(error) = shell::remembered(code, error_in) else { continue };
        let span = error.shifted(block.content.start);
        // An error at the end of the block is best shown on its first line.
        let span = if context.slice(span).trim().is_empty() { block.language } else { span };
        sink.report(span, "this shell code does not parse");
    }
}

/// The first place at which no shell would read on, whatever the placeholders stand for.
fn error_in(code: &str) -> Option<Span> {
    shell::first_error(code)?;
    let shows_a_terminal = is_session(code) || is_usage(code);
    if shows_a_terminal { None } else { shell::first_error(&with_stand_ins(code)) }
}

/// Whether the block shows what a terminal showed: lines behind a prompt, and answers to them.
fn is_session(code: &str) -> bool {
    code.lines().any(|line| {
        let line = line.trim_start();
        let of_a_program = || {
            let (name, rest) = line.strip_prefix('(')?.split_once(") ")?;
            (!rest.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))).then_some(())
        };
        ["$ ", "> ", "% ", ">>> "].iter().any(|prompt| line.starts_with(prompt)) || of_a_program().is_some()
    })
}

/// Whether the block is what a program says about its own use: titles of lists, options in lines of their own.
fn is_usage(code: &str) -> bool {
    const TITLES: [&str; 6] = ["usage:", "options:", "arguments:", "commands:", "flags:", "examples:"];
    let mut continued = false;
    code.lines().any(|line| {
        let trimmed = line.trim();
        let is_option = !continued && trimmed.starts_with('-') && trimmed.contains("  ");
        continued = trimmed.ends_with('\\');
        is_option || TITLES.iter().any(|title| trimmed.eq_ignore_ascii_case(title))
    })
}

/// The code with words of the same length for what stands for others: `<id>`, `{id}`, `{{ id }}`, `[--all]`, `...`.
fn with_stand_ins(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        for (start, placeholder) in super::placeholders(line) {
            bytes[at + start..at + start + placeholder.len()].fill(b'x');
        }
        for (start, end) in brackets(line) {
            bytes[at + start..at + end].fill(b'x');
        }
        for dots in ["...", "…"] {
            for (start, _) in line.match_indices(dots) {
                bytes[at + start..at + start + dots.len()].fill(b'x');
            }
        }
        // The grammar does not know a text for standard input behind another redirection; a file stands for it.
        for (start, _) in line.match_indices("<<<") {
            bytes[at + start..at + start + 2].fill(b' ');
        }
        at += line.len();
    }
    // Only whole characters were replaced.
    String::from_utf8(bytes).unwrap_or_else(|_| code.to_owned())
}

/// Braces and brackets around a name, and brackets around what may be left out.
fn brackets(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(['{', '[']).map(|start| at + start) {
        at = start + 1;
        let rest = &line[start..];
        let before = line[..start].chars().next_back();
        let close = if rest.starts_with("{{") {
            "}}"
        } else if rest.starts_with('{') {
            "}"
        } else {
            "]"
        };
        let Some(length) = rest.find(close).map(|length| length + close.len()) else { continue };
        let inner = &rest[1..length - 1];
        let is_name = !inner.is_empty()
            && inner.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
            && !inner.contains("..");
        let stands_in = match close {
            "}}" => true,
            "}" => is_name && before != Some('$'),
            // `[ -f x ]` and `[[` are commands, `name[0]` is a word.
            _ if before.is_some_and(|c| c.is_alphanumeric() || c == ']') => !inner.contains(char::is_whitespace),
            _ => before.is_none_or(char::is_whitespace) && !inner.starts_with([' ', '[']),
        };
        if stands_in {
            found.push((start, start + length));
            at = start + length;
        }
    }
    found
}
