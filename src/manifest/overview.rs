//! The overview of an app skill: a tree of the application's entities as a bulleted list, and perhaps a sentence of guidance.
//!
//! Read by lines, not as Markdown: real overviews are indented by anything from one blank to ten, mixed within one list, which
//! Markdown would flatten or take for code. A bullet belongs to the nearest bullet above it that is indented less. The first line
//! that is no bullet ends the tree; it and all that follows, bullets too, is guidance. Comments are passed over.

use super::source::{Span, is_comment, line_start, lines_in, trimmed, without_backticks};

/// Entities nested deeper than this are kept as siblings at this depth.
pub const MAX_DEPTH: usize = 32;

/// An overview as it stands in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The heading's text.
    pub heading: Span,
    /// Everything under the heading.
    pub span: Span,
    /// Text before the first bullet.
    pub intro: Option<Span>,
    /// The entities in the order of the file; `depth` makes them a tree.
    pub entities: Vec<Entity>,
    /// What follows the tree.
    pub guidance: Option<Span>,
}

/// One bullet of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The bullet from its marker to its end.
    pub span: Span,
    /// The name without its markers.
    pub name: Span,
    /// What is said about it.
    pub note: Option<Span>,
    /// How the name is written.
    pub form: Form,
    /// How many bullets it stands under.
    pub depth: usize,
    /// Columns before the marker; a tab reaches to the next multiple of four.
    pub indent: usize,
}

/// How an entity's name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `**Name**` or `__Name__`
    Bold,
    /// `` `Name` ``
    Code,
    /// `Name`
    Plain,
    /// `**Name`, never closed.
    Unclosed,
}

impl Overview {
    /// Reads the section that `content` spans.
    pub(crate) fn read(text: &str, heading: Span, content: Span) -> Self {
        // The blanks before the first bullet count like those before any other.
        let content = Span::new(line_start(text, content.start), content.end);
        let mut overview =
            Self { heading, span: content, intro: None, entities: Vec::with_capacity(24), guidance: None };
        let mut indents: Vec<usize> = Vec::new();
        let mut after_blank = true;
        for line in lines_in(text, content) {
            let content_of_line = trimmed(text, line);
            if content_of_line.is_empty() {
                after_blank = true;
                continue;
            }
            if is_comment(&text[content_of_line.range()]) {
                continue;
            }
            if let Some(bullet) = Bullet::read(text, line) {
                while indents.last().is_some_and(|&indent| indent >= bullet.indent) {
                    indents.pop();
                }
                let depth = indents.len();
                if depth < MAX_DEPTH {
                    indents.push(bullet.indent);
                }
                overview.entities.push(bullet.entity(text, depth));
            } else if let Some(last) = overview.entities.last_mut() {
                let continues = !after_blank && columns(&text[line.start..content_of_line.start]) > last.indent;
                if !continues {
                    overview.guidance = Some(Span::new(content_of_line.start, content.end));
                    break;
                }
                last.extend(text, content_of_line);
            } else {
                let start = overview.intro.map_or(content_of_line.start, |intro| intro.start);
                overview.intro = Some(Span::new(start, content_of_line.end));
            }
            after_blank = false;
        }
        if overview.entities.is_empty() {
            overview.guidance = overview.intro.take();
        }
        overview
    }

    /// What of it the model holds, in the order of the file.
    pub(super) fn held(&self) -> Vec<Span> {
        let tree = self.entities.iter().map(|entity| entity.span);
        self.intro.into_iter().chain(tree).chain(self.guidance).collect()
    }
}

impl Entity {
    /// Takes in the next line of the same bullet.
    fn extend(&mut self, text: &str, line: Span) {
        if self.form == Form::Unclosed && text[line.range()].contains("**") {
            self.form = Form::Bold;
        }
        self.span.end = line.end;
        self.note = Some(Span::new(self.note.map_or(line.start, |note| note.start), line.end));
    }
}

