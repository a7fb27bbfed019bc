//! The source of a learned template, and what a new slot is called where it stands.

use super::lines::{NAME, TITLE};

/// What stands in a line of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Constant text, in which placeholders stand for title and name.
    Text(String),
    /// A slot.
    Slot(String),
    /// Parts that are there when the slot is filled.
    Optional(String, Vec<Part>),
}

/// Writes a template line by line.
#[derive(Debug, Default)]
pub(super) struct Writer {
    source: String,
    started: bool,
    /// The last heading, without its markers.
    heading: Option<(usize, String)>,
    /// The last line of constant text that was written.
    last: String,
    fence: bool,
    /// Lines that read `---`, as far as they open and close the frontmatter.
    rules: usize,
}

impl Writer {
    pub(super) fn line(&mut self, parts: &[Part]) {
        if self.started {
            self.source.push('\n');
        }
        self.write(parts);
        let constant = match parts {
            [] => "",
            [Part::Text(text), ..] => text,
            _ => "\0",
        };
        if constant == "---" && (self.rules == 1 || !self.started) {
            self.rules += 1;
        }
        if constant.starts_with("```") {
            self.fence = !self.fence;
        }
        let level = constant.chars().take_while(|c| *c == '#').count();
        if !self.fence && !self.in_frontmatter() && (1..=6).contains(&level) && constant[level..].starts_with(' ') {
            self.heading = Some((level, constant[level..].trim().to_owned()));
        }
        constant.clone_into(&mut self.last);
        self.started = true;
    }

    /// Lines that are there when a slot is filled, after the last line.
    pub(super) fn optional_lines(&mut self, slot: &str, lines: &[Vec<Part>]) {
        self.if_filled(slot);
        for (at, line) in lines.iter().enumerate() {
            if self.started || at > 0 {
                self.source.push('\n');
            }
            self.write(line);
        }
        self.source.push_str("{% endif %}");
    }

    pub(super) fn finish(self) -> String {
        self.source
    }

    pub(super) fn in_frontmatter(&self) -> bool {
        self.rules == 1
    }

    pub(super) fn has_lines(&self) -> bool {
        self.started
    }

    /// The last heading and its level.
    pub(super) fn heading(&self) -> Option<(usize, &str)> {
        self.heading.as_ref().map(|(level, text)| (*level, text.as_str()))
    }

    /// The last line of constant text.
    pub(super) fn last(&self) -> &str {
        &self.last
    }

    fn write(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(text) => self.text(text),
                Part::Slot(name) => self.source.extend(["{{ ", name, " }}"]),
                Part::Optional(name, parts) => {
                    self.if_filled(name);
                    self.write(parts);
                    self.source.push_str("{% endif %}");
                }
            }
        }
    }

    fn if_filled(&mut self, slot: &str) {
        self.source.extend(["{% if ", slot, " %}"]);
    }

    /// Constant text; what the engine would take for a tag is written raw.
    fn text(&mut self, text: &str) {
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                TITLE => self.source.push_str("{{ title }}"),
                NAME => self.source.push_str("{{ name }}"),
                '{' if matches!(characters.peek(), None | Some('{' | '%' | '#' | &TITLE | &NAME)) => {
                    self.source.push_str("{% raw %}{{% endraw %}");
                }
                _ => self.source.push(character),
            }
        }
    }
}
