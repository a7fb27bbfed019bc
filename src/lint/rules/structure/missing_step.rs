use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// Words before "step" that send a reader there.
const SENDS: [&str; 14] = [
    "skip to",
    "go to",
    "go back to",
    "back to",
    "jump to",
    "proceed to",
    "proceed with",
    "continue to",
    "continue with",
    "continue at",
    "continue from",
    "return to",
    "move to",
    "repeat",
];

pub(super) static RULE: Rule = Rule {
    name: "structure/missing-step",
    severity: Severity::Warning,
    summary: "the text sends a reader to a step that does not exist",
    why: "\"Skip to Step 2\" where no step has that number leaves an agent to guess what comes next. Headings, list numbers and lines that \
          start with the step's name count as steps.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("If it is sorted, skip to **Step 2**.\n\n### 1b. Wait\n"),
        Example::Body("1. Sort\n2. Weigh\n\nThen go back to step 4.\n"),
    ],
    good: &[
        Example::Body("If it is sorted, skip to **Step 2**.\n\n### Step 2: Weigh\n"),
        Example::Body("1. Sort; if done, skip to step 3.\n2. Weigh\n3. Send\n"),
        Example::Body("Skip to Step 2.\n\n**Step 2** - weigh\n"),
        Example::Body("Skip to Step 2.\n\n## 2a) Weigh\n"),
        Example::Body("Each step 2 metres long. Go to steps above.\n"),
    ],
    check: Check::Literals(&["tep ", "STEP "], check),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let body = context.manifest.document.span;
    let mut looked_for: Vec<&str> = Vec::new();
    for hit in hits.iter().filter(|hit| body.contains(**hit)) {
        let Some(start) = hit.end.checked_sub("step ".len()).filter(|&start| text.is_char_boundary(start)) else {
            continue;
        };
        if start < body.start || !text[start..].starts_with(['s', 'S']) {
            continue;
        }
        let hit = &Span::new(start, hit.end);
        let after = &text[hit.end..];
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let letter = usize::from(
            after[digits..].starts_with(|c: char| c.is_ascii_lowercase())
                && !after[digits..].chars().nth(1).is_some_and(char::is_alphanumeric),
        );
        let number = &after[..digits + letter];
        if digits == 0 || digits > 3 || looked_for.contains(&number) {
            continue;
        }
        let before = text[body.start..hit.start].trim_end_matches(['*', '_', '`', '[', '"', '(', ' ']);
        let sends = SENDS.iter().any(|send| {
            let tail = before.len().checked_sub(send.len()).and_then(|at| before.get(at..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(send))
        });
        if sends && !context.in_code_block(*hit) {
            looked_for.push(number);
            if !is_a_step(context, number) {
                let span = Span::new(hit.start, hit.end + number.len());
                sink.report(span, format!("there is no step {number}"));
            }
        }
    }
}

/// Whether some line starts with the step's number or name.
fn is_a_step(context: &Context<'_>, number: &str) -> bool {
    let text = context.text();
    // Only lines that hold the number can start with it, and those are few.
    let body = context.manifest.document.span;
    memchr::memmem::find_iter(&text.as_bytes()[body.range()], number.as_bytes()).any(|at| {
        let line = context.line_around(body.start + at);
        let line = text[line.range()].trim_start_matches([' ', '\t', '#', '*', '_', '-', '>', '|', '+', '[', ']', '`']);
        let step =
            line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("step") || word.eq_ignore_ascii_case("phas"));
        let rest = if step { line[4..].trim_start_matches(['e', ' ', '*', '_', '#']) } else { line };
        let Some(after) = rest.strip_prefix(number) else { return false };
        let whole = !after.starts_with(|c: char| c.is_ascii_digit());
        whole && (step || starts_an_item(after))
    })
}

/// `2.`, `2)`, `2:`, `2a.`, `2 |`, `2️⃣`; not `2 metres`.
fn starts_an_item(after: &str) -> bool {
    let after = after.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(after);
    after.starts_with(['.', ')', ':', '\u{fe0f}', '\u{20e3}', '*'])
        || after.trim_start().starts_with(['|', '-', '–', '—'])
}
