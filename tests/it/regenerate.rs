//! `regenerate`: what is written, what is refused, what is said.

use std::path::Path;

use crate::sandbox::Sandbox;

const OLD: &str = "---\nname: {{ name }}\ndescription: {{ description }}\n---\n\n# {{ title }}\n\n{{ summary }}\n\n## Use\n\nSign in to {{ title }}.\nAsk first.\n\n## Rules\n\nBe brief.\nBe kind.\n";
const NEW: &str = "---\nname: {{ name }}\ndescription: {{ description }}\n---\n\n# {{ title }}\n\n{{ summary }}\n\n## Use\n\nSign in to {{ title }}, once.\nAsk first.\n\n## Rules\n\nBe brief.\nBe kind.\n";

fn manifest(generation: &str, name: &str, title: &str) -> String {
    generation
        .replace("{{ name }}", name)
        .replace("{{ title }}", title)
        .replace("{{ description }}", "Does things.")
        .replace("{{ summary }}", "One thing.")
}

fn set(sandbox: &Sandbox) {
    sandbox.write("new.tera", NEW);
    sandbox.write("old/old.tera", OLD);
    for (name, title) in [("a", "Alpha"), ("b", "Beta")] {
        sandbox.write(&format!("skills/{name}/SKILL.md"), manifest(OLD, name, title));
    }
    sandbox.write("skills/c/SKILL.md", manifest(NEW, "c", "Gamma"));
}

const COMMAND: [&str; 6] = ["regenerate", "skills", "--template", "new.tera", "--from", "old"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    COMMAND.iter().copied().chain(more.iter().copied()).collect()
}

fn modified(sandbox: &Sandbox, path: &str) -> std::time::SystemTime {
    std::fs::metadata(sandbox.work().join(path)).unwrap().modified().unwrap()
}

#[test]
fn a_set_is_checked_then_brought_up_to_date_then_clean() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let before = modified(&sandbox, "skills/c/SKILL.md");
    let ran = sandbox.run(with(&["--check"])).exits(1);
    assert_eq!(
        ran.stdout,
        "2 manifests to be upgraded from old/old.tera, the same change: -1 +1 (shown once)
    @@ -10,5 +10,5 @@
     ## Use
     
    -Sign in to {{ title }}.
    +Sign in to {{ title }}, once.
     Ask first.
     
  skills/a/SKILL.md
  skills/b/SKILL.md
3 manifests: 1 current, 2 upgraded
"
    );
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(OLD, "a", "Alpha"));

    sandbox.run(COMMAND).exits(0);
    for (name, title) in [("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")] {
        assert_eq!(sandbox.read(&format!("skills/{name}/SKILL.md")), manifest(NEW, name, title));
    }
    assert_eq!(modified(&sandbox, "skills/c/SKILL.md"), before);
    assert_eq!(sandbox.run(with(&["--check"])).exits(0).stdout, "3 manifests: 3 current\n");
}

#[test]
fn a_diff_is_a_patch_that_git_applies() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let patch = sandbox.run(with(&["--diff"])).exits(1).stdout;
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(OLD, "a", "Alpha"));
    sandbox.write("p.patch", patch);
    sandbox.git(["apply", "p.patch"]);
    sandbox.run(with(&["--check"])).exits(0);
}