/// The bullets in `text[span]`, as spans from marker to line end: those of the tree and those in the guidance.
pub fn bullets_in(text: &str, span: Span) -> impl Iterator<Item = Span> + '_ {
    lines_in(text, span).filter_map(|line| Bullet::read(text, line)).map(|bullet| bullet.span)
}

struct Bullet {
    span: Span,
    content: Span,
    indent: usize,
}

impl Bullet {
    fn read(text: &str, line: Span) -> Option<Self> {
        let span = trimmed(text, line);
        let rest = text[span.range()].strip_prefix(['-', '*', '+'])?;
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) || is_thematic_break(&text[span.range()]) {
            return None;
        }
        let content = trimmed(text, Span::new(span.start + 1, span.end));
        Some(Self { span, content, indent: columns(&text[line.start..span.start]) })
    }

    fn entity(&self, text: &str, depth: usize) -> Entity {
        let (name, rest, form) = split_name(text, self.content);
        let note = rest.and_then(|rest| strip_separator(text, rest));
        let name = trimmed(text, name);
        // `**Name:** note` carries its separator inside the markers.
        let bare = text[name.range()].trim_end_matches(':').trim_end();
        let name = if note.is_some() { Span::new(name.start, name.start + bare.len()) } else { name };
        let name = if form == Form::Bold { without_backticks(text, name) } else { name };
        Entity { span: self.span, name, note, form, depth, indent: self.indent }
    }
}

/// The name, what follows it, and how the name is marked.
fn split_name(text: &str, content: Span) -> (Span, Option<Span>, Form) {
    let body = &text[content.range()];
    for (marker, form) in [("**", Form::Bold), ("__", Form::Bold), ("`", Form::Code)] {
        let Some(inner) = body.strip_prefix(marker) else { continue };
        let start = content.start + marker.len();
        return match memchr::memmem::find(inner.as_bytes(), marker.as_bytes()) {
            Some(len) => {
                let rest = trimmed(text, Span::new(start + len + marker.len(), content.end));
                (Span::new(start, start + len), (!rest.is_empty()).then_some(rest), form)
            }
            None if marker == "**" => (Span::new(start, content.end), None, Form::Unclosed),
            None => (content, None, Form::Plain),
        };
    }
    match plain_separator(body) {
        Some(at) => (
            Span::new(content.start, content.start + at),
            Some(Span::new(content.start + at, content.end)),
            Form::Plain,
        ),
        None => (content, None, Form::Plain),
    }
}

/// Where the note of an unmarked name starts: at a dash between blanks, a colon before one, or brackets at the end.
fn plain_separator(body: &str) -> Option<usize> {
    let dash = [" — ", " – ", " - "].iter().filter_map(|dash| body.find(dash)).min();
    let colon = body.find(": ");
    let bracket = body.ends_with(')').then(|| body.find(" (")).flatten();
    [dash, colon, bracket].into_iter().flatten().filter(|&at| at > 0).min()
}

/// A note without the dash, colon or brackets that set it off.
fn strip_separator(text: &str, rest: Span) -> Option<Span> {
    let rest = trimmed(text, rest);
    let body = &text[rest.range()];
    let inner = body.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).filter(|inner| !inner.contains(')'));
    let note = if inner.is_some() {
        Span::new(rest.start + 1, rest.end - 1)
    } else {
        let note = body.trim_start_matches(['—', '–', '-', ':']);
        Span::new(rest.end - note.len(), rest.end)
    };
    let note = trimmed(text, note);
    (!note.is_empty()).then_some(note)
}

/// `---`, `* * *`: a line across the page, not a bullet.
fn is_thematic_break(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(mark) = marks.next() else { return false };
    let mut count = 1;
    let is_same = |c| {
        count += 1;
        c == mark
    };
    marks.all(is_same) && count >= 3
}

