//! Frontmatter taken out of a copy's lines, its fences put back where the copy lost one or both.

use std::ops::Range;

use super::ledger::{Rule, Rules};
use super::line::Line;
use crate::manifest::source::Span;

/// Lines of a copy in which frontmatter is looked for.
const FAR: usize = 200;

const FENCE: &str = "---";

/// Takes the frontmatter out of the lines, with what a page puts before it: two fences with a name between them, or at the very start
/// entries with a name and a description among them.
pub(crate) fn take<'t>(lines: &mut Vec<Line<'t>>) -> Vec<Line<'t>> {
    if let Some(fenced) = fenced(lines) {
        let front = lines[fenced.clone()].to_vec();
        lines.drain(..fenced.end);
        return front;
    }
    let Some(entries) = entries(lines) else { return Vec::new() };
    let fence = |at: usize| Line::made(FENCE.to_owned(), Span::at(at), Rules::from(Rule::LostFence));
    let mut front = vec![fence(lines[entries.start].span.start)];
    front.extend(
        lines[entries.clone()].iter().cloned().map(|line| Line { rules: line.rules.with(Rule::LostFence), ..line }),
    );
    front.push(fence(lines[entries.end - 1].span.end));
    // One that is indented, or YAML's own, counts for no fence.
    let has_close = lines.get(entries.end).is_some_and(|line| matches!(line.words(), FENCE | "..."));
    lines.drain(..entries.end + usize::from(has_close));
    front
}

fn is_fence(line: &Line<'_>) -> bool {
    line.text == FENCE
}

fn fenced(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let open = lines.iter().take(FAR).position(is_fence)?;
    let len = lines[open + 1..].iter().take(FAR).position(is_fence)?;
    let close = open + 1 + len;
    lines[open..close].iter().any(|line| line.text.starts_with("name:")).then_some(open..close + 1)
}

/// The entries that the copy starts with, behind an opening fence or none.
fn entries(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let first = lines.iter().position(|line| !line.is_blank())?;
    let start = first + usize::from(lines[first].words() == FENCE);
    let len = lines[start..].iter().take(FAR).take_while(|line| is_part_of_an_entry(&line.text)).count();
    let found = start..start + len;
    let has = |key: &str| lines[found.clone()].iter().any(|line| line.text.starts_with(key));
    let starts_with_one = || !lines[start].text.starts_with([' ', '\t']);
    (has("name:") && has("description:") && starts_with_one()).then_some(found)
}

/// `key: value`, or what is indented below such a line.
fn is_part_of_an_entry(line: &str) -> bool {
    let is_key = |key: &str| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_entry =
        line.split_once(':').is_some_and(|(key, value)| is_key(key) && (value.is_empty() || value.starts_with(' ')));
    is_entry || line.starts_with([' ', '\t']) && !line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn front(text: &str) -> (Vec<String>, usize) {
        let mut lines = split(text, 0);
        let front = take(&mut lines).into_iter().map(|line| line.text.into_owned()).collect();
        (front, lines.len())
    }

    #[test]
    fn lost_fences_come_back() {
        let whole = "---\nname: a\ndescription: Sorts.\nmetadata:\n  author: b\n---\n\n# A\n";
        let (expected, rest) = front(whole);
        assert_eq!(expected.len(), 6);
        for text in [
            whole.replacen("---\n\n#", "\n#", 1),
            whole.replacen("---\nname", "name", 1),
            whole.replace("---\n", ""),
            whole.replacen("---\nname", " ---\nname", 1),
            whole.replacen("---\n\n#", "...\n\n#", 1),
            format!("\n{}", whole.replace("---\n", "")),
        ] {
            assert_eq!(front(&text), (expected.clone(), rest), "{text}");
        }
    }

    #[test]
    fn other_lines_are_no_frontmatter() {
        for text in [
            "name: a\n\n# A\n",
            "# A\n\nname: a\ndescription: b\n",
            "Note: a name: b\nname: a\n",
            "  name: a\nname: a\ndescription: b\n",
            "---\n\nname: a\ndescription: b\n",
            "see https://a.example\nname: a\ndescription: b\n",
        ] {
            assert!(front(text).0.is_empty(), "{text}");
        }
    }
}
