//! Whether shell code parses. The only file that names tree-sitter.
//!
//! Most lines in manifests are words and quoted texts, which always parse; they are told apart first, so that the grammar is asked only
//! about the rest.

use std::cell::RefCell;

use tree_sitter::{Node, Parser};

use super::MAX_BYTES;
use crate::manifest::source::Span;

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// The first place at which `code` is no shell code, relative to its start.
pub(super) fn first_error(code: &str) -> Option<Span> {
    if code.len() > MAX_BYTES || is_plain(code) {
        return None;
    }
    PARSER.with_borrow_mut(|parser| {
        if parser.is_none() {
            let mut new = Parser::new();
            new.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
            *parser = Some(new);
        }
        let tree = parser.as_mut()?.parse(code, None)?;
        let root = tree.root_node();
        root.has_error().then(|| deepest_error(root)).map(|node| {
            let start = boundary(code, node.start_byte());
            let end = boundary(code, node.end_byte());
            Span::new(start, end.max(start))
        })
    })
}

/// The last character boundary that is not after `at`.
fn boundary(code: &str, at: usize) -> usize {
    (0..=at.min(code.len())).rev().find(|&at| code.is_char_boundary(at)).unwrap_or(0)
}

/// The first node that is an error or missing, as deep as it can be found.
fn deepest_error(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    loop {
        let mut cursor = node.walk();
        let next = node.children(&mut cursor).find(Node::has_error);
        match next {
            Some(child) if !node.is_error() && !node.is_missing() => node = child,
            _ => return node,
        }
    }
}

/// Whether the code is nothing but words, texts in quotes and comments, line by line.
fn is_plain(code: &str) -> bool {
    code.lines().all(|line| {
        let line = line.trim();
        let first = line.split([' ', '\t']).next().unwrap_or_default();
        !is_reserved(first) && is_plain_line(line.as_bytes())
    })
}

fn is_plain_line(line: &[u8]) -> bool {
    let mut quote = None;
    for (at, &byte) in line.iter().enumerate() {
        match quote {
            Some(b'\'') if byte == b'\'' => quote = None,
            Some(b'\'') => {}
            Some(_) if byte == b'"' => quote = None,
            Some(_) => {
                if matches!(byte, b'$' | b'`' | b'\\') {
                    return false;
                }
            }
            None => match byte {
                b'"' | b'\'' => quote = Some(byte),
                b'#' if at == 0 || line[at - 1] == b' ' => return true,
                _ if PLAIN[usize::from(byte)] => {}
                _ => return false,
            },
        }
    }
    quote.is_none()
}

/// What means nothing to a shell wherever it stands.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let bytes = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./:=@,+%-\t";
    let mut at = 0;
    while at < bytes.len() {
        plain[bytes[at] as usize] = true;
        at += 1;
    }
    plain
};

fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 18] = [
        "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "select",
        "function", "time", "coproc", "in", "declare",
    ];
    RESERVED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_code_has_no_error() {
        for code in [
            "",
            "ls -la\n# comment with ( and '\ngit commit -m \"a b\"\n",
            "for f in *.md; do echo \"$f\"; done\n",
            "cat <<EOF > a\n$x (y\nEOF\n",
            "curl -H 'A: b' \\\n  https://a.example | jq '.[] | {a}'\n",
            "if [[ -f a ]]; then echo \"é\"; fi\n",
        ] {
            assert_eq!(first_error(code), None, "{code}");
        }
    }

    #[test]
    fn errors_are_placed() {
        for code in ["echo \"a\n", "if true; then\n  ls\n", "ls | | wc\n", "ls )\n", "é \"\n"] {
            let span = first_error(code).unwrap_or_else(|| panic!("{code}"));
            assert!(code.get(span.range()).is_some());
            assert_eq!(first_error(code), Some(span));
        }
    }
}
