//! What a rule may look at: the manifest as it was read, and a listing of the folder around it.

use std::cell::OnceCell;

use super::shell::{self, Block};
use super::unusual::{self, Unusual};
use crate::manifest::Manifest;
use crate::manifest::source::Span;

/// Bytes of a line before and behind a place that rules look at: a file may be one line, and hold a thousand places.
const MAX_LINE: usize = 4096;

/// Everything that is known about one skill.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The folder it stands in, when there is one.
    pub folder: Option<&'a Folder>,
    /// Reads the folder's other files.
    pub contents: &'a dyn Contents,
    /// Characters that cannot be seen or look like others.
    pub unusual: Vec<Unusual>,
    shell: OnceCell<Vec<Block>>,
}

/// A skill's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// Its name, without the path before it.
    pub name: String,
    /// Whether the manifest is reached through a symbolic link.
    pub manifest_is_link: bool,
    /// Whether the manifest is called SKILL.md but for upper and lower case.
    pub misnamed: bool,
    /// How many folders deep it stands in an agent's skills directory, 1 for directly; nothing where it stands elsewhere.
    pub depth: Option<usize>,
    /// Everything in it but the manifest, at any depth, sorted by path.
    pub files: Vec<FolderEntry>,
}

/// A file or folder in a skill's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// Relative to the skill's folder, with `/` between its parts.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes, of a file.
    pub size: u64,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link that leads somewhere.
    Link,
    /// A symbolic link that leads nowhere.
    DanglingLink,
    /// A socket, a pipe, a device.
    Other,
}

/// Reads files of a skill's folder, on demand.
pub trait Contents: std::fmt::Debug + Sync {
    /// Up to `limit` bytes from the start of the file, or nothing where it cannot be read.
    fn read(&self, path: &str, limit: usize) -> Option<Vec<u8>>;
}

/// A folder whose files nobody can read.
#[derive(Debug, Clone, Copy)]
pub struct NoContents;

impl Contents for NoContents {
    fn read(&self, _: &str, _: usize) -> Option<Vec<u8>> {
        None
    }
}

impl<'a> Context<'a> {
    /// What is known about a manifest in a folder whose files `contents` reads.
    pub fn new(manifest: &'a Manifest, folder: Option<&'a Folder>, contents: &'a dyn Contents) -> Self {
        let unusual = unusual::find(manifest.source.text());
        Self { manifest, folder, contents, unusual, shell: OnceCell::new() }
    }

    /// The blocks of shell code.
    pub fn shell(&self) -> &[Block] {
        self.shell.get_or_init(|| shell::blocks(self.manifest))
    }

    /// The whole text of the manifest.
    pub fn text(&self) -> &'a str {
        self.manifest.source.text()
    }

    /// The text of one range.
    pub fn slice(&self, span: Span) -> &'a str {
        self.manifest.source.slice(span)
    }

    /// The entry of the folder at `path`.
    pub fn entry(&self, path: &str) -> Option<&'a FolderEntry> {
        let files = &self.folder?.files;
        files.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok().map(|at| &files[at])
    }

    /// Whether `span` lies in the frontmatter.
    pub fn in_frontmatter(&self, span: Span) -> bool {
        self.manifest.frontmatter.span.is_some_and(|frontmatter| frontmatter.contains(span))
    }

    /// Whether `span` lies in a block of code.
    pub fn in_code_block(&self, span: Span) -> bool {
        let blocks = &self.manifest.document.code_blocks;
        let at = blocks.partition_point(|block| block.span.end <= span.start);
        blocks.get(at).is_some_and(|block| block.span.contains(span))
    }

    /// Whether `span` lies in code: a block or a code span.
    pub fn in_code(&self, span: Span) -> bool {
        self.in_code_block(span) || {
            let spans = &self.manifest.document.code_spans;
            let at = spans.partition_point(|code| code.end <= span.start);
            spans.get(at).is_some_and(|code| code.contains(span))
        }
    }

    /// Whether `span` lies in raw HTML.
    pub fn in_html(&self, span: Span) -> bool {
        let html = &self.manifest.document.html;
        let at = html.partition_point(|html| html.end <= span.start);
        html.get(at).is_some_and(|html| html.contains(span))
    }

    /// Whether `span` lies in a comment of HTML that starts not far before it.
    pub fn in_comment(&self, span: Span) -> bool {
        let html = &self.manifest.document.html;
        let at = html.partition_point(|html| html.end <= span.start);
        let start = html.get(at).filter(|html| html.contains(span)).map(|html| html.start);
        start.is_some_and(|start| {
            let near = self.text().ceil_char_boundary(span.start.saturating_sub(MAX_LINE));
            let before = self.slice(Span::new(start.max(near), span.start));
            before.rfind("<!--") > before.rfind("-->")
        })
    }

    /// Calls `look` with each of `hits` and the line it stands in, until it says that it found something there: so a line is
    /// reported once.
    pub fn once_a_line(&self, hits: impl IntoIterator<Item = Span>, mut look: impl FnMut(Span, Span) -> bool) {
        let mut done = 0;
        for hit in hits {
            if hit.start >= done {
                let line = self.line_around(hit.start);
                if look(hit, line) {
                    done = line.end;
                }
            }
        }
    }

    /// The line around an offset, line end left out; of a very long line only what is near.
    pub fn line_around(&self, offset: usize) -> Span {
        let text = self.text();
        let bytes = text.as_bytes();
        let first = text.ceil_char_boundary(offset.saturating_sub(MAX_LINE));
        let last = text.floor_char_boundary((offset + MAX_LINE).min(text.len()));
        let start = memchr::memrchr2(b'\n', b'\r', &bytes[first..offset]).map_or(first, |at| first + at + 1);
        let end = memchr::memchr2(b'\n', b'\r', &bytes[offset..last]).map_or(last, |at| offset + at);
        Span::new(start, end)
    }

    /// The line above one that [`Self::line_around`] gave, where there is one.
    pub fn line_above(&self, line: Span) -> Option<Span> {
        let before = &self.text()[..line.start];
        let above = before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']))?;
        Some(self.line_around(above.len()))
    }

    /// The line below one that [`Self::line_around`] gave, where there is one.
    pub fn line_below(&self, line: Span) -> Option<Span> {
        let rest = &self.text()[line.end..];
        let next =
            rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).filter(|next| !next.is_empty())?;
        Some(self.line_around(self.text().len() - next.len()))
    }
}
