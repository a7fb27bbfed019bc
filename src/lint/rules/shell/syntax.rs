use super::evidence::BASH_GRAMMAR;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

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
    for block in context.shell() {
        let Some(error) = block.error() else { continue };
        // An error at the end of the block is best shown on its first line.
        let span = if context.slice(error).trim().is_empty() { block.language } else { error };
        sink.report(span, "this shell code does not parse");
    }
}
