//! Code put right: spans that were set on lines of their own, commands that lost their backticks, blocks that lost their fences.

use super::bullets;
use super::flattened;
use super::ledger::Rule;
use super::line::Line;

/// Programs whose command lines stand in manifests.
const PROGRAMS: [&str; 3] = ["npx @membranehq/cli", "membrane ", "npm install "];
/// What fences are tagged with, where the tag was left as text.
const LANGUAGES: [&str; 12] = [
    "bash",
    "sh",
    "shell",
    "console",
    "zsh",
    "json",
    "yaml",
    "text",
    "javascript",
    "typescript",
    "python",
    "powershell",
];
/// A code span on a line of its own is no longer.
const MAX_SPAN: usize = 240;

/// Joins `text`, `code`, `rest of the sentence`, each on a line of its own, into one line. `lines` are those of one section; blank
/// lines stand before such code, never after it.
pub(crate) fn join_spans(lines: &mut Vec<Line<'_>>) {
    let mut joined: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let next = |from: usize| lines.get(from);
        let code = next(at);
        let rest = next(at + 1);
        let before = joined.iter().rposition(|line| !line.is_blank());
        let fits = match (before, code, rest) {
            (Some(before), Some(code), Some(rest)) => {
                joined.len() - before <= 2
                    && leads_to_code(&joined[before])
                    && is_span(code.words())
                    && goes_on(rest.words())
                    && [code, rest].iter().all(|line| !is_row(line.words()))
            }
            _ => false,
        };
        let (Some(before), true) = (before, fits) else {
            joined.push(lines[at].clone());
            at += 1;
            continue;
        };
        let stood_apart = joined.len() - before == 2;
        joined.truncate(before + 1);
        let (code, rest) = (&lines[at], &lines[at + 1]);
        let sentence = &mut joined[before];
        let blank = if rest.words().starts_with(|c: char| c.is_ascii_punctuation() && c != '(') { "" } else { " " };
        let text = format!("{} `{}`{blank}{}", sentence.text.trim_end(), code.words(), rest.words());
        if text.len() > 16 * MAX_SPAN {
            joined.push(code.clone());
            at += 1;
            continue;
        }
        sentence.span.end = rest.span.end;
        sentence.rewrite(text, Rule::CodeSpan);
        // A bare word between two lines may be code, or no more than a line of wrapped text.
        if !stood_apart && code.words().chars().all(|c| c.is_alphabetic() || c == ' ') {
            let word = code.words();
            let alternatives = vec![format!("`{word}` as code"), format!("{word} as a word")];
            sentence.doubt(alternatives, "it stands on a line of its own, as code does in such copies");
        }
        at += 2;
    }
    *lines = joined;
}

/// A row of a table whose cells run together.
fn is_row(words: &str) -> bool {
    matches!(flattened::read(words, &flattened::Context::default()), flattened::Reading::Certain(_))
}

/// A sentence that breaks off.
fn leads_to_code(line: &Line<'_>) -> bool {
    let words = line.words();
    let ends = words.ends_with(['.', ':', '!', '?', '。', ':', '`', '|']);
    !words.is_empty() && !ends && line.heading().is_none() && words.len() <= 16 * MAX_SPAN
}

fn is_span(words: &str) -> bool {
    !words.is_empty()
        && words.len() <= MAX_SPAN
        && !words.contains(['`', '|'])
        && !bullets::is_item(words)
        && !words.starts_with('#')
        && !words.ends_with(['.', ':'])
}

/// What goes on with a sentence: it starts in lower case, or with a sign that ends one.
fn goes_on(words: &str) -> bool {
    words.starts_with(|c: char| c.is_lowercase() || matches!(c, '.' | ',' | ';' | ')' | ':' | '('))
        && !bullets::is_item(words)
}

/// Puts a command that stands bare in a sentence back between backticks: from the program to its last flag.
pub(crate) fn mark_command(line: &mut Line<'_>) {
    if let Some((start, end)) = bare_command(&line.text) {
        let text = &line.text;
        let marked = format!("{}`{}`{}", &text[..start], &text[start..end], &text[end..]);
        line.rewrite(marked, Rule::CodeSpan);
    }
}

