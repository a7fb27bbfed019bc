//! Damaged copies of manifests into the model, with a ledger of how each value is known.
//!
//! A capture is taken as lines. Each damage has a module that undoes it on those lines and leaves all else alone, so damages combine
//! in any mix; every line keeps the bytes it came from, the rules that touched it, and any doubt. What comes out is Markdown again,
//! read by the same reader as any manifest. A value's place there leads back to the capture: no rule on the way and it is *read*,
//! some and it is *repaired*, a doubt and it is *guessed*; what is not there is *lost* and stays empty.
//!
//! A manifest on which no rule finds anything to do is clean, and is its own import.
//!
//! | module | damage |
//! | --- | --- |
//! | [`html`] | none: a saved page keeps what it is made of |
//! | [`translation`] | a text and its translation in one copy |
//! | [`outline`] | a page's own words around the manifest, headings without marks |
//! | [`front`] | fences of the frontmatter lost |
//! | [`bullets`] | drawn bullets, broken markers |
//! | [`flattened`], [`table`] | cells that run together, short delimiter rows, rows over several lines |
//! | [`code`] | code spans on lines of their own, lost backticks and fences |
//! | [`placeholder`] | code replaced by its number |

pub mod language;
pub mod ledger;
pub mod merge;

mod bullets;
mod code;
mod flattened;
mod front;
mod html;
mod line;
mod outline;
mod placeholder;
mod read;
mod table;
mod translation;

use std::ops::Range;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::Manifest;
use crate::manifest::skill::Skill;
use crate::manifest::source::Span;
use language::Language;
use ledger::{Ledger, Rule};
use line::{Line, Restored};
use outline::Outline;
pub use placeholder::Constant;
use read::Findings;

/// No capture is larger than this many bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// No capture has more lines than this.
pub const MAX_LINES: usize = 100_000;

/// One byte in so many may be NUL: some texts have it for blanks; programs and pictures have more.
const RARE_NUL: usize = 5;

/// What an import is told besides the capture.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which side of a copy in two languages to take.
    pub language: Language,
    /// The constant text of a known template, from which placeholders are filled.
    pub constants: Vec<Constant>,
}

/// What a capture was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A manifest without damage.
    Clean,
    /// Text or Markdown.
    Text,
    /// A saved page.
    Html,
}

/// A capture, read into the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// The capture's name.
    pub capture: String,
    /// What it was taken for.
    pub form: Form,
    /// The damages that were found and undone.
    pub damages: Vec<Rule>,
    /// The model.
    pub skill: Skill,
    /// How its values are known.
    pub ledger: Ledger,
}

/// Reads one capture, called `name` in the ledger.
pub fn import(name: &str, bytes: &[u8], options: &Options) -> Result<Import> {
    let text = check(name, bytes)?;
    let manifest = Manifest::read(text);
    let is_framed = manifest.frontmatter.closed && !manifest.frontmatter.entries.is_empty();
    let form = if !is_framed && html::is_html(text) { Form::Html } else { Form::Text };
    let from = manifest.source.bom_len();
    let lines = if form == Form::Html { html::lines(text) } else { line::split(text, from) };
    let is_whole = is_framed && outline::keeps_headings(&lines);
    if lines.len() > MAX_LINES {
        let message = format!("cannot import {name}: it has {} lines, and at most {MAX_LINES} are read", lines.len());
        return Err(Error::new(ErrorKind::Invalid, message).hint("cut it down to the manifest"));
    }
    let undone = Undone::of(lines, form, is_whole, options)
        .map_err(|error| Error::new(error.kind(), format!("cannot import {name}")).because(error))?;
    if is_whole && undone.nothing() {
        let (skill, ledger) = read::clean(name, &manifest);
        return Ok(Import { capture: name.to_owned(), form: Form::Clean, damages: Vec::new(), skill, ledger });
    }
    let restored = Restored::new(undone.lines);
    let (skill, ledger) = read::damaged(name, &restored, &undone.findings);
    Ok(Import { capture: name.to_owned(), form, damages: restored.rules().list(), skill, ledger })
}

/// The capture's text, when it is text of a size that is read.
fn check<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str> {
    let refuse = |why: String, hint: &str| {
        Err(Error::new(ErrorKind::Invalid, format!("cannot import {name}: {why}")).hint(hint))
    };
    if bytes.len() > MAX_BYTES {
        let why = format!("it has {} bytes, and at most {MAX_BYTES} are read", bytes.len());
        return refuse(why, "cut it down to the manifest");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let at = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to()).err().unwrap_or(0);
        return refuse(format!("byte {at} is not UTF-8"), "save it as UTF-8 text or HTML");
    };
    match memchr::memchr(0, bytes) {
        Some(at) if memchr::memchr_iter(0, bytes).count() > bytes.len() / RARE_NUL => {
            refuse(format!("it is no text: byte {at} is NUL"), "name a file that is text, Markdown or HTML")
        }
        _ if text.trim().is_empty() => refuse("it is empty".to_owned(), "name a copy of a manifest"),
        _ => Ok(text),
    }
}

/// A capture's lines with every damage undone.
struct Undone<'t> {
    lines: Vec<Line<'t>>,
    findings: Findings,
    /// Lines before and after.
    dropped: bool,
}

