//! Sets of a few manifests, and what is learned from them.

use super::*;
use crate::template::Pattern;

fn learn_all(texts: &[String]) -> Inference {
    let names: Vec<String> = (0..texts.len()).map(|at| format!("skill-{at}")).collect();
    let samples: Vec<Sample<'_>> = texts.iter().zip(&names).map(|(text, name)| Sample { name, text }).collect();
    let inference = infer(&samples).unwrap();
    for learned in &inference.learned {
        let pattern: &Pattern = learned.template.pattern().unwrap();
        for (sample, slots) in &learned.reproduced {
            assert_eq!(pattern.render(slots).as_deref(), Ok(texts[*sample].as_str()));
        }
    }
    inference
}

const OUTRO: &str =
    "## Rules\n\nAsk before anything is deleted.\nSay which record was changed.\nKeep the answers short.\n";

fn manifest(at: usize, title: &str, category: &str, docs: &str, body: &str) -> String {
    format!(
        "---\nname: skill-{at}\ndescription: |\n  {title} at work, number {at}.\nmetadata:\n  author: us\n  category: \"{category}\"\n---\n\n# {title}\n\n{title} is tool {at}.\n\n{docs}\n\n## {title} Overview\n\n{body}\n\n## Use\n\nMake a Request. {title} answers; Make does not.\n\n{OUTRO}"
    )
}

#[test]
fn slots_are_found_by_their_place_and_named_by_what_they_are() {
    let texts: Vec<String> = ["Make", "Request", "Chat (beta)", "Chat {{ x }}", "Mode"]
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let docs = if at == 2 { String::new() } else { format!("Official docs: https://{at}.example/") };
            manifest(at, title, if at == 1 { "CRM" } else { "" }, &docs, "- **A**\n".repeat(at + 1).trim_end())
        })
        .collect();
    let inference = learn_all(&texts);
    assert!(inference.alone.is_empty());
    let [learned] = inference.learned.as_slice() else { panic!("{:?}", inference.learned.len()) };
    assert_eq!(learned.reproduced.len(), 5, "{:?}\n{}", learned.not_reproduced, learned.template.source());
    insta::assert_snapshot!(learned.template.source(), @r#"
---
name: {{ name }}
description: |
  {{ description }}
metadata:
  author: us
  category: "{{ category }}"
---

# {{ title }}

{{ summary }}

{% if docs_url %}Official docs: {{ docs_url }}{% endif %}

## {{ title }} Overview

{{ overview }}

## Use

Make a Request. {{ title }} answers; Make does not.

## Rules

Ask before anything is deleted.
Say which record was changed.
Keep the answers short.
"#);
}

#[test]
fn generations_are_told_apart() {
    let mut texts: Vec<String> = Vec::new();
    for at in 0..6 {
        let text = manifest(at, &format!("Tool{at}"), "", "Official docs: x", "- **B**");
        texts.push(if at % 2 == 0 {
            text
        } else {
            text.replace("Ask before", "Ask me before").replace("Keep the", "Hold the")
        });
    }
    texts.push("Something else.\n\nAltogether.\n".to_owned());
    let inference = learn_all(&texts);
    let clusters: Vec<Vec<usize>> =
        inference.learned.iter().map(|learned| learned.reproduced.iter().map(|(at, _)| *at).collect()).collect();
    assert_eq!(clusters, [vec![0, 2, 4], vec![1, 3, 5]]);
    assert_eq!(inference.alone, [6]);
}

#[test]
fn unlike_files_share_nothing() {
    let texts = ["# A\n\nOne.\n", "# B\n\nTwo.\n", "", "\n"].map(str::to_owned);
    let inference = learn_all(&texts);
    assert_eq!((inference.learned.len(), inference.alone.len()), (0, 4));
}
