//! Lists put right: `•` and its kin, items that start with `- -`, markers that stand on lines of their own.

use super::ledger::Rule;
use super::line::Line;

/// The markers that browsers draw, by the depth at which they draw them.
const DRAWN: [(char, usize); 8] = [('•', 0), ('●', 0), ('‣', 0), ('⁃', 0), ('◦', 1), ('○', 1), ('▪', 2), ('■', 2)];

/// Items under this depth are not indented further: depth is for people, and text grows with it.
const MAX_DEPTH: usize = 8;

/// Writes drawn bullets as Markdown does. Where copies keep no indentation, the drawn marker tells the depth.
pub(crate) fn undraw(lines: &mut [Line<'_>]) {
    let shared = lines.iter().filter_map(|line| drawn(&line.text)).map(|(indent, ..)| indent).min().unwrap_or(0);
    let is_indented =
        lines.iter().any(|line| drawn(&line.text).is_some_and(|(indent, depth, _)| indent > shared && depth == 0));
    for line in lines {
        let Some((indent, depth, item)) = drawn(&line.text) else { continue };
        let indent = indent - shared;
        let indent = if is_indented { indent } else { indent + 2 * depth.min(MAX_DEPTH) };
        let text = format!("{:indent$}- {item}", "");
        line.rewrite(text, Rule::Bullet);
    }
}

/// The indentation, depth and text of an item with a drawn marker.
fn drawn(line: &str) -> Option<(usize, usize, &str)> {
    let words = line.trim_start();
    let indent = line.len() - words.len();
    let marker = words.chars().next()?;
    let (_, depth) = DRAWN.iter().find(|(drawn, _)| *drawn == marker)?;
    let rest = &words[marker.len_utf8()..];
    rest.starts_with([' ', '\t', '\u{a0}']).then(|| (indent, *depth, rest.trim_start()))
}

/// Mends the markers of a broken list in `lines`, the lines of one section. An item whose marker stands alone lost its text, and
/// what stands under it stood in a list of its own. In such a list no item's place is certain.
pub(crate) fn mend(lines: &mut [Line<'_>]) {
    const WHY: &str = "the list lost its nesting, and such copies drop the text of an item that holds a list";
    let mut broken = false;
    let mut under_lost = false;
    for at in 0..lines.len() {
        if lines[at].is_blank() {
            continue;
        }
        let words = lines[at].words().to_owned();
        if words == "-" {
            let goes_on = lines[at + 1..].iter().find(|line| !line.is_blank());
            under_lost = goes_on.is_some_and(|next| marker(next.words()).is_none());
            lines[at].rules = lines[at].rules.with(Rule::BrokenBullet);
            broken = true;
        } else if let Some(item) = doubled(&words) {
            lines[at].rewrite(format!("- {item}"), Rule::BrokenBullet);
            broken = true;
            under_lost = false;
        } else if marker(&words).is_some() {
            under_lost = false;
        } else if under_lost {
            lines[at].rewrite(format!("  - {words}"), Rule::BrokenBullet);
            let alternatives =
                vec![format!("{words} under an entity whose name is lost"), format!("{words} at the top")];
            lines[at].doubt(alternatives, WHY);
        }
    }
    if !broken {
        return;
    }
    for line in lines.iter_mut().filter(|line| !line.is_blank()) {
        let item = marker(&line.text).unwrap_or(line.words()).to_owned();
        line.rules = line.rules.with(Rule::BrokenBullet);
        line.doubt(vec![format!("{item} at the top"), format!("{item} under another entity")], WHY);
    }
}

/// Doubts what a list without bold names leaves open: where a name ends and its note starts, and whether a list after other text is
/// the one that was there.
pub(crate) fn doubt(lines: &mut [Line<'_>]) {
    let starts_with_text = lines.iter().find(|line| !line.is_blank()).is_some_and(|line| marker(&line.text).is_none());
    let is_late = starts_with_text && lines.iter().any(|line| marker(&line.text).is_some());
    for line in lines.iter_mut().filter(|line| !line.is_blank()) {
        if is_late {
            let alternatives =
                vec!["it belongs to the list of entities".to_owned(), "it belongs to the guidance".to_owned()];
            line.doubt(alternatives, "text stands before the list, as it does where the list of entities was lost");
        }
        let Some(item) = marker(&line.text) else { continue };
        let has_note = [" — ", " – ", " - ", ": "].iter().any(|separator| item.contains(separator))
            || item.contains(" (") && item.ends_with(')')
            || item.ends_with(':');
        if has_note && !item.starts_with(['*', '`']) {
            let alternatives = vec!["a name and a note".to_owned(), format!("a name: {item}")];
            line.doubt(alternatives, "names in this copy lost the marks that tell where they end");
        }
    }
}

/// The text of an item that starts with `- -`.
fn doubled(words: &str) -> Option<&str> {
    words.strip_prefix("- - ").map(str::trim).filter(|item| !item.is_empty())
}

/// The text of a list item in Markdown.
pub(crate) fn marker(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix(['-', '*', '+'])?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Whether a line is an item of a list, drawn or written.
pub(crate) fn is_item(line: &str) -> bool {
    drawn(line).is_some() || marker(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.text.to_string()).collect()
    }

    #[test]
    fn drawn_bullets_keep_their_depth() {
        let mut indented = split("  • Loaf\n    • Crumb\n  • Oven\n", 0);
        undraw(&mut indented);
        assert_eq!(texts(&indented), ["- Loaf", "  - Crumb", "- Oven"]);
        let mut flat = split("• Loaf\n◦ Crumb\n• Oven\n", 0);
        undraw(&mut flat);
        assert_eq!(texts(&flat), ["- Loaf", "  - Crumb", "- Oven"]);
    }

    #[test]
    fn a_broken_list_is_mended_and_every_item_doubted() {
        let mut lines = split("-\nCrumb\n- - Oven\n- Guest\n", 0);
        mend(&mut lines);
        assert_eq!(texts(&lines), ["-", "  - Crumb", "- Oven", "- Guest"]);
        assert!(lines[1..].iter().all(|line| line.doubt.is_some()));
        let mut whole = split("- Oven\n  - Guest\nText\n", 0);
        mend(&mut whole);
        assert!(whole.iter().all(|line| line.doubt.is_none() && line.rules.is_empty()));
    }
}