#[test]
fn a_diff_names_files_so_that_programs_find_them() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("my skills/d/SKILL.md", manifest(OLD, "d", "Delta"));
    std::fs::create_dir(sandbox.work().join("elsewhere")).unwrap();
    let diff = |path: &str| {
        let ran = sandbox.run(["regenerate", path, "--template", "new.tera", "--from", "old", "--diff"]).exits(1);
        ran.stdout
    };
    let full = sandbox.work().canonicalize().unwrap().display().to_string();
    for path in ["my skills/d".to_owned(), format!("{full}/my skills"), "elsewhere/../my skills".to_owned()] {
        let patch = diff(&path);
        assert!(patch.starts_with("--- a/my skills/d/SKILL.md\t\n+++ b/my skills/d/SKILL.md\t\n@@"), "{patch}");
        sandbox.write("p.patch", patch);
        sandbox.git(["apply", "--check", "p.patch"]);
    }
    sandbox.write("above/e/SKILL.md", manifest(OLD, "e", "Epsilon"));
    let mut command =
        sandbox.skillpress(["regenerate", "../above", "--template", "../new.tera", "--from", "../old", "--diff"]);
    let ran = crate::sandbox::Ran::of(command.current_dir(sandbox.work().join("elsewhere")));
    assert!(ran.stdout.starts_with(&format!("--- a{full}/above/e/SKILL.md\n")), "{}", ran.stdout);
}

#[test]
fn the_plan_is_printed_as_json() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("skills/x/SKILL.md", "# X\n");
    let plan = sandbox.run(with(&["--check", "--json"])).exits(1).json();
    assert_eq!(plan["tally"]["upgraded"], 2);
    assert_eq!(plan["groups"][0]["count"], 2);
    assert_eq!(plan["written"], false);
    let manifests = plan["manifests"].as_array().unwrap();
    let outcomes: Vec<&str> = manifests.iter().map(|planned| planned["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["upgraded", "upgraded", "current", "unrecognised"]);
    assert_eq!(manifests[0]["path"], "skills/a/SKILL.md");
    assert_eq!(manifests[0]["generation"], "old/old.tera");
}

#[test]
fn one_bad_manifest_stops_no_other() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let new = NEW.replace("Be kind.", "Be kind, always.");
    sandbox.write("new.tera", &new);
    sandbox.write("skills/0/SKILL.md", b"\xff\xfe");
    sandbox.write("skills/1/SKILL.md", manifest(OLD, "one", "One").replace("Sign in to One.", "Sign out."));
    let ran = sandbox.run(COMMAND).exits(1);
    assert!(ran.stdout.contains("skills/0/SKILL.md: unrecognised: byte 0 is not UTF-8"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains(
            "skills/1/SKILL.md (on old/old.tera): conflict: edited by hand where the template changed: line 12"
        ),
        "{}",
        ran.stdout
    );
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(&new, "a", "Alpha"));
    assert!(sandbox.read("skills/1/SKILL.md").contains("Sign out."));
}

#[test]
fn all_is_written_though_nobody_reads_what_is_said() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = sandbox.skillpress(COMMAND).stdout(writer).stderr(std::process::Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(NEW, "a", "Alpha"));
}

#[cfg(unix)]
#[test]
fn what_could_not_be_written_is_not_said_to_be_upgraded() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let long = manifest(OLD, "b", "Beta").replace("Does things.", &"Does things.".repeat(200));
    sandbox.write("skills/b/SKILL.md", &long);
    // No file may become longer than one block.
    let limited = |more: &[&str]| {
        let mut shell = sandbox.command("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_skillpress")]);
        crate::sandbox::Ran::of(shell.args(with(more))).exits(1)
    };
    let ran = limited(&["--json"]);
    let plan = ran.json();
    assert_eq!((&plan["tally"]["upgraded"], &plan["tally"]["unwritten"]), (&1.into(), &1.into()));
    assert_eq!((&plan["written"], &plan["groups"][0]["count"]), (&false.into(), &1.into()));
    assert!(ran.stderr.contains("cannot write skills/b/SKILL.md"), "{}", ran.stderr);
    assert_eq!(
        limited(&[]).stdout,
        "skills/b/SKILL.md (on old/old.tera): unwritten: it is as it was\n3 manifests: 2 current, 1 unwritten\n"
    );
    assert_eq!(sandbox.read("skills/b/SKILL.md"), long);
}

