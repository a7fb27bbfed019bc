use std::collections::{HashMap, HashSet};

use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::document::shown_text;
use crate::manifest::source::lines_in;

pub(super) static RULE: Rule = Rule {
    name: "structure/broken-anchor",
    severity: Severity::Warning,
    summary: "a link leads to a heading that the manifest does not have",
    why: "The section was renamed or never written; an agent that is sent there finds nothing.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("See [below](#sorting).\n\n## Weighing\n"),
        Example::Body("See [below](#sorting).\n\n```sh\n# Sorting\n```\n"),
        Example::Body("See [below](#sorting-1).\n\n## Sorting\n"),
    ],
    good: &[
        Example::Body("See [below](#how-to-sort--weigh).\n\n## How to `sort` & weigh!\n"),
        Example::Body("See [below](#sorting-1).\n\n## Sorting\n\n## Sorting\n"),
        Example::Body("See [below](#Sorting).\n\n<a id=\"sorting\"></a>\n"),
        Example::Body("[Back to the top](#)\n"),
        Example::Body("See [below](#sort-by-size).\n\n## Sort by [size](https://parcels.example/size)\n"),
        Example::Body("See [below](#sorting).\n\n## <a id=\"z\"></a>Sorting\n"),
        Example::Body("See [below](#sort-by_size).\n\n## _Sort_ by_size\n"),
        Example::Body("See [below](#size).\n\n## [Size][sizes]\n\n[sizes]: https://parcels.example/sizes\n"),
        Example::Body("See [below](#sort--weigh).\n\n## Sort &amp; weigh\n"),
        Example::Body("See [below](#user-content-sorting).\n\n- ## Sorting\n"),
        Example::Body("See [below](#sorting).\n\n## 📦 Sorting\n"),
        Example::Body("See [below](#by-size).\n\n## Sorting {#by-size}\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut anchors: Option<HashSet<String>> = None;
    for (link, target) in links(context) {
        let Target::Anchor(anchor) = target else { continue };
        let anchor = super::percent_decoded(anchor).to_lowercase();
        let anchor = anchor.trim_start_matches("user-content-").replace('\u{fe0f}', "");
        // Emoji leave a hyphen at the start or the end, which is easily forgotten and leads nobody astray.
        let meant = anchor.trim_matches('-');
        if meant.is_empty() || meant == "top" {
            continue;
        }
        if !anchors.get_or_insert_with(|| all(context)).contains(meant) {
            sink.report(link.span, format!("there is no heading for `#{anchor}`"));
        }
    }
}

/// Every anchor of the body, as GitHub makes them of headings.
fn all(context: &Context<'_>) -> HashSet<String> {
    let mut anchors = HashSet::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let text = context.text();
    let document = &context.manifest.document;
    let outside = document.headings.iter().map(|heading| context.slice(heading.text));
    // Headings in lists and quotes are drawn as such, too.
    let inside = lines_in(text, document.span).filter_map(|line| {
        let written = text[line.range()].trim_start();
        let heading = written.trim_start_matches(|c: char| " \t>-*+.)".contains(c) || c.is_ascii_digit());
        let title = heading.trim_start_matches('#');
        let is_heading = heading.starts_with('#') && title.starts_with(' ') && heading.len() < written.len();
        (is_heading && !context.in_code_block(line)).then(|| title.trim())
    });
    for heading in outside.chain(inside) {
        let (heading, id) = heading.strip_suffix('}').and_then(|h| h.rsplit_once("{#")).unwrap_or((heading, ""));
        anchors.insert(id.trim_matches('-').to_lowercase());
        let slug = slug(&shown_text(heading.trim())).trim_matches('-').to_owned();
        let count = counts.entry(slug.clone()).or_default();
        anchors.insert(if *count == 0 { slug } else { format!("{slug}-{count}") });
        *count += 1;
    }
    for &html in &document.html {
        for attribute in ["id=", "name="] {
            for (at, _) in context.slice(html).match_indices(attribute) {
                let value = &context.slice(html)[at + attribute.len()..];
                let value =
                    value.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>']).next().unwrap_or_default();
                anchors.insert(value.trim_matches('-').to_lowercase());
            }
        }
    }
    anchors
}

/// Letters and digits in lower case, blanks as hyphens.
fn slug(heading: &str) -> String {
    let mut slug = String::with_capacity(heading.len());
    for c in heading.chars() {
        match c {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(c),
            c if c.is_alphanumeric() || is_mark(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// Marks that combine with the letter before them, which GitHub keeps.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}
