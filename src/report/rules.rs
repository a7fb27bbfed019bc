//! The registry for people: a list, a page for each group.

use crate::lint::diagnostic::Safety;
use crate::lint::registry::{GROUPS, Group};
use crate::lint::rule::{Example, Rule};
use std::fmt::Write as _;

/// One rule a line.
pub fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&Rule| {
        let fix = if rule.fix.is_some() { "fix" } else { "" };
        format!("{:<width$}  {:<7}  {fix:<3}  {}\n", rule.name, rule.severity.name(), rule.summary)
    };
    rules.iter().map(line).collect()
}

/// Everything about one rule, as Markdown.
pub fn explain(rule: &Rule) -> String {
    let mut text = format!("# {}\n\n", rule.name);
    text.push_str(&body(rule));
    text
}

/// The page of a group.
pub fn page(group: &Group) -> String {
    let mut text = format!("# Rules: {}\n\n{}\n", group.name, group.about);
    for rule in group.rules {
        let _ = write!(text, "\n## {}\n\n{}", rule.name, body(rule));
    }
    text
}

/// The page that lists all groups and rules.
pub fn index() -> String {
    let mut text = "# Lint rules\n\nMade from the registry; `skillpress rule NAME` shows the same.\n".to_owned();
    for group in GROUPS {
        let _ = write!(text, "\n## {}\n\n{}\n\n", group.name, group.about);
        text.push_str("| rule | severity | fix | finds |\n| --- | --- | --- | --- |\n");
        for rule in group.rules {
            let anchor = rule.name.replace('/', "");
            let (name, group) = (rule.name, group.name);
            let fix = rule.fix.map_or("", fix_word);
            let summary = rule.summary.replace('|', "\\|");
            let severity = rule.severity.name();
            let _ = writeln!(text, "| [{name}]({group}.md#{anchor}) | {severity} | {fix} | {summary} |");
        }
    }
    text
}

fn fix_word(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
    }
}

fn body(rule: &Rule) -> String {
    let mut text = format!("{}: {}.\n\n{}\n", capital(rule.severity.name()), rule.summary, rule.why);
    if !rule.clients.is_empty() {
        let titles: Vec<&str> = rule.clients.iter().map(|client| client.title()).collect();
        let when = if titles.len() == 1 { "it" } else { "one of them" };
        let _ = write!(text, "\nConcerns {}; on when {when} is targeted.\n", titles.join(", "));
    }
    match rule.fix {
        Some(Safety::Safe) => text.push_str("\n`--fix` mends it.\n"),
        Some(Safety::Unsafe) => text.push_str("\n`--fix --unsafe-fixes` mends it; look at the result.\n"),
        None => {}
    }
    for (title, examples) in [("Bad", rule.bad), ("Good", rule.good)] {
        if let Some(example) = examples.first() {
            let _ = write!(text, "\n{title}:\n\n{}", shown(example));
        }
    }
    text.push_str("\nEvidence:\n\n");
    for evidence in rule.evidence {
        let _ = writeln!(text, "- [{}]({})", evidence.title, evidence.url);
    }
    text
}

fn shown(example: &Example) -> String {
    match example {
        Example::Words(words) => format!("{}.\n", capital(words)),
        Example::Body(text) | Example::File(text) => fenced("markdown", text),
        Example::Yaml(text) => fenced("yaml", text),
        Example::Bytes(bytes) => fenced("text", &bytes.escape_ascii().to_string().replace("\\n", "\n")),
        Example::Folder(body, files) => {
            let names: Vec<String> = files.iter().map(|(path, _)| format!("`{path}`")).collect();
            let beside = if names.is_empty() { String::new() } else { format!("\nBeside it: {}.\n", names.join(", ")) };
            format!("{}{beside}", fenced("markdown", body))
        }
        Example::Set(files) => {
            let one = |(folder, text): &(&str, &str)| format!("`{folder}/SKILL.md`:\n\n{}", fenced("markdown", text));
            files.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}

/// `text` in a fence that is longer than any in it, with what cannot be seen written out.
fn fenced(language: &str, text: &str) -> String {
    let longest =
        text.lines().map(|line| line.trim_start().chars().take_while(|&c| c == '`').count()).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let shown = crate::words::escape(text).to_string();
    let end = if shown.ends_with('\n') || shown.is_empty() { "" } else { "\n" };
    format!("{fence}{language}\n{shown}{end}{fence}\n")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_pages_are_current() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules");
        let mut pages: Vec<(String, String)> = vec![("README.md".to_owned(), index())];
        pages.extend(GROUPS.iter().map(|group| (format!("{}.md", group.name), page(group))));
        let stale: Vec<&(String, String)> = pages
            .iter()
            .filter(|(name, text)| std::fs::read_to_string(format!("{folder}/{name}")).ok().as_ref() != Some(text))
            .collect();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            crate::fs::create_dir_all(std::path::Path::new(folder)).unwrap();
            for (name, text) in stale {
                crate::fs::write_atomic(std::path::Path::new(&format!("{folder}/{name}")), text.as_bytes()).unwrap();
            }
            return;
        }
        assert!(stale.is_empty(), "docs/rules is stale: run `UPDATE_DOCS=1 cargo test --lib`");
    }
}
