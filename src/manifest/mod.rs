//! `SKILL.md` text into a typed value and back.
//!
//! Reading never fails. What is not understood stays text, what is wrong becomes a [`Problem`], and every value knows the bytes it
//! was read from. Writing gives the bytes that were read: `write(read(bytes)) == bytes` for any bytes at all.
//!
//! No disk and no network here; [`crate::fs`] brings the bytes.

pub mod actions;
pub mod compose;
pub mod document;
pub mod frontmatter;
pub mod overview;
pub mod problem;
pub mod skill;
pub mod source;
pub mod yaml;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use actions::Actions;
use document::Document;
use frontmatter::Frontmatter;
use overview::Overview;
use problem::{Problem, ProblemKind};
use skill::Tokens;
use source::{Source, Span, lines_in, trimmed};

/// The file that makes a folder a skill.
pub const FILE_NAME: &str = "SKILL.md";

/// A manifest that was read: its source and what stands where in it.
#[derive(Debug)]
pub struct Manifest {
    /// The bytes and their lines.
    pub source: Source,
    /// What could not be read, in the order it was found.
    pub problems: Vec<Problem>,
    /// The YAML at the top.
    pub frontmatter: Frontmatter,
    /// The Markdown under it.
    pub document: Document,
    /// The text of the first top-level heading.
    pub title: Option<Span>,
    /// The first paragraph under the title.
    pub summary: Option<Span>,
    /// What stands after `Official docs:` under the title.
    pub docs_url: Option<Span>,
    /// What `membrane connection ensure` is given in quotes.
    pub app_url: Option<Span>,
    /// The section whose heading ends in "Overview".
    pub overview: Option<Overview>,
    /// The section called "Popular actions".
    pub actions: Option<Actions>,
}

impl Manifest {
    /// Reads a manifest from the bytes of its file.
    pub fn read(bytes: impl Into<Vec<u8>>) -> Self {
        let source = Source::new(bytes);
        let mut problems = Vec::new();
        if let Some(at) = source.first_invalid_byte() {
            let message = "this byte is not UTF-8, the only encoding that manifests are read in";
            problems.push(Problem::new(ProblemKind::NotUtf8, Span::new(at, at + 1), message));
        }
        let (frontmatter, body) = Frontmatter::read(&source, &mut problems);
        let text = source.text();
        let document = Document::read(text, body);
        let title = document.headings.iter().find(|heading| heading.level == 1);
        let intro = title.map(|title| Intro::read(text, title.content)).unwrap_or_default();
        let overview = document
            .section(text, "Overview", true)
            .filter(|heading| heading.level > 1)
            .map(|heading| Overview::read(text, heading.text, heading.content));
        let actions = document
            .section(text, "Popular actions", false)
            .map(|heading| Actions::read(text, heading.text, heading.content, &document.code_blocks));
        Self {
            title: title.map(|title| title.text).filter(|title| !title.is_empty()),
            summary: intro.summary,
            docs_url: intro.docs_url,
            app_url: app_url(text, body),
            overview,
            actions,
            problems,
            frontmatter,
            document,
            source,
        }
    }

    /// The manifest's bytes: those that were read.
    pub fn write(&self) -> &[u8] {
        self.source.bytes()
    }

    /// The text of one range.
    ///
    /// # Panics
    ///
    /// When the span is not from this manifest.
    pub fn text(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// The name in the frontmatter, whatever YAML takes it for.
    pub fn name(&self) -> Option<&str> {
        self.frontmatter.text("name").map(str::trim)
    }

    /// The description in the frontmatter.
    pub fn description(&self) -> Option<&str> {
        self.frontmatter.text("description").map(str::trim)
    }

    /// Whether it tells of one application: it has an overview and a section of actions.
    pub fn is_app_skill(&self) -> bool {
        self.overview.is_some() && self.actions.is_some()
    }

    /// Lines of the overview and the actions that have no place in the model: comments, and text around a table.
    pub fn left_out(&self) -> Vec<Span> {
        let overview = self.overview.as_ref().map(|overview| (overview.span, overview.held()));
        let actions = self.actions.as_ref().map(|actions| (actions.span, actions.held()));
        let text = self.source.text();
        let mut left_out = Vec::new();
        for (section, held) in overview.into_iter().chain(actions) {
            let is_held = |line: &Span| {
                let next = held.partition_point(|held| held.end <= line.start);
                held.get(next).is_some_and(|held| held.start <= line.start)
            };
            let lines = lines_in(text, section).map(|line| trimmed(text, line));
            left_out.extend(lines.filter(|line| !line.is_empty() && !is_held(line)));
        }
        left_out
    }

    /// What it costs an agent's context, estimated.
    pub fn tokens(&self) -> Tokens {
        let startup = self.name().map_or(0, str::len) + self.description().map_or(0, str::len);
        let body = trimmed(self.source.text(), self.document.span);
        Tokens::estimate(startup, body.len())
    }
}

/// The frontmatter of a manifest and the size of the rest, for those who need no more of many manifests.
#[derive(Debug)]
pub struct Head {
    /// The bytes and their lines.
    pub source: Source,
    /// What could not be read of the frontmatter.
    pub problems: Vec<Problem>,
    frontmatter: Frontmatter,
    body: usize,
}

impl Head {
    /// Reads the head of a manifest from the bytes of its file.
    pub fn read(bytes: impl Into<Vec<u8>>) -> Self {
        let source = Source::new(bytes);
        let mut problems = Vec::new();
        let (frontmatter, body) = Frontmatter::read(&source, &mut problems);
        Self { source, problems, frontmatter, body }
    }

