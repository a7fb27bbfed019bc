//! `CODEBLOCK0` and `INLINECODE3`: code that a copy replaced by its number.
//!
//! The code comes back from where it still stands, by position alone: from the translation in the same capture, when both hold the
//! same number of pieces of code, or from a template's constant text for the same section, when that holds as many blocks, or the
//! same words around its code. Where neither is so, nothing is put in.

use super::code;
use super::ledger::Rule;
use super::line::Line;
use super::outline;
use crate::manifest::source::Span;

const BLOCK: &str = "CODEBLOCK";
const INLINE: &str = "INLINECODE";

/// Text that a template holds in every manifest, of one section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constant {
    /// The section's heading, the app's title left out: `Running actions`, `Working with`.
    pub section: String,
    /// Its Markdown. Lines with slots in them are passed over.
    pub text: String,
}

/// One placeholder in a line.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    start: usize,
    end: usize,
    number: usize,
    is_block: bool,
}

/// Whether any placeholder stands in a text.
pub(crate) fn is_in(text: &str) -> bool {
    found(text, BLOCK).next().is_some() || found(text, INLINE).next().is_some()
}

/// Puts the code back where it is known.
pub(crate) fn fill(lines: &mut Vec<Line<'_>>, other: &[Line<'_>], constants: &[Constant], title: Option<&str>) {
    if !lines.iter().any(|line| is_in(&line.text)) {
        return;
    }
    let blocks = blocks_of(other);
    let inline = spans_of(other);
    from_translation(lines, &blocks, &inline);
    for constant in constants {
        from_constant(lines, constant, title);
    }
}

fn from_translation(lines: &mut Vec<Line<'_>>, blocks: &[Vec<String>], inline: &[String]) {
    let pieces: Vec<usize> = code_pieces(lines, 0..lines.len());
    if pieces.len() == blocks.len() {
        put_blocks(lines, &pieces, blocks);
    }
    let highest = lines.iter().flat_map(|line| all_in(&line.text)).filter(|f| !f.is_block).map(|f| f.number).max();
    let own = lines.iter().any(|line| line.text.contains('`') && !code::is_fence(line.words()));
    if highest.is_some_and(|highest| highest + 1 == inline.len()) && !own {
        for line in lines.iter_mut() {
            put_inline(line, |number| inline.get(number).cloned());
        }
    }
}

fn from_constant(lines: &mut Vec<Line<'_>>, constant: &Constant, title: Option<&str>) {
    let wanted = constant.section.trim();
    let is_it = |heading: &str| {
        let bare = title.and_then(|title| heading.strip_suffix(title)).map_or(heading, str::trim_end);
        bare == wanted || heading == wanted
    };
    let Some(section) = outline::section(lines, is_it) else { return };
    let text: Vec<Line<'_>> = super::line::split(&constant.text, 0);
    for at in section.clone() {
        let Some(codes) = text.iter().find_map(|constant| codes_by_words(&lines[at].text, &constant.text)) else {
            continue;
        };
        let mut codes = codes.into_iter();
        put_inline(&mut lines[at], |_| codes.next());
    }
    let pieces = code_pieces(lines, section);
    let blocks = blocks_of(&text);
    if pieces.len() == blocks.len() && !blocks.iter().flatten().any(|line| line.contains("{{")) {
        put_blocks(lines, &pieces, &blocks);
    }
}

