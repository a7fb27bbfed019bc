//! `extract`: what is printed, in which form, with which exit code.

use crate::sandbox::Sandbox;

const MANIFEST: &str = "---\nname: a\ndescription: b\n---\n# A\n\nText.\n";

#[test]
fn one_manifest_is_one_model_and_a_set_is_a_list() {
    let sandbox = Sandbox::new();
    sandbox.write("set/a/SKILL.md", MANIFEST);
    let one = sandbox.run(["extract", "set/a"]).exits(0).json();
    assert_eq!(one["title"], "A");
    sandbox.write("set/b/SKILL.md", MANIFEST);
    assert_eq!(sandbox.run(["extract", "set"]).exits(0).json().as_array().unwrap().len(), 2);
    assert_eq!(sandbox.run(["extract", "set", "--format", "jsonl"]).exits(0).stdout.lines().count(), 2);
    assert!(
        sandbox.run(["extract", "set", "--format", "yaml"]).exits(0).stdout.starts_with("---\npath: set/a/SKILL.md\n")
    );
}

#[test]
fn broken_frontmatter_is_placed_and_the_rest_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", "---\nname: a\ndescription: b: c\n---\n# A\n");
    for words in [["extract", "a", "-v"], ["extract", "a", "-q"], ["show", "./a", "-q"]] {
        let ran = sandbox.run(words).exits(1);
        assert!(ran.stderr.contains("a/SKILL.md:3:"), "{words:?}: {}", ran.stderr);
    }
    let ran = sandbox.run(["extract", "a"]).exits(1);
    assert_eq!(ran.json()["title"], "A");
    assert_eq!(ran.json()["frontmatter"]["name"], "a");
}

#[test]
fn a_path_without_a_manifest_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("empty/README.md", "");
    let ran = sandbox.run(["extract", "empty"]).exits(2);
    assert!(ran.stderr.contains("there is no SKILL.md in empty"), "{}", ran.stderr);
    let ran = sandbox.run(["extract", "nowhere"]).exits(2);
    assert!(
        ran.stderr.contains("cannot read nowhere") && ran.stderr.contains("hint: check the path"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_the_model_has_no_place_for_is_said() {
    let sandbox = Sandbox::new();
    let overview = "## A Overview\n\n- **B**\n<!-- not yet -->\n- **C**\n\nUse B. <!-- kept -->\n\n";
    let actions = "## Popular actions\n\n| Name | Key | Description |\n|---|---|---|\n| D | d | Does. |\n";
    sandbox.write("a/SKILL.md", format!("{MANIFEST}\n{overview}{actions}\nAnd more.\n"));
    let ran = sandbox.run(["extract", "a"]).exits(0);
    let warning = "warning: a/SKILL.md:12: the model has no place for this line and 1 other: <!-- not yet -->\n";
    assert_eq!(ran.stderr, warning);
    sandbox.write("a/SKILL.md", format!("{MANIFEST}\n{}{actions}", overview.replace("<!-- not yet -->\n", "")));
    assert_eq!(sandbox.run(["extract", "a"]).exits(0).stderr, "");
}
