//! What slots are called: by what they are, else by where they stand.

use std::collections::HashMap;

use super::lines::Set;
use super::writer::Writer;

/// The slots that have a name, by the values they have in each manifest.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashMap<Vec<String>, String>,
    used: HashMap<String, usize>,
}

/// Words that mean something to the template engine.
const RESERVED: [&str; 14] =
    ["and", "or", "not", "in", "is", "if", "for", "true", "false", "none", "loop", "raw", "set", "self"];

impl Names {
    pub(super) fn new(set: &Set<'_>, members: &[usize]) -> Self {
        let mut names = Self::default();
        let titles: Option<Vec<String>> = members.iter().map(|&member| set.title(member).map(str::to_owned)).collect();
        let folders: Vec<String> = members.iter().map(|&member| set.name(member).to_owned()).collect();
        names.taken.insert(folders, "name".to_owned());
        if let Some(titles) = titles {
            names.taken.insert(titles, "title".to_owned());
        }
        for name in ["name", "title"] {
            names.used.insert(name.to_owned(), 1);
        }
        names
    }

    /// The name of a slot with these values: that of another with the same, or a new one.
    pub(super) fn of(&mut self, values: Vec<String>, wanted: &str) -> String {
        // Two slots that happen to hold the same in all manifests are still two.
        let tells = values.windows(2).any(|pair| pair[0] != pair[1]);
        if let Some(name) = self.taken.get(&values).filter(|_| tells) {
            return name.clone();
        }
        let mut name = slug(wanted);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || RESERVED.contains(&name.as_str()) {
            name.insert_str(0, if name.is_empty() { "text" } else { "text_" });
        }
        let count = self.used.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            name = format!("{name}_{count}");
        }
        self.taken.insert(values, name.clone());
        name
    }
}

/// What a slot after `before` on its line, or one that has its lines to itself, is.
pub(super) fn describe(writer: &Writer, before: &str) -> String {
    if writer.in_frontmatter() {
        let key = if before.trim().is_empty() { writer.last() } else { before };
        let key = key.trim_start_matches([' ', '-']).split(':').next().unwrap_or_default();
        return if key.trim().is_empty() { "frontmatter".to_owned() } else { key.to_owned() };
    }
    if before.contains("connection ensure") {
        return "app_url".to_owned();
    }
    if before.starts_with("Official docs") {
        return "docs_url".to_owned();
    }
    if let Some(label) = before.trim_end().strip_suffix(':').filter(|label| label.len() < 40) {
        return label.to_owned();
    }
    match writer.heading() {
        None => "intro".to_owned(),
        Some((1, _)) => "summary".to_owned(),
        Some((_, heading)) if heading.to_lowercase().ends_with("overview") => "overview".to_owned(),
        Some((_, heading)) if heading.eq_ignore_ascii_case("popular actions") => "actions".to_owned(),
        Some((_, heading)) => heading.to_owned(),
    }
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('_') && !slug.is_empty() {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    slug.chars().take(32).collect::<String>().trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_different() {
        let mut names = Names::default();
        let mut name = |value: &str, wanted: &str| names.of(vec![value.to_owned(), String::new()], wanted);
        assert_eq!(name("a", "Best practices!"), "best_practices");
        assert_eq!(name("b", "Best practices"), "best_practices_2");
        assert_eq!(name("a", "Other"), "best_practices");
        assert_eq!(name("c", "2 steps"), "text_2_steps");
        assert_eq!(name("d", "If"), "text_if");
        assert_eq!(name("e", "…"), "text");
    }
}