/// The lines that are pieces of code: placeholders of blocks, and commands that still stand.
fn code_pieces(lines: &[Line<'_>], range: std::ops::Range<usize>) -> Vec<usize> {
    range.filter(|&at| whole_block(lines[at].words()).is_some() || code::is_command(lines[at].words())).collect()
}

fn whole_block(words: &str) -> Option<usize> {
    found(words, BLOCK).next().filter(|f| f.start == 0 && f.end == words.len()).map(|f| f.number)
}

/// Writes blocks in the place of their placeholders; `pieces` are the lines of all code, as many as there are blocks.
fn put_blocks(lines: &mut Vec<Line<'_>>, pieces: &[usize], blocks: &[Vec<String>]) {
    // Pieces that still stand must be the blocks at their positions, or the two texts are not of one shape.
    let agrees = pieces.iter().zip(blocks).all(|(&at, block)| {
        whole_block(lines[at].words()).is_some() || block.iter().any(|line| line.trim() == lines[at].words())
    });
    if !agrees {
        return;
    }
    let mut filled: Vec<Line<'_>> = Vec::with_capacity(lines.len() + 2 * blocks.len());
    let mut next = pieces.iter().zip(blocks).peekable();
    for (at, line) in std::mem::take(lines).into_iter().enumerate() {
        let block = next.next_if(|(piece, _)| **piece == at).map(|(_, block)| block);
        match block.filter(|_| whole_block(line.words()).is_some()) {
            Some(block) => {
                let rules = line.rules.with(Rule::Placeholder);
                filled.push(Line::made("```".to_owned(), line.span, rules));
                filled.extend(block.iter().map(|code| Line::made(code.clone(), line.span, rules)));
                filled.push(Line::made("```".to_owned(), Span::at(line.span.end), rules));
            }
            None => filled.push(line),
        }
    }
    *lines = filled;
}

fn put_inline(line: &mut Line<'_>, mut code: impl FnMut(usize) -> Option<String>) {
    let mut text = String::new();
    let mut from = 0;
    for found in all_in(&line.text).into_iter().filter(|found| !found.is_block) {
        let Some(code) = code(found.number) else { continue };
        text.push_str(&line.text[from..found.start]);
        text.extend(["`", code.as_str(), "`"]);
        from = found.end;
    }
    if from > 0 {
        text.push_str(&line.text[from..]);
        line.rewrite(text, Rule::Placeholder);
    }
}

/// The code of a constant line that says the same as `text` around its code.
fn codes_by_words(text: &str, constant: &str) -> Option<Vec<String>> {
    let found: Vec<Found> = all_in(text).into_iter().filter(|found| !found.is_block).collect();
    if found.is_empty() || constant.contains("{{") || constant.contains("{%") {
        return None;
    }
    let mut words = Vec::new();
    let mut from = 0;
    for found in &found {
        words.push(text[from..found.start].trim());
        from = found.end;
    }
    words.push(text[from..].trim());
    let parts: Vec<&str> = constant.split('`').collect();
    let (said, codes): (Vec<_>, Vec<_>) = parts.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let said: Vec<&str> = said.into_iter().map(|(_, part)| part.trim()).collect();
    (said == words).then(|| codes.into_iter().map(|(_, code)| (*code).to_owned()).collect())
}

/// The code blocks of a text, fenced or with their tags left, without their fences.
fn blocks_of(lines: &[Line<'_>]) -> Vec<Vec<String>> {
    let mut lines = lines.to_vec();
    code::fence_blocks(&mut lines);
    let mut blocks = Vec::new();
    let mut open: Option<Vec<String>> = None;
    for line in &lines {
        if code::is_fence(line.words()) {
            match open.take() {
                Some(block) => blocks.push(block),
                None => open = Some(Vec::new()),
            }
        } else if let Some(block) = &mut open {
            block.push(line.text.to_string());
        }
    }
    blocks
}

/// The code spans of a text, its blocks left out.
fn spans_of(lines: &[Line<'_>]) -> Vec<String> {
    let mut spans = Vec::new();
    let mut in_block = false;
    for line in lines {
        if code::is_fence(line.words()) {
            in_block = !in_block;
        } else if !in_block {
            spans.extend(line.text.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    spans
}

/// Every placeholder of a text, in its order.
fn all_in(text: &str) -> Vec<Found> {
    let mut all: Vec<Found> = found(text, BLOCK).chain(found(text, INLINE)).collect();
    all.sort_by_key(|found| found.start);
    all
}

fn found<'a>(text: &'a str, word: &'static str) -> impl Iterator<Item = Found> + 'a {
    memchr::memmem::find_iter(text.as_bytes(), word).filter_map(move |start| {
        let digits_start = start + word.len();
        let digits = text[digits_start..].bytes().take_while(u8::is_ascii_digit).count();
        let end = digits_start + digits;
        let number = text[digits_start..end].parse().ok()?;
        Some(Found { start, end, number, is_block: word == BLOCK })
    })
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn filled(text: &str, other: &str, constants: &[Constant]) -> Vec<String> {
        let mut lines = split(text, 0);
        fill(&mut lines, &split(other, 0), constants, Some("Loafly"));
        lines.iter().map(|line| line.text.to_string()).collect()
    }

    #[test]
    fn the_translation_gives_blocks_by_position() {
        let text = "Warm up:\nCODEBLOCK0\nThen:\nmembrane login --tenant\nLast:\nCODEBLOCK2\n";
        let other = "预热:\nbash\nbake --warm\n然后:\nbash\nmembrane login --tenant\n最后:\nbash\nbake --hot\n";
        assert_eq!(
            filled(text, other, &[]),
            [
                "Warm up:",
                "```",
                "bake --warm",
                "```",
                "Then:",
                "membrane login --tenant",
                "Last:",
                "```",
                "bake --hot",
                "```"
            ]
        );
    }

    #[test]
    fn nothing_is_filled_where_the_texts_are_not_of_one_shape() {
        let text = "Warm up:\nCODEBLOCK0\nCODEBLOCK1\n";
        assert_eq!(filled(text, "bash\nbake --warm\n", &[]), ["Warm up:", "CODEBLOCK0", "CODEBLOCK1"]);
        let standing = "CODEBLOCK0\nmembrane one --x\n";
        assert_eq!(filled(standing, "bash\nbake\nbash\nmembrane two --x\n", &[])[0], "CODEBLOCK0");
    }

    #[test]
    fn a_template_gives_code_by_section_and_words() {
        let constants = [
            Constant { section: "Popular actions".into(), text: "Run `bake --list` to see all.\n".into() },
            Constant { section: "Running actions".into(), text: "```bash\nbake --now\n```\n".into() },
        ];
        let text = "## Popular actions\nRun INLINECODE4 to see all.\n## Running actions\nCODEBLOCK7\n";
        assert_eq!(
            filled(text, "", &constants),
            ["## Popular actions", "Run `bake --list` to see all.", "## Running actions", "```", "bake --now", "```"]
        );
        let elsewhere = "## Popular actions\nCall INLINECODE4 to see all.\n";
        assert_eq!(filled(elsewhere, "", &constants)[1], "Call INLINECODE4 to see all.");
    }

    #[test]
    fn placeholders_are_words_with_numbers() {
        assert!(is_in("a CODEBLOCK12 b") && is_in("INLINECODE0"));
        assert!(!is_in("a CODEBLOCK b") && !is_in("INLINECODEx"));
    }
}
