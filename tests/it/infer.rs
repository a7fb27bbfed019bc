//! `infer`: templates out of sets, and the sets out of the templates.

use crate::sandbox::Sandbox;

fn note(at: usize, title: &str) -> String {
    format!(
        "# {title}\n\nNumber {at} of the series.\n\n## What it is\n\n{}\n## How to keep it\n\nIn a dry place.\nAway from children.\nNever in the sun.\n",
        "Words.\n".repeat(at)
    )
}

#[test]
fn a_folder_of_look_alike_notes_gives_one_template() {
    let sandbox = Sandbox::new();
    for (at, title) in ["Salt", "Sun", "Dry rice", "Words"].into_iter().enumerate() {
        sandbox.write(&format!("notes/n{at}.md"), note(at + 1, title));
    }
    sandbox.write("notes/other.md", "Something else.\n");
    let report = sandbox.run(["infer", "notes", "--out", "t", "--json"]).exits(0).json();
    assert_eq!(report["templates"][0]["file"], "1-4.md.tera");
    assert_eq!(report["templates"][0]["count"], 4);
    assert_eq!(report["templates"][0]["slots"], serde_json::json!(["title", "summary", "what_it_is"]));
    assert_eq!(report["alone"], serde_json::json!(["notes/other.md"]));
    assert_eq!(report["not_reproduced"], serde_json::json!([]));
    assert!(sandbox.read("t/1-4.md.tera").starts_with("# {{ title }}\n\n{{ summary }}\n\n## What it is\n"));
    assert_eq!(sandbox.read("t/slots.jsonl").lines().count(), 4);
    sandbox.run(["infer", "notes", "--out", "t", "--strict"]).exits(1);
}

#[test]
fn what_was_learned_recognises_the_set() {
    let sandbox = Sandbox::new();
    for (at, title) in ["Salt", "Sun", "Dry rice"].into_iter().enumerate() {
        sandbox.write(&format!("skills/n{at}/SKILL.md"), note(at + 1, title));
    }
    sandbox.run(["infer", "skills", "--out", "t"]).exits(0);
    sandbox.run(["regenerate", "skills", "--template", "t/1-3.md.tera", "--check"]).exits(0);
    let twice = sandbox.read("t/slots.jsonl");
    sandbox.run(["infer", "skills", "--out", "t"]).exits(0);
    assert_eq!(sandbox.read("t/slots.jsonl"), twice);
}

#[test]
fn a_file_that_is_named_twice_is_one() {
    let sandbox = Sandbox::new();
    sandbox.write("notes/one.md", note(1, "Salt"));
    let report = sandbox.run(["infer", "notes", "notes", "--out", "t", "--json"]).exits(0).json();
    assert_eq!(
        (&report["templates"], &report["alone"]),
        (&serde_json::json!([]), &serde_json::json!(["notes/one.md"]))
    );
}

#[test]
fn what_cannot_be_read_is_not_said_to_be_alone() {
    let sandbox = Sandbox::new();
    for (at, title) in ["Salt", "Sun"].into_iter().enumerate() {
        sandbox.write(&format!("notes/n{at}.md"), note(at + 1, title));
    }
    sandbox.write("notes/odd.md", b"\xff");
    let ran = sandbox.run(["infer", "notes", "--out", "t"]).exits(1);
    assert!(ran.stderr.contains("cannot read notes/odd.md: byte 0 is not UTF-8"), "{}", ran.stderr);
    assert!(ran.stdout.contains("notes/odd.md: could not be read\n2 of 3 manifests"), "{}", ran.stdout);
    let report = sandbox.run(["infer", "notes", "--out", "t", "--json"]).exits(1).json();
    assert_eq!(
        (&report["alone"], &report["unreadable"]),
        (&serde_json::json!([]), &serde_json::json!(["notes/odd.md"]))
    );
}
