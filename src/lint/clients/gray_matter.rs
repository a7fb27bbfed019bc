//! Frontmatter as the JavaScript library gray-matter finds it, which opencode and Cursor use.
//!
//! A byte order mark is passed over. The first fence may have blanks after it, or the name of a language, of which only YAML and JSON
//! are known here. The next line that merely starts with `---` closes it; without one the whole file is frontmatter.

use super::reading::Yaml;

/// Why it throws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The YAML cannot be read.
    Yaml,
    /// The first fence names a language that nobody reads.
    Language,
}

/// The fields; nothing without frontmatter.
pub(super) fn read(text: &str) -> Result<Option<Yaml>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(rest) = text.strip_prefix("---") else { return Ok(None) };
    if rest.starts_with('-') {
        return Ok(None);
    }
    let line_end = rest.find('\n').map_or(rest.len(), |at| if rest[..at].ends_with('\r') { at - 1 } else { at });
    let (language, rest) = rest.split_at(line_end);
    if !matches!(language.trim().to_ascii_lowercase().as_str(), "" | "yaml" | "yml") {
        return Err(Fault::Language);
    }
    let close = rest.find("\n---").unwrap_or(rest.len());
    let mut yaml = Yaml::read(&rest[..close]);
    if yaml.invalid && rest[..close].contains("\n\t") {
        // Its reader of YAML lets tabs indent.
        yaml = Yaml::read(&rest[..close].replace("\n\t", "\n  "));
    }
    if !yaml.is_strict() {
        return Err(Fault::Yaml);
    }
    Ok(Some(yaml))
}