impl<'t> Undone<'t> {
    /// `is_whole`: the text has frontmatter and headings, and was not torn from a page.
    fn of(mut lines: Vec<Line<'t>>, form: Form, is_whole: bool, options: &Options) -> Result<Self> {
        let folder = folder_in(&lines);
        let front = front::take(&mut lines);
        let before = lines.iter().filter(|line| !line.is_blank()).count();
        // A manifest may well mix languages; in a copy that repeats its title they are two sides.
        let sides = if is_whole && !repeats_title(&lines) && options.language == Language::Original {
            translation::Sides { kept: lines, other: Vec::new() }
        } else {
            translation::split(lines, options.language)?
        };
        let mut lines = sides.kept;
        let Outline { title, marked } =
            if is_whole { Outline { title: title_of(&lines), marked: true } } else { outline::restore(&mut lines) };
        let after = lines.iter().filter(|line| !line.is_blank()).count();
        let has_inline_marks = lines.iter().any(|line| line.text.contains("**") || code_marks(line));
        let plain = form == Form::Text && (!marked || !has_inline_marks);
        let mut findings = Findings { folder, lost_rows: Vec::new() };
        in_section(&mut lines, outline::is_overview, |section| {
            bullets::undraw(section);
            bullets::mend(section);
        });
        if plain {
            join_spans(&mut lines);
            in_section(&mut lines, outline::is_overview, |section| bullets::doubt(section));
        }
        if !marked {
            code::fence_blocks(&mut lines);
        }
        in_section(
            &mut lines,
            |heading| heading == outline::ACTIONS,
            |section| {
                findings.lost_rows = table::unflatten(section, &table::keys_between_other_letters(&sides.other));
                table::widen_delimiters(section);
                table::join_split_rows(section);
                section.iter_mut().for_each(code::mark_command);
            },
        );
        in_section(&mut lines, outline::is_overview, |section| section.iter_mut().for_each(code::mark_command));
        placeholder::fill(&mut lines, &sides.other, &options.constants, title.as_deref());
        let touched = lines.iter().any(|line| !line.rules.is_empty());
        if plain && (!is_whole || touched) {
            for line in lines.iter_mut().filter(|line| line.rules.is_empty() && !line.is_blank()) {
                line.rules = line.rules.with(Rule::PlainText);
            }
        }
        let lines = front.into_iter().chain(lines).collect();
        Ok(Self { lines, findings, dropped: after < before })
    }

    /// Whether no damage was found.
    fn nothing(&self) -> bool {
        let touched =
            |line: &Line<'_>| !line.rules.is_empty() || line.doubt.is_some() || placeholder::is_in(&line.text);
        !self.dropped && self.findings.lost_rows.is_empty() && !self.lines.iter().any(touched)
    }
}

/// Works on the lines of one section.
fn in_section<'t>(lines: &mut Vec<Line<'t>>, is: impl Fn(&str) -> bool, work: impl FnOnce(&mut Vec<Line<'t>>)) {
    if let Some(range) = outline::section(lines, is) {
        replace(lines, range, work);
    }
}

fn replace<'t>(lines: &mut Vec<Line<'t>>, range: Range<usize>, work: impl FnOnce(&mut Vec<Line<'t>>)) {
    let mut section = lines[range.clone()].to_vec();
    work(&mut section);
    lines.splice(range, section);
}

/// Joins code spans to their sentences where values stand: under the title, in the overview, and among the actions.
fn join_spans(lines: &mut Vec<Line<'_>>) {
    if let Some(start) = lines.iter().position(|line| line.heading().is_some()) {
        let len = lines[start + 1..].iter().take_while(|line| line.heading().is_none()).count();
        replace(lines, start + 1..start + 1 + len, code::join_spans);
    }
    in_section(lines, outline::is_overview, code::join_spans);
    in_section(lines, |heading| heading == outline::ACTIONS, code::join_spans);
}

fn code_marks(line: &Line<'_>) -> bool {
    line.text.contains('`') && !code::is_fence(line.words())
}

fn title_of(lines: &[Line<'_>]) -> Option<String> {
    lines.iter().filter_map(Line::heading).find(|(level, _)| *level == 1).map(|(_, text)| text.to_owned())
}

/// Whether the first heading stands in the text once more.
fn repeats_title(lines: &[Line<'_>]) -> bool {
    title_of(lines).is_some_and(|title| {
        let same = |line: &&Line<'_>| line.heading().map_or(line.words(), |(_, text)| text) == title;
        lines.iter().filter(same).nth(1).is_some()
    })
}

/// The skill's folder, where a page names the file's path.
fn folder_in(lines: &[Line<'_>]) -> Option<(String, Span)> {
    const BEFORE: &str = "skills/";
    const AFTER: &str = "/SKILL.md";
    lines.iter().take(1000).find_map(|line| {
        let end = line.text.find(AFTER)?;
        let start = line.text[..end].rfind(BEFORE)? + BEFORE.len();
        let folder = &line.text[start..end];
        let plain =
            !folder.is_empty() && folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        plain.then(|| (folder.to_owned(), line.span))
    })
}
