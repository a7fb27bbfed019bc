//! `show`: the page a person reads before installing.

use crate::sandbox::{Ran, Sandbox};

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
    let ran = sandbox.run(["show", "./set"]).exits(2);
    assert!(ran.stderr.contains("./set holds 2 skills, and `show` takes one"), "{}", ran.stderr);
}

#[test]
fn a_name_is_looked_up_in_the_sources() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(["show", "chatra", "--offline"]).exits(0);
    assert!(ran.stdout.contains("\norigin       bundled skills/chatra\n"), "{}", ran.stdout);
    sandbox.write("set/skills/own/SKILL.md", "---\nname: own\ndescription: b\n---\n# Own\n");
    for words in [&["show", "own", "--source", "./set"][..], &["show", "./set@own"], &["show", "./set/skills/own"]] {
        assert!(sandbox.run(words.iter().copied()).exits(0).stdout.starts_with("Own\n"), "{words:?}");
    }
    let ran = sandbox.run(["show", "./nowhere"]).exits(2);
    assert!(ran.stderr.starts_with("error: cannot read the source "), "{}", ran.stderr);
    let ran = sandbox.run(["show", "chatr", "--offline"]).exits(2);
    assert!(ran.stderr.contains("there is no skill \"chatr\"") && ran.stderr.contains("chatra"), "{}", ran.stderr);
}

#[test]
fn what_is_wrong_with_the_one_source_is_said_itself() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(["show", "chatr", "--source", "bundled"]).exits(2);
    assert!(ran.stderr.starts_with("error: bundled has no skill called \"chatr\"\nhint: did you"), "{}", ran.stderr);
    let ran = sandbox.run(["show", "o/r@a", "--offline"]).exits(2);
    assert!(ran.stderr.starts_with("error: https://github.com/o/r was never fetched"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("--source"), "{}", ran.stderr);
}

#[test]
fn the_users_configuration_has_one_name() {
    let sandbox = Sandbox::new();
    sandbox.write("s/own/SKILL.md", "---\nname: own\ndescription: b\n---\n# Own\n");
    let folder = sandbox.home().join(".config/skillpress");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!("[source]\norder = [\"{}\"]\n", sandbox.work().join("s").display());
    for name in ["config.toml", "skillpress.toml"] {
        std::fs::write(folder.join(name), &text).unwrap();
        sandbox.run(["show", "own"]).exits(0);
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    for name in ["config.toml", "skillpress.toml"] {
        std::fs::write(folder.join(name), &text).unwrap();
    }
    let ran = sandbox.run(["show", "own"]).exits(2);
    assert!(ran.stderr.contains("two files of configuration"), "{}", ran.stderr);
}

#[test]
fn folders_in_a_configuration_start_at_its_own() {
    let sandbox = Sandbox::new();
    sandbox.write("s/own/SKILL.md", "---\nname: own\ndescription: b\n---\n# Own\n");
    sandbox.write("skillpress.toml", "[source]\norder = [\"./s\"]\nnames = { ours = \"../work/s\" }\n");
    sandbox.write("deep/er/x", "");
    let within =
        |words: &[&str]| Ran::of(sandbox.skillpress(words).current_dir(sandbox.work().join("deep/er"))).exits(0);
    within(&["show", "own"]);
    within(&["show", "own", "--source", "ours"]);
    within(&["show", "own", "--config", "../../skillpress.toml"]);
    within(&["install", "ours", "own", "--dir", "to"]);
}

#[test]
fn skills_are_found_by_their_words() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(["search", "operators", "TICKETS", "--source", "bundled"]).exits(0);
    assert!(ran.stdout.starts_with("chaport  (bundled)\n"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "1 of 4 skills\n");
    let hits = sandbox.run(["search", "chat", "--source", "bundled", "--json"]).exits(0).json();
    assert_eq!(hits.as_array().unwrap().len(), 4);
    sandbox.run(["search", "volcano", "--source", "bundled"]).exits(1);
    sandbox.write("s/PDF-Tools/SKILL.md", "---\nname: PDF-Tools\ndescription: Reads papers.\n---\n");
    assert!(sandbox.run(["search", "pdf-tools", "--source", "./s"]).exits(0).stdout.starts_with("PDF-Tools  "));
}

#[test]
fn a_source_that_cannot_be_searched_is_named() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(["search", "chatra", "--offline"]).exits(0);
    assert!(ran.stderr.contains("warning: passed over: ") && ran.stderr.contains("never fetched"), "{}", ran.stderr);
    let ran = sandbox.run(["search", "volcano", "--offline"]).exits(2);
    assert!(ran.stderr.contains("error: ") && !ran.stderr.contains("0 of"), "{}", ran.stderr);
}
