//! What stands for something else in shell code: `<id>`, `{id}`, `[--all]`, `...`.

/// A word in angle brackets that stands for another: `<id>`, `<skill-name>`.
pub(super) fn placeholders(line: &str) -> impl Iterator<Item = (usize, &str)> {
    /// Bytes of the longest name of a placeholder.
    const LONGEST: usize = 60;
    let (mut from, mut double, mut single) = (0, 0, 0);
    line.match_indices('<').filter_map(move |(at, _)| {
        double += line[from..at].matches('"').count();
        single += line[from..at].matches('\'').count();
        from = at;
        let inner = &line[at + 1..];
        let end = inner.bytes().take(LONGEST + 1).position(|byte| byte == b'>')?;
        let name = &inner[..end];
        let starts = name.starts_with(char::is_alphabetic);
        let is_name = starts && name.chars().all(|c| c.is_alphanumeric() || " _-./|:".contains(c));
        // Quoted ones are no redirections.
        let is_quoted = double % 2 == 1 || single % 2 == 1;
        let redirection = line[..at].ends_with('<');
        (is_name && !is_quoted && !redirection).then_some((at, &line[at..at + end + 2]))
    })
}

/// The code with words of the same length for what stands for others: `<id>`, `{id}`, `{{ id }}`, `[--all]`, `...`.
pub(super) fn with_stand_ins(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        for (start, placeholder) in placeholders(line) {
            bytes[at + start..at + start + placeholder.len()].fill(b'x');
        }
        for (start, end) in brackets(line) {
            bytes[at + start..at + end].fill(b'x');
        }
        for dots in ["...", "…"] {
            for (start, _) in line.match_indices(dots) {
                bytes[at + start..at + start + dots.len()].fill(b'x');
            }
        }
        // The grammar does not know a text for standard input behind another redirection; a file stands for it.
        for (start, _) in line.match_indices("<<<") {
            bytes[at + start..at + start + 2].fill(b' ');
        }
        at += line.len();
    }
    // Only whole characters were replaced.
    String::from_utf8(bytes).unwrap_or_else(|_| code.to_owned())
}

/// Braces and brackets around a name, and brackets around what may be left out.
fn brackets(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(['{', '[']).map(|start| at + start) {
        at = start + 1;
        let rest = &line[start..];
        let before = line[..start].chars().next_back();
        let close = if rest.starts_with("{{") {
            "}}"
        } else if rest.starts_with('{') {
            "}"
        } else {
            "]"
        };
        let Some(length) = rest.find(close).map(|length| length + close.len()) else { continue };
        let inner = &rest[1..length - 1];
        let is_name = !inner.is_empty()
            && inner.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
            && !inner.contains("..");
        let stands_in = match close {
            "}}" => true,
            "}" => is_name && before != Some('$'),
            // `[ -f x ]` and `[[` are commands, `name[0]` is a word.
            _ if before.is_some_and(|c| c.is_alphanumeric() || c == ']') => !inner.contains(char::is_whitespace),
            _ => before.is_none_or(char::is_whitespace) && !inner.starts_with([' ', '[']),
        };
        if stands_in {
            found.push((start, start + length));
            at = start + length;
        }
    }
    found
}
