//! `show`: the page a person reads before installing.

use crate::sandbox::Sandbox;

#[test]
fn the_page_has_entities_actions_and_costs() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a/SKILL.md",
        "---\nname: a\ndescription: |\n  Does a\n  and b.\n---\n\n# A\n\nText.\n\n## A Overview\n\n- **X**\n  - **Y** — why\n\n## Popular actions\n\n\
         | Name | Key | Description |\n|---|---|---|\n| List | list-x | Lists. |\n| Add | add | Adds. |\n",
    );
    let ran = sandbox.run(["show", "a"]).exits(0);
    insta::assert_snapshot!(ran.stdout, @"
    A

    Does a and b.

    name         a
    origin       a/SKILL.md
    tokens       about 4 at every start, 42 when used

    Overview
      X
        Y: why

    Popular actions
      list-x  Lists.
      add     Adds.
    ");
    assert_eq!(sandbox.run(["show", "a", "--json"]).exits(0).json()["title"], "A");
}

#[test]
fn text_from_a_manifest_cannot_steer_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", "---\nname: a\ndescription: b\n---\n# A\u{1b}[2J\u{202e}\n");
    let ran = sandbox.run(["show", "a"]).exits(0);
    assert!(ran.stdout.starts_with("A\\u{1b}[2J\\u{202e}\n"), "{:?}", ran.stdout);
}

#[test]
fn it_takes_one_skill() {
    let sandbox = Sandbox::new();
    sandbox.write("set/a/SKILL.md", "---\nname: a\n---\n");
    sandbox.write("set/b/SKILL.md", "---\nname: b\n---\n");
    let ran = sandbox.run(["show", "set"]).exits(2);
    assert!(ran.stderr.contains("set holds 2 skills, and `show` takes one"), "{}", ran.stderr);
}
