//! `new`: a first manifest.

use crate::sandbox::Sandbox;

#[test]
fn a_new_skill_says_what_is_left_to_write() {
    let sandbox = Sandbox::new();
    let ran = sandbox
        .run(["new", "mint-tea", "--dir", "skills", "--set", "description=Make mint tea: hot. Use in winter."])
        .exits(0);
    insta::assert_snapshot!(sandbox.read("skills/mint-tea/SKILL.md"), @r#"
    ---
    name: mint-tea
    description: "Make mint tea: hot. Use in winter."
    ---

    # Mint tea

    TODO: summary

    ## When to use it

    TODO: when to use it

    ## How to do it

    TODO: how to do it
    "#);
    assert!(ran.stderr.contains("to be written: skills/mint-tea/SKILL.md:8, "), "{}", ran.stderr);
    let found = sandbox.run(["lint", "skills", "--format", "concise"]).exits(1);
    assert_eq!(found.stdout.matches("text/todo-marker").count(), 3, "{}", found.stdout);
    let ran = sandbox.run(["new", "mint-tea", "--dir", "skills"]).exits(2);
    assert!(ran.stderr.contains("is already there"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn who_may_read_a_new_file_is_as_the_user_has_set() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_skillpress");
    for (mask, mode) in [("077", 0o600), ("002", 0o664)] {
        let line = format!("umask {mask} && '{program}' new tea-{mask}");
        assert!(sandbox.command("sh").args(["-c", &line]).status().unwrap().success());
        let metadata = std::fs::metadata(sandbox.work().join(format!("tea-{mask}/SKILL.md"))).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{mask}");
    }
}

#[test]
fn a_template_of_the_project_may_be_used() {
    let sandbox = Sandbox::new();
    sandbox
        .write("t.tera", "---\nname: {{ name }}\n---\n{% if homepage %}\n{{ homepage }}\n{% endif %}\n# {{ title }}\n");
    sandbox.run(["new", "a", "--template", "t.tera", "--set", "title=The A"]).exits(0);
    assert_eq!(sandbox.read("a/SKILL.md"), "---\nname: a\n---\n\n# The A\n");
    let ran = sandbox.run(["new", "b", "--template", "t.tera", "--set", "titel=B"]).exits(2);
    assert!(ran.stderr.contains("t.tera has no slot \"titel\"") && ran.stderr.contains("\"title\""), "{}", ran.stderr);
}

#[test]
fn a_name_that_the_specification_forbids_is_refused_with_a_better_one() {
    let sandbox = Sandbox::new();
    for name in ["Mint Tea", "mint--tea", "mint_tea", "../mint-tea"] {
        let ran = sandbox.run(["new", name]).exits(2);
        assert!(ran.stderr.contains("\"mint-tea\" could be"), "{}", ran.stderr);
    }
    sandbox.run(["new", ""]).exits(2);
    assert_eq!(std::fs::read_dir(sandbox.work()).unwrap().count(), 0);
}