fn columns(blanks: &str) -> usize {
    blanks.chars().fold(0, |column, c| if c == '\t' { (column / 4 + 1) * 4 } else { column + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Overview {
        Overview::read(text, Span::at(0), trimmed(text, Span::new(0, text.len())))
    }

    fn tree(text: &str) -> Vec<(usize, &str, Option<&str>)> {
        let entities = read(text).entities;
        entities.iter().map(|e| (e.depth, &text[e.name.range()], e.note.map(|note| &text[note.range()]))).collect()
    }

    #[test]
    fn indentation_makes_the_tree_however_wide() {
        assert_eq!(
            tree("- **A**\n   - **B**\n     - **C**\n - **D**\n- **E**\n      - **F**\n"),
            [(0, "A", None), (1, "B", None), (2, "C", None), (1, "D", None), (0, "E", None), (1, "F", None)]
        );
    }

    #[test]
    fn names_lose_their_marks_and_keep_their_notes() {
        assert_eq!(
            tree(
                "- **Record** — one entry\n- **Key:** short\n- `run`: starts it\n- Plain (a note)\n- Re-use\n- **Bare**s\n- __Line__\n- **`Both`**: marked\n- __init\n* **Open\n"
            ),
            [
                (0, "Record", Some("one entry")),
                (0, "Key", Some("short")),
                (0, "run", Some("starts it")),
                (0, "Plain", Some("a note")),
                (0, "Re-use", None),
                (0, "Bare", Some("s")),
                (0, "Line", None),
                (0, "Both", Some("marked")),
                (0, "__init", None),
                (0, "Open", None),
            ]
        );
        assert_eq!(read("- **Open").entities[0].form, Form::Unclosed);
    }

    #[test]
    fn the_first_line_that_is_no_bullet_starts_the_guidance() {
        let text = "- **A**\n\nUse it so:\n* `x` first\n\n- then y\n";
        let overview = read(text);
        assert_eq!(overview.entities.len(), 1);
        assert_eq!(overview.guidance.map(|span| &text[span.range()]), Some("Use it so:\n* `x` first\n\n- then y"));
        assert_eq!(bullets_in(text, overview.span).count(), 3);
    }

    #[test]
    fn comments_are_no_part_of_the_tree() {
        let text = "<!-- a -->\n- **A**\n<!-- b - c -->\n- **A** - one\n  <!-- d -->\n  two\n  - **B**\n\n<!-- e -->\n";
        assert_eq!(tree(text), [(0, "A", None), (0, "A", Some("one\n  <!-- d -->\n  two")), (1, "B", None)]);
        assert_eq!((read(text).intro, read(text).guidance), (None, None));
        let text = "- **A**\n<!-- a --> so\n- **B**\n";
        assert_eq!(read(text).guidance.map(|span| &text[span.range()]), Some("<!-- a --> so\n- **B**"));
    }

    #[test]
    fn a_bullet_may_go_on_in_the_next_line() {
        assert_eq!(tree("- **A** - one\n  two\n- **B**\n"), [(0, "A", Some("one\n  two")), (0, "B", None)]);
        assert_eq!(read("- **A\n  B** - one\n").entities[0].form, Form::Bold);
    }

    #[test]
    fn text_before_the_list_is_kept_apart() {
        let text = "It has:\n\n- **A**\n";
        assert_eq!(read(text).intro.map(|span| &text[span.range()]), Some("It has:"));
        assert_eq!(read("Only words.\n").guidance, Some(Span::new(0, 11)));
    }

    #[test]
    fn a_list_may_be_indented_as_a_whole() {
        assert_eq!(tree("  - **A**\n  - **B**\n    - **C**\n"), [(0, "A", None), (0, "B", None), (1, "C", None)]);
    }

    #[test]
    fn depth_is_bounded() {
        let text: String = (0..1000).flat_map(|indent| [" ".repeat(indent), "- x\n".to_owned()]).collect();
        assert_eq!(read(&text).entities.iter().map(|entity| entity.depth).max(), Some(MAX_DEPTH));
    }
}
