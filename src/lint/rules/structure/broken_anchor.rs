use std::collections::HashSet;

use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "structure/broken-anchor",
    severity: Severity::Warning,
    summary: "a link leads to a heading that the manifest does not have",
    why: "The section was renamed or never written; an agent that is sent there finds nothing.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[Example::Body("See [below](#sorting).\n\n## Weighing\n")],
    good: &[
        Example::Body("See [below](#how-to-sort--weigh).\n\n## How to `sort` & weigh!\n"),
        Example::Body("See [below](#sorting-1).\n\n## Sorting\n\n## Sorting\n"),
        Example::Body("See [below](#Sorting).\n\n<a id=\"sorting\"></a>\n"),
        Example::Body("[Back to the top](#)\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut anchors: Option<HashSet<String>> = None;
    for (link, target) in links(context) {
        let Target::Anchor(anchor) = target else { continue };
        let anchor = super::percent_decoded(anchor).to_lowercase();
        if anchor.is_empty() || anchor == "top" {
            continue;
        }
        if !anchors.get_or_insert_with(|| all(context)).contains(&anchor) {
            sink.report(link.span, format!("there is no heading for `#{anchor}`"));
        }
    }
}

/// Every anchor of the body, as GitHub makes them of headings.
fn all(context: &Context<'_>) -> HashSet<String> {
    let mut anchors = HashSet::new();
    for heading in &context.manifest.document.headings {
        let text = context.slice(heading.text);
        let slug: String = text
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .flat_map(char::to_lowercase)
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let mut unique = slug.clone();
        let mut count = 0;
        while !anchors.insert(unique.clone()) {
            count += 1;
            unique = format!("{slug}-{count}");
        }
    }
    for &html in &context.manifest.document.html {
        for attribute in ["id=", "name="] {
            for (at, _) in context.slice(html).match_indices(attribute) {
                let value = &context.slice(html)[at + attribute.len()..];
                let value =
                    value.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>']).next().unwrap_or_default();
                anchors.insert(value.to_lowercase());
            }
        }
    }
    anchors
}