#[test]
fn a_new_slot_takes_its_value_from_the_data() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("new.tera", NEW.replace("once", "at {{ app_url }}"));
    let ran = sandbox.run(with(&["--check"])).exits(1);
    assert!(
        ran.stdout.contains("skills/a/SKILL.md (on old/old.tera): refused: `app_url` has no value"),
        "{}",
        ran.stdout
    );
    sandbox.write("data.yaml", "a:\n  app_url: https://a.example.org/\nb: {app_url: https://b.example.org/}\n");
    sandbox.run(with(&["--data", "data.yaml"])).exits(1);
    assert!(sandbox.read("skills/b/SKILL.md").contains("Sign in to Beta, at https://b.example.org/."));
}

#[test]
fn data_that_fit_nothing_are_named() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("data.yaml", "{a: {sumary: x}, c: {summary: x}, z: {title: Z}}\n");
    let ran = sandbox.run(with(&["--data", "data.yaml"])).exits(0);
    assert_eq!(
        ran.stderr,
        "warning: the data have values for skills that are not among the manifests: z\n\
         warning: the data have values for slots that the template does not have: sumary\n"
    );
    sandbox.write("nameless.tera", "# {{ title }}\n\n{% if note %}Note: {{ note }}{% endif %}\n");
    sandbox.write("x/SKILL.md", "# X\n\n\n");
    sandbox.write("data.jsonl", "{\"name\": \"x\", \"note\": \"y\"}\n");
    let ran = sandbox.run(["regenerate", "x", "--template", "nameless.tera", "--data", "data.jsonl"]).exits(0);
    assert_eq!((ran.stderr.as_str(), sandbox.read("x/SKILL.md").as_str()), ("", "# X\n\nNote: y\n"));
}

#[test]
fn a_leak_is_refused_and_said_and_force_takes_only_what_it_names() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("new.tera", NEW.replace("once", "as Alpha does"));
    let ran = sandbox.run(COMMAND).exits(1);
    assert!(ran.stderr.contains("new.tera holds \"Alpha\", the title of a"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains(
            "skills/b/SKILL.md (on old/old.tera): refused: the target's text holds \"Alpha\", the title of a"
        ),
        "{}",
        ran.stdout
    );
    assert_eq!(sandbox.read("skills/b/SKILL.md"), manifest(OLD, "b", "Beta"));
    sandbox.run(with(&["--force", "skills/b"])).exits(0);
    assert!(sandbox.read("skills/b/SKILL.md").contains("as Alpha does"));
    let ran = sandbox.run(with(&["--force", "new.tera"])).exits(2);
    assert!(ran.stderr.contains("none of the manifests"), "{}", ran.stderr);
}

#[test]
fn uncommitted_changes_are_not_written_over() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.git(["init", "--quiet"]);
    let ran = sandbox.run(COMMAND).exits(2);
    assert!(
        ran.stderr.contains("nothing was written: skills/a/SKILL.md and 1 other have changes that are not committed"),
        "{}",
        ran.stderr
    );
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "--quiet", "-m", "set"]);
    sandbox.write("skills/c/SKILL.md", manifest(NEW, "c", "Gamma two"));
    sandbox.run(COMMAND).exits(0);
    sandbox.git(["checkout", "--quiet", "."]);
    let edited = manifest(OLD, "a", "Alpha two");
    sandbox.write("skills/a/SKILL.md", &edited);
    sandbox.run(COMMAND).exits(2);
    assert_eq!(sandbox.read("skills/a/SKILL.md"), edited);
    sandbox.run(with(&["--check"])).exits(1);
    sandbox.run(with(&["--allow-dirty"])).exits(0);
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(NEW, "a", "Alpha two"));
}