    /// The name in the frontmatter, whatever YAML takes it for.
    pub fn name(&self) -> Option<&str> {
        self.frontmatter.text("name").map(str::trim)
    }

    /// The description in the frontmatter.
    pub fn description(&self) -> Option<&str> {
        self.frontmatter.text("description").map(str::trim)
    }

    /// What the manifest costs an agent's context, estimated.
    pub fn tokens(&self) -> Tokens {
        let startup = self.name().map_or(0, str::len) + self.description().map_or(0, str::len);
        let text = self.source.text();
        Tokens::estimate(startup, trimmed(text, Span::new(self.body, text.len())).len())
    }
}

/// What stands between the title and the first section.
#[derive(Debug, Default)]
struct Intro {
    summary: Option<Span>,
    docs_url: Option<Span>,
}

impl Intro {
    const DOCS_LABEL: &str = "Official docs:";

    fn read(text: &str, content: Span) -> Self {
        let mut intro = Self::default();
        let mut in_summary = true;
        for line in lines_in(text, content) {
            let line = trimmed(text, line);
            if let Some(url) = text[line.range()].strip_prefix(Self::DOCS_LABEL) {
                let url = trimmed(text, Span::new(line.end - url.len(), line.end));
                intro.docs_url = Some(url).filter(|url| !url.is_empty());
                break;
            }
            match intro.summary {
                None if !line.is_empty() => intro.summary = Some(line),
                Some(_) if line.is_empty() => in_summary = false,
                Some(summary) if in_summary => intro.summary = Some(Span::new(summary.start, line.end)),
                _ => {}
            }
        }
        intro
    }
}

/// The URL in the first `membrane connection ensure "..."` of the body.
fn app_url(text: &str, body: usize) -> Option<Span> {
    static COMMAND: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("membrane connection ensure \""));
    let start = body + COMMAND.find(&text.as_bytes()[body..])? + COMMAND.needle().len();
    let len = memchr::memchr2(b'"', b'\n', &text.as_bytes()[start..])?;
    (text.as_bytes()[start + len] == b'"').then(|| Span::new(start, start + len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::skill::Skill;

    const APP: &str = "---\nname: 247\ndescription: |\n  Chat.\nmetadata:\n  version: 1.0\nhomepage: https://a.example\n---\n\n# [24]7.ai\n\nA W&B\nplatform.\n\nMore.\n\nOfficial docs: https://d.example/\n\n## [24]7.ai Overview\n\n- **A**\n  - **B** — note\n- **C**\n\nUse it.\n\n## Use\n\n```bash\nmembrane connection ensure \"https://a.example/\" --json\n```\n\n## Popular actions\n\n| Name | Key | Description |\n|---|---|---|\n| List | list | a \\| b |\n";

    #[test]
    fn an_app_skill_becomes_its_model() {
        let manifest = Manifest::read(APP);
        assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
        insta::assert_json_snapshot!(Skill::of(&manifest, None), @r#"
        {
          "frontmatter": {
            "name": "247",
            "description": "Chat.",
            "license": null,
            "compatibility": null,
            "metadata": {
              "version": "1.0"
            },
            "extra": {
              "homepage": "https://a.example"
            }
          },
          "title": "[24]7.ai",
          "summary": "A W&B platform.",
          "docs_url": "https://d.example/",
          "app_url": "https://a.example/",
          "overview": {
            "entities": [
              {
                "name": "A",
                "note": null,
                "children": [
                  {
                    "name": "B",
                    "note": "note",
                    "children": []
                  }
                ]
              },
              {
                "name": "C",
                "note": null,
                "children": []
              }
            ],
            "guidance": "Use it."
          },
          "actions": {
            "rows": [
              {
                "name": "List",
                "key": "list",
                "description": "a | b"
              }
            ],
            "fallback": null
          },
          "sections": [
            {
              "level": 1,
              "heading": "[24]7.ai",
              "start_line": 10,
              "end_line": 17
            },
            {
              "level": 2,
              "heading": "[24]7.ai Overview",
              "start_line": 19,
              "end_line": 25
            },
            {
              "level": 2,
              "heading": "Use",
              "start_line": 27,
              "end_line": 31
            },
            {
              "level": 2,
              "heading": "Popular actions",
              "start_line": 33,
              "end_line": 37
            }
          ],
          "tokens": {
            "startup": 2,
            "body": 76
          }
        }
        "#);
    }

    #[test]
    fn the_head_says_what_the_whole_says() {
        let (head, whole) = (Head::read(APP), Manifest::read(APP));
        assert_eq!((head.name(), head.description()), (whole.name(), whole.description()));
        assert_eq!(head.tokens(), whole.tokens());
    }

    #[test]
    fn the_bytes_come_back() {
        for bytes in [APP.as_bytes(), b"", b"\xff\xfe\0", b"---\r\n\0"] {
            assert_eq!(Manifest::read(bytes).write(), bytes);
        }
    }

    #[test]
    fn a_manifest_that_is_no_app_skill_is_read_too() {
        let manifest = Manifest::read("---\nname: a\ndescription: b\n---\nJust words.\n");
        assert!(!manifest.is_app_skill());
        assert_eq!((manifest.name(), manifest.title), (Some("a"), None));
    }
}