/// Where a command with a flag stands in a sentence, words on both its sides, without backticks.
pub(crate) fn bare_command(text: &str) -> Option<(usize, usize)> {
    if text.len() > 16 * MAX_SPAN || text.contains('`') {
        return None;
    }
    let start = PROGRAMS.iter().filter_map(|program| text.find(program)).min().filter(|&start| start > 0)?;
    if !text[..start].ends_with(' ') {
        return None;
    }
    let mut end = None;
    let mut at = start;
    for word in text[start..].split(' ') {
        let word_end = at + word.len();
        if word.starts_with("--") {
            end = Some(at + word.trim_end_matches(['.', ',', ';', ':', ')']).len());
        } else if end.is_some() {
            break;
        }
        at = word_end + 1;
    }
    let end = end?;
    (!text[end..].trim().is_empty()).then_some((start, end))
}

/// Puts fences around blocks of which only the language tag or the look of a command is left. One line a block, since nothing
/// marks where a longer one ends.
pub(crate) fn fence_blocks(lines: &mut Vec<Line<'_>>) {
    if lines.iter().any(|line| is_fence(line.words())) {
        return;
    }
    let mut fenced: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut left = std::mem::take(lines).into_iter().peekable();
    while let Some(line) = left.next() {
        let tag = Some(line.words()).filter(|words| LANGUAGES.contains(words)).map(str::to_owned);
        let code = match tag {
            Some(_) => left.next_if(|next| !next.is_blank() && next.heading().is_none()),
            None if is_command(line.words()) => Some(line.clone()),
            None => None,
        };
        let Some(mut code) = code else {
            fenced.push(line);
            continue;
        };
        let rules = line.rules.with(Rule::LostFence);
        fenced.push(Line::made(format!("```{}", tag.unwrap_or_default()), line.span, rules));
        code.rewrite(code.words().to_owned(), Rule::LostFence);
        let end = code.span.end;
        fenced.push(code);
        fenced.push(Line::made("```".to_owned(), crate::manifest::source::Span::at(end), rules));
    }
    *lines = fenced;
}

/// Whether a line is the opening or closing of a code block.
pub(crate) fn is_fence(words: &str) -> bool {
    words.starts_with("```") || words.starts_with("~~~")
}

/// A line that is a command from its first word to its last.
pub(crate) fn is_command(words: &str) -> bool {
    PROGRAMS.iter().any(|program| words.starts_with(program)) && !words.ends_with(['.', ':', ','])
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.text.to_string()).collect()
    }

    #[test]
    fn code_on_its_own_line_goes_back_into_its_sentence() {
        let mut lines = split("Run it with\n\nbake --hot\n, then eat\ncrumbs\n.\n\nNext\n", 0);
        join_spans(&mut lines);
        assert_eq!(texts(&lines), ["Run it with `bake --hot`, then eat `crumbs`.", "", "Next"]);
        let mut apart = split("A sentence.\n\nbake\nor not\n", 0);
        join_spans(&mut apart);
        assert_eq!(texts(&apart), ["A sentence.", "", "bake", "or not"]);
    }

    #[test]
    fn bare_commands_get_their_backticks() {
        let mut lines = split("Use membrane bread list --hot --n=3 to see them.\n", 0);
        mark_command(&mut lines[0]);
        assert_eq!(lines[0].text, "Use `membrane bread list --hot --n=3` to see them.");
        assert_eq!(bare_command("The membrane is thin"), None);
        assert_eq!(bare_command("Use `membrane x --y` so"), None);
    }

    #[test]
    fn blocks_get_their_fences() {
        let mut lines = split("bash\nbake --hot\nThen rest.\nmembrane login --tenant\n", 0);
        fence_blocks(&mut lines);
        assert_eq!(
            texts(&lines),
            ["```bash", "bake --hot", "```", "Then rest.", "```", "membrane login --tenant", "```"]
        );
    }
}
