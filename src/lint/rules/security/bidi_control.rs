use super::evidence::TROJAN_SOURCE;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::Kind;
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "security/bidi-control",
    severity: Severity::Warning,
    summary: "controls of text direction show a line otherwise than it is read",
    why: "An override makes a line look as if it said something else than a model or a shell reads. Lines of Hebrew, Arabic and other \
          scripts written from the right may hold balanced ones.",
    evidence: &[TROJAN_SOURCE],
    clients: &[],
    fix: Some(Safety::Unsafe),
    bad: &[Example::Body("Sort \u{202e}slecrap\u{202c} parcels.\n"), Example::Body("\u{2067}שלום parcels\n")],
    good: &[Example::Body("The word \u{2067}שלום\u{2069} means peace.\n"), Example::Body("שלום\u{200f}, parcels.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let bidi = context.unusual.iter().filter(|unusual| unusual.kind == Kind::Bidi);
    let controls: Vec<Span> = bidi.map(|control| control.span()).collect();
    context.once_a_line(controls.iter().copied(), |first, line| {
        let text = context.slice(line);
        if is_meant(text) {
            return true;
        }
        let code = context.slice(first).chars().next().map_or(0, u32::from);
        let name = format!("U+{code:04X}");
        let diagnostic = sink.report(first, format!("the direction control {name} changes how this line is shown"));
        diagnostic.help("remove it");
        let from = controls.partition_point(|control| control.start < line.start);
        for &control in controls[from..].iter().take_while(|control| control.end <= line.end) {
            diagnostic.fix(Safety::Unsafe, control, "");
        }
        true
    });
}

/// Whether a line may hold direction controls: it is written from the right, and they are balanced.
pub(super) fn is_meant(line: &str) -> bool {
    let from_the_right = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    line.chars().any(from_the_right) && is_balanced(line)
}

/// Whether every control that opens is closed in its line.
fn is_balanced(line: &str) -> bool {
    let (mut embeddings, mut isolates) = (0_i32, 0_i32);
    for c in line.chars() {
        match c {
            '\u{202d}' | '\u{202e}' => return false,
            '\u{202a}' | '\u{202b}' => embeddings += 1,
            '\u{202c}' => embeddings -= 1,
            '\u{2066}'..='\u{2068}' => isolates += 1,
            '\u{2069}' => isolates -= 1,
            _ => {}
        }
    }
    embeddings == 0 && isolates == 0
}