#[cfg(unix)]
#[test]
fn a_linked_manifest_stays_a_link_and_its_file_is_written_and_asked_about() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("shared/ivy.md", manifest(OLD, "ivy", "Ivy"));
    let link = sandbox.work().join("skills/ivy/SKILL.md");
    std::fs::create_dir(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("../../shared/ivy.md", &link).unwrap();
    sandbox.git(["init", "--quiet"]);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "--quiet", "-m", "set"]);
    sandbox.write("shared/ivy.md", manifest(OLD, "ivy", "Ivy two"));
    let ran = sandbox.run(COMMAND).exits(2);
    assert!(ran.stderr.contains("skills/ivy/SKILL.md has changes that are not committed"), "{}", ran.stderr);

    sandbox.run(with(&["--allow-dirty", "--force", "skills/ivy"])).exits(0);
    assert!(link.is_symlink());
    assert_eq!(sandbox.read("shared/ivy.md"), manifest(NEW, "ivy", "Ivy two"));
}

#[test]
fn an_edit_that_is_met_on_two_paths_is_one_edit() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("skills/c/SKILL.md", manifest(NEW, "c", "Gamma").replace("Be kind.", "Be very kind."));
    let ran = sandbox.run(with(&["skills/c"])).exits(0);
    assert!(ran.stdout.ends_with("3 manifests: 2 upgraded, 1 merged\n"), "{}", ran.stdout);
}

#[test]
fn an_edit_that_is_kept_is_no_change_but_not_current() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let path = "skills/c/SKILL.md";
    sandbox.write(path, manifest(NEW, "c", "Gamma").replace("Be kind.", "Be very kind."));
    let run = |words: &[&str]| sandbox.run([&["regenerate", path, "--template", "new.tera"], words].concat());
    assert_eq!(run(&["--diff"]).exits(0).stdout, "");
    run(&["--check"]).exits(1);
    run(&["--check", "--diff"]).exits(1);
    run(&[]).exits(0);
}

#[test]
fn templates_may_be_configured() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("skillpress.toml", "[regenerate]\ntemplate = \"new.tera\"\nfrom = \"old\"\n");
    sandbox.run(["regenerate", "skills"]).exits(0);
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(NEW, "a", "Alpha"));
    let mut command = sandbox.skillpress(["regenerate", "--check"]);
    assert_eq!(crate::sandbox::Ran::of(command.current_dir(sandbox.work().join("skills"))).code, 0);
}

#[test]
fn paths_of_templates_start_at_the_file_that_names_them() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("skillpress.toml", "[regenerate]\nfrom = \"old\"\n");
    let user = "../home/.config/skillpress";
    sandbox.write(&format!("{user}/skillpress.toml"), "[regenerate]\ntemplate = \"t/new.tera\"\nfrom = \"none\"\n");
    sandbox.write(&format!("{user}/t/new.tera"), sandbox.read("new.tera"));
    sandbox.run(["regenerate", "skills"]).exits(0);
    assert_eq!(sandbox.read("skills/a/SKILL.md"), manifest(NEW, "a", "Alpha"));
}

#[test]
fn a_template_that_computes_is_refused_with_its_construct() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("new.tera", "# {{ title }}\n\n{{ summary | upper }}\n");
    let ran = sandbox.run(COMMAND).exits(2);
    assert!(ran.stderr.contains("new.tera:3: `{{ summary | upper }}` is computed"), "{}", ran.stderr);
    assert!(!Path::new("x").exists());
}

#[test]
fn the_same_difference_in_several_manifests_is_an_unknown_generation_and_no_edit() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    sandbox.write("skills/d/SKILL.md", manifest(NEW, "d", "Delta").replace("Be kind.", "Be very kind."));
    let ran = sandbox.run(["regenerate", "skills", "--template", "new.tera", "--check"]).exits(1);
    for name in ["a", "b"] {
        let left = format!(
            "skills/{name}/SKILL.md (on unknown generation 1): unrecognised: line 12: expected \", once.\", as new.tera has it"
        );
        assert!(ran.stdout.contains(&left), "{}", ran.stdout);
    }
    assert!(ran.stdout.contains("skills/d/SKILL.md: edited by hand, kept: line 18\n"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("2 left behind on unknown generation 1") && ran.stderr.contains("infer"),
        "{}",
        ran.stderr
    );
}
