//! SARIF against its published schema, in every shape that a report of ours can have.

use jsonschema::Validator;
use serde_json::{Value, json};
use skillpress::lint::registry::RULES;
use skillpress::lint::rule::Example;

use crate::sandbox::Sandbox;

const SCHEMA: &str = include_str!("../sarif/sarif-schema-2.1.0.json");
const FRONTMATTER: &str = "---\nname: NAME\ndescription: Sorts parcels. Use when parcels need sorting.\n---\n";

fn validator() -> Validator {
    // A bracket too many makes one pattern none for engines that are strict; no report of ours names a language.
    let schema = SCHEMA.replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// The report of a run, found valid.
#[track_caller]
fn report(sandbox: &Sandbox, arguments: &[&str], exit: i32) -> Value {
    let log = sandbox.run([&["lint", "--format", "sarif"], arguments].concat()).exits(exit).json();
    let wrong: Vec<String> =
        validator().iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{log:#}");
    log
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().unwrap()
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", FRONTMATTER.replace("NAME", "A"));
    let log = report(&sandbox, &[], 1);
    let spoilt = [
        ("/runs/0/results/0/level", json!("info")),
        ("/runs/0/results/0/ruleIndex", json!(null)),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startColumn", json!(0)),
        ("/runs/0/columnKind", json!("bytes")),
        ("/version", json!("2.0.0")),
    ];
    for (pointer, value) in spoilt {
        let mut log = log.clone();
        *log.pointer_mut(pointer).unwrap() = value;
        assert!(!validator().is_valid(&log), "{pointer}");
    }
}

#[test]
fn a_report_without_findings_is_valid() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", FRONTMATTER.replace("NAME", "a") + "# A\n\nSort them.\n");
    assert!(results(&report(&sandbox, &[], 0)).is_empty());
}

#[test]
fn the_findings_of_every_rule_are_valid() {
    let sandbox = Sandbox::new();
    for (number, rule) in RULES.iter().enumerate() {
        for (which, example) in rule.bad.iter().enumerate() {
            let folder = format!("set/s{number}-{which}");
            let frontmatter = FRONTMATTER.replace("NAME", &folder["set/".len()..]);
            let manifest = format!("{folder}/SKILL.md");
            match example {
                Example::Body(body) => drop(sandbox.write(&manifest, format!("{frontmatter}{body}"))),
                Example::Yaml(yaml) => drop(sandbox.write(&manifest, format!("---\n{yaml}---\n"))),
                Example::File(text) => drop(sandbox.write(&manifest, text)),
                Example::Bytes(bytes) => drop(sandbox.write(&manifest, bytes)),
                Example::Folder(body, files) => {
                    sandbox.write(&manifest, format!("{frontmatter}{body}"));
                    files.iter().for_each(|(path, bytes)| drop(sandbox.write(&format!("{folder}/{path}"), bytes)));
                }
                Example::Set(files) => {
                    files
                        .iter()
                        .for_each(|(path, text)| drop(sandbox.write(&format!("{folder}/{path}/SKILL.md"), text)));
                }
                Example::Words(_) => {}
            }
        }
    }
    sandbox.write("set/lower/skill.md", FRONTMATTER.replace("NAME", "lower"));
    sandbox.write("set/none/README.md", "");
    let all = ["set", "--client", "codex,gemini-cli,claude-code,opencode,copilot,copilot-cli,cursor"];
    let log = report(&sandbox, &all, 1);
    let unfolded = sandbox.run([&["lint", "--json", "--no-fold"], &all[..]].concat()).exits(1).json();
    assert_eq!(results(&log).len(), unfolded["diagnostics"].as_array().unwrap().len());
    let level = |level: &str| results(&log).iter().filter(|result| result["level"] == level).count();
    for (name, severity) in [("error", "errors"), ("warning", "warnings"), ("note", "infos")] {
        assert_eq!(level(name), usize::try_from(unfolded["summary"][severity].as_u64().unwrap()).unwrap());
        assert!(level(name) > 0, "{name}");
    }
    let named = |rule: &str| results(&log).iter().any(|result| result["ruleId"] == rule);
    for rule in RULES.iter().filter(|rule| rule.bad.iter().any(|example| !matches!(example, Example::Words(_)))) {
        assert!(named(rule.name), "{}", rule.name);
    }
}

#[test]
fn what_is_said_alike_in_many_files_is_not_folded_and_what_is_suppressed_is_not_there() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c", "d", "e"] {
        let text = FRONTMATTER.replace("NAME", &format!("{name}\nhomepage: x"));
        sandbox.write(&format!("set/{name}/SKILL.md"), text);
    }
    assert_eq!(results(&report(&sandbox, &["set", "--select", "spec"], 1)).len(), 5);
    let text = FRONTMATTER.replace("NAME", "f") + "\n<!-- skillpress-ignore text -->\nCODEBLOCK0\n";
    sandbox.write("f/SKILL.md", text);
    assert!(results(&report(&sandbox, &["f"], 0)).is_empty());
}

#[test]
fn columns_count_characters_and_line_ends_may_be_of_any_kind() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", FRONTMATTER.replace("NAME", "a") + "\n📦é CODEBLOCK0");
    let log = report(&sandbox, &["a", "--select", "text/placeholder"], 1);
    let region = &results(&log)[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(*region, json!({ "startLine": 6, "startColumn": 4, "endLine": 6, "endColumn": 14 }));
    sandbox.write("b/SKILL.md", (FRONTMATTER.replace("NAME", "B") + "\nCODEBLOCK0 \n").replace('\n', "\r\n"));
    assert!(results(&report(&sandbox, &["b"], 1)).len() > 1);
}

#[cfg(unix)]
#[test]
fn hostile_paths_are_valid_uris() {
    let sandbox = Sandbox::new();
    for name in ["a b", "é漢", "100%41", "c:d", "e#f?g", "h\ni", "\"j\"", "k\\l", "<m>", "[n]", "\u{202e}o"] {
        sandbox.write(&format!("set/{name}/SKILL.md"), FRONTMATTER.replace("NAME", "A"));
    }
    let log = report(&sandbox, &["set", "--select", "spec/name-characters"], 1);
    assert_eq!(results(&log).len(), 11);
    for result in results(&log) {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte)), "{uri}");
    }
}
