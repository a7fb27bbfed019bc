use proptest::prelude::*;

use super::*;

#[test]
fn headings_open_sections() {
    let text = "# A `b` #\n\ntext\n\nSetext\n------\n\n> # quoted\n\n### C\nend\n";
    let document = Document::read(text, 0);
    let headings: Vec<_> =
        document.headings.iter().map(|h| (h.level, &text[h.text.range()], &text[h.content.range()])).collect();
    assert_eq!(headings, [(1, "A `b`", "text"), (2, "Setext", "> # quoted"), (3, "C", "end")]);
    assert_eq!(document.code_spans.len(), 1);
}

#[test]
fn code_blocks_know_their_language_and_whether_they_end() {
    let text = "```bash\nls\n```\n\n~~~~\na\n~~~\n~~~~\n\n    indented\n\n- x\n  ```sh\n  y\n  ```\n\n```js\nlost\n";
    let document = Document::read(text, 0);
    let blocks: Vec<_> = document
        .code_blocks
        .iter()
        .map(|block| (&text[block.language.range()], &text[block.content.range()], block.fence))
        .collect();
    let closed = Fence::Fenced { closed: true };
    assert_eq!(blocks[0], ("bash", "ls\n", closed));
    assert_eq!(blocks[1], ("", "a\n~~~\n", closed));
    assert_eq!((blocks[2].0, blocks[2].2), ("", Fence::Indented));
    assert_eq!((blocks[3].0, blocks[3].2), ("sh", closed));
    assert_eq!(blocks[4], ("js", "lost\n", Fence::Fenced { closed: false }));
}

#[test]
fn links_images_and_html_are_found() {
    let text = "[a](x.md) ![b](y.png) <https://c.example> <!-- d -->\n\n<div>\ne\n</div>\n";
    let document = Document::read(text, 0);
    let links: Vec<_> = document.links.iter().map(|l| (l.destination.as_str(), l.image, l.autolink)).collect();
    assert_eq!(links, [("x.md", false, false), ("y.png", true, false), ("https://c.example", false, true)]);
    assert_eq!(document.html.len(), 2);
    let quoted = "> <!-- a\r\n> b -->\r\n";
    assert_eq!(Document::read(quoted, 0).html, [Span::new(2, quoted.len())]);
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&[
        "a",
        "b c",
        "é",
        "\u{a0}",
        "`",
        "`x`",
        "``",
        "```",
        "~~~",
        "````",
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\n\n",
        "\n    ",
        "\n  ",
        " ",
        "\t",
        "\x0c",
        "\0",
        "# ",
        "#",
        "## ",
        "- ",
        "-",
        "* ",
        "**",
        "*",
        "+ ",
        "1. ",
        "2) ",
        "1",
        "> ",
        "|",
        "| a | `b` |\n",
        "|---|---|\n",
        "\n--|--\n",
        "\n---\n",
        "\n===\n",
        "\n***\n",
        "[a](b)",
        "[a]",
        "\n[a]: c\n",
        "]: ",
        "![",
        "<b>",
        "<!-- ",
        "-->",
        "<pre>",
        "</pre>",
        "<https://a.example>",
        "\\",
        "&amp;",
        "\n```sh\n",
        "\n```\n",
        "\n~~~ a,b\n",
        "word: text",
        "\"q\"",
        "_",
        "=",
        ":",
        "\r\n",
        "1. a\n",
        "\n   ```sh\n",
        "   ```\n",
        "\n  ```\n",
        "- a\n",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_plain_reads_as_the_parser_reads_it(fragments in prop::collection::vec(fragment(), 0..24)) {
        let text = fragments.concat();
        prop_assert_eq!(Document::read(&text, 0), Document::parse(&text, 0), "{:?}", text);
    }
}

#[test]
fn a_line_may_end_in_any_of_the_three_ways() {
    let text = "# A\n\nRun:\n\n```bash\nls\n```\n\n- b\n  ~~~\n  c\n  ~~~\n\n<!-- d -->\n";
    let expected = Document::read(text, 0);
    assert_eq!((expected.code_blocks.len(), expected.headings.len(), expected.html.len()), (2, 1, 1));
    assert_eq!(Document::read(&text.replace('\n', "\r"), 0), expected);
    let mixed = "```text\nx\r```\r\r\nnone of it\n\n```\ny\r\n```\r";
    let blocks = Document::read(mixed, 0).code_blocks;
    let contents: Vec<_> = blocks.iter().map(|block| &mixed[block.content.range()]).collect();
    assert_eq!(contents, ["x\r", "y\r\n"]);
}

#[test]
fn empty_headings_and_blocks_are_no_trouble() {
    for text in ["#", "# \n\n```\n```\n", "```", "~~~é\n", "> ```\n> x\n", "#\r\n\r\n```\r\n```\r\n"] {
        let document = Document::read(text, 0);
        assert!(document.headings.len() + document.code_blocks.len() > 0, "{text:?}");
    }
}
