//! `import`: what comes out of damaged copies, and whether the ledger tells the truth about it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use skillpress::capture::ledger::{Entry, Known};
use skillpress::capture::merge::merge;
use skillpress::capture::{self, Form, Import, Options};
use skillpress::manifest::Manifest;
use skillpress::manifest::skill::{EntityModel, Skill};

use crate::corpus::{Commit, checkout};
use crate::damage::{self, Blocks, Inline, Lists, Mix, Tables, Translation};
use crate::sandbox::Sandbox;

/// An app skill about an application that does not exist.
const LOAFLY: &str = include_str!("loafly.md");

fn model(manifest: &str) -> Skill {
    Skill::of(&Manifest::read(manifest), None)
}

fn import(text: &str) -> Import {
    capture::import("copy.txt", text.as_bytes(), &Options::default()).unwrap()
}

/// Text without what copies may drop in silence: marks, blanks, escapes.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '`' | '\\')).collect()
}

fn names(entities: &[EntityModel]) -> Vec<String> {
    entities.iter().flat_map(|e| std::iter::once(e.name.clone()).chain(names(&e.children))).collect()
}

/// Every value of a model that the ledger may name, by the kind of path it has.
fn truths(skill: &Skill) -> HashSet<(String, String)> {
    fn walk(kind: &str, value: &Value, all: &mut HashSet<(String, String)>) {
        match value {
            Value::String(text) => drop(all.insert((kind.to_owned(), text.trim().to_owned()))),
            Value::Array(items) => items.iter().for_each(|item| walk(kind, item, all)),
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                let kind = if key == "children" { kind.to_owned() } else { format!("{kind}.{key}") };
                walk(kind.trim_start_matches('.'), value, all);
            }),
            _ => {}
        }
    }
    let mut all = HashSet::new();
    walk("", &serde_json::to_value(skill).unwrap(), &mut all);
    all
}

fn kind(path: &str) -> String {
    let mut kind = String::new();
    let mut inside = false;
    for character in path.replace(".children", "").replace("frontmatter.", "frontmatter.extra.").chars() {
        match character {
            '[' => inside = true,
            ']' => inside = false,
            other if !inside => kind.push(other),
            _ => {}
        }
    }
    kind
}

/// Values that the ledger is certain of and that are wrong. What is read must be equal; what is repaired may lack marks.
fn lies<'a>(truth: &Skill, import: &'a Import) -> Vec<&'a Entry> {
    let truths = truths(truth);
    let bared: HashSet<(String, String)> = truths.iter().map(|(kind, value)| (kind.clone(), bare(value))).collect();
    import
        .ledger
        .entries
        .iter()
        .filter(|entry| !entry.path.starts_with("frontmatter"))
        .filter(|entry| {
            let Some(value) = &entry.value else { return false };
            match entry.known {
                Known::Read => !value.is_empty() && !truths.contains(&(kind(&entry.path), value.trim().to_owned())),
                Known::Repaired { .. } => !value.is_empty() && !bared.contains(&(kind(&entry.path), bare(value))),
                _ => false,
            }
        })
        .collect()
}

/// Rows that came back, and rows that did not though nothing says so.
fn rows(truth: &Skill, import: &Import) -> (usize, Vec<String>) {
    let empty = Vec::new();
    let came = import.skill.actions.as_ref().map_or(&empty, |actions| &actions.rows);
    let mut right = 0;
    let mut silent = Vec::new();
    for (at, row) in truth.actions.as_ref().map_or(&empty, |actions| &actions.rows).iter().enumerate() {
        let same = |got: &skillpress::manifest::skill::ActionModel| {
            got.key == row.key && bare(&got.name) == bare(&row.name) && bare(&got.description) == bare(&row.description)
        };
        if came.get(at).is_some_and(same) {
            right += 1;
        } else if import.ledger.get(&format!("actions.rows[{at}].key")).is_some_and(|entry| entry.known.rank() < 2) {
            silent.push(format!("{row:?} came as {:?}", came.get(at)));
        }
    }
    (right, silent)
}

#[test]
fn a_clean_manifest_is_its_own_import() {
    let sandbox = Sandbox::new();
    sandbox.write("loafly/SKILL.md", LOAFLY);
    let ran = sandbox.run(["import", "--strict", "loafly/SKILL.md"]).exits(0);
    assert_eq!(ran.stdout, LOAFLY);
    let report = sandbox.run(["import", "--report", "json", "loafly/SKILL.md"]).exits(0).json();
    assert!(report[0]["ledger"].as_array().unwrap().iter().all(|entry| entry["state"] == "read"), "{report}");
}

#[test]
fn a_copy_of_a_page_comes_back() {
    let copy = damage::damage(LOAFLY, damage::SEEN[0]);
    assert!(copy.contains("List Loaveslist-loavesLists") && copy.contains("  • Loaf"), "{copy}");
    let import = import(&copy);
    let truth = model(LOAFLY);
    assert_eq!(import.skill.frontmatter.name.as_deref(), Some("the-name"));
    assert_eq!((&import.skill.title, &import.skill.summary), (&truth.title, &truth.summary));
    assert_eq!(import.skill.docs_url, truth.docs_url);
    assert_eq!(import.skill.app_url, truth.app_url);
    assert_eq!(import.skill.overview, truth.overview);
    assert_eq!(import.skill.actions, truth.actions);
    assert!(lies(&truth, &import).is_empty());
}

#[test]
fn a_copy_without_its_list_says_that_it_is_lost() {
    let import = import(&damage::damage(LOAFLY, damage::SEEN[1]));
    assert!(matches!(import.ledger.get("overview.entities").unwrap().known, Known::Lost { .. }));
    let rows = import.skill.actions.unwrap().rows;
    assert_eq!(
        rows.iter().map(|row| &row.key).collect::<Vec<_>>(),
        ["list-loaves", "get-loaf", "bake-loaf", "get-baker-last-loaf"]
    );
}

#[test]
fn a_copy_in_two_languages_gives_the_one_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("copy.txt", damage::damage(LOAFLY, damage::SEEN[2]));
    let original = sandbox.run(["import", "--format", "json", "copy.txt"]).exits(0).json();
    let truth = serde_json::to_value(model(LOAFLY)).unwrap();
    assert_eq!(original["overview"]["entities"], truth["overview"]["entities"]);
    assert_eq!(original["actions"]["rows"].as_array().unwrap().len(), 4);
    assert_eq!(original["summary"], truth["summary"].as_str().unwrap().replace('`', ""));
    let other = sandbox.run(["import", "--format", "json", "--lang", "zh", "copy.txt"]).exits(0).json();
    assert!(other["summary"].as_str().unwrap().contains('。'), "{other:#}");
    assert_eq!(other["actions"]["rows"][1]["key"], "get-loaf");
    let ran = sandbox.run(["import", "--lang", "ru", "copy.txt"]).exits(2);
    assert!(ran.stderr.contains("holds no text in the language"), "{}", ran.stderr);
}

#[test]
fn a_copy_with_numbers_for_code_is_filled_by_position() {
    let copy = damage::damage(LOAFLY, damage::SEEN[3]);
    assert!(copy.contains("CODEBLOCK1") && copy.contains("- - Oven"), "{copy}");
    let import = import(&copy);
    let truth = model(LOAFLY);
    // The address stands in a block of code, and that stands in the translation.
    assert_eq!(import.skill.app_url, truth.app_url);
    let Known::Repaired { rules } = &import.ledger.get("app_url").unwrap().known else { panic!() };
    assert!(rules.iter().any(|rule| rule.name() == "placeholder"), "{rules:?}");
    // Which code the summary held is nowhere.
    assert_eq!(import.skill.summary, None);
    let entities = &import.skill.overview.as_ref().unwrap().entities;
    assert_eq!((entities[0].name.as_str(), entities[0].children[0].name.as_str()), ("", "Crumb"));
    assert_eq!(import.ledger.get("overview.entities[0].name").unwrap().known.state(), "lost");
    assert_eq!(import.ledger.get("overview.entities[1].name").unwrap().known.state(), "guessed");
    assert_eq!(import.skill.actions.unwrap().rows.len(), 4);
}

#[test]
fn a_template_renders_and_fills_placeholders_from_its_own_text() {
    let sandbox = Sandbox::new();
    let constants = "# {{ title }}\n\n{{ summary }}\n\n## {{ title }} Overview\n\n{{ overview }}\n\n## Popular actions\n\n{% if actions %}\
        {{ actions }}\n{% endif %}";
    let front = "---\nname: {{ name }}\ndescription: Bread.\n---\n\n";
    let copy =
        "Loafly\n\nBread.\n\nLoafly Overview\n\n- Loaf\n\nPopular actions\n\nRun INLINECODE3 to see all of them.\n";
    sandbox.write("copy.txt", copy);
    sandbox.write("template.md", format!("{front}{constants}"));
    let ran = sandbox.run(["import", "--template", "template.md", "--format", "json", "copy.txt"]).exits(0);
    assert_eq!(ran.json()["actions"]["fallback"], Value::Null);
    sandbox.write("template.md", format!("{front}{constants}\nRun `bake --list` to see all of them.\n"));
    let ran = sandbox.run(["import", "--template", "template.md", "copy.txt"]).exits(0);
    assert!(
        ran.stdout.starts_with("---\nname: loafly\ndescription: Bread.\n---\n\n# Loafly\n\nBread.\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Popular actions\n\nRun `bake --list` to see all of them.\n"), "{}", ran.stdout);
    sandbox.write("template.md", format!("{front}{constants}\n{{{{ app_url }}}}\n"));
    let ran = sandbox.run(["import", "--template", "template.md", "copy.txt"]).exits(2);
    assert!(ran.stderr.contains("app_url"), "{}", ran.stderr);
}

#[test]
fn what_is_not_certain_is_said_and_strict_fails() {
    let sandbox = Sandbox::new();
    let copy =
        damage::damage(LOAFLY, damage::SEEN[0]).replace("Get Loaf by IDget-loafReads", "Get Loavesread-manyReads");
    sandbox.write("copy.txt", copy);
    let ran = sandbox.run(["import", "--strict", "copy.txt"]).exits(1);
    assert!(ran.stderr.contains("frontmatter.description is lost"), "{}", ran.stderr);
    let report = sandbox.run(["import", "--report", "text", "copy.txt"]).exits(0).stdout;
    assert!(report.contains("repaired  title"), "{report}");
    assert!(report.contains("lost"), "{report}");
}

#[test]
fn captures_of_one_app_are_put_together() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", damage::damage(LOAFLY, damage::SEEN[1]));
    sandbox.write("b.txt", damage::damage(LOAFLY, Mix { tables: Tables::Flat, ..damage::SEEN[3] }));
    let document = sandbox.run(["import", "--json", "a.txt", "b.txt"]).exits(0).json();
    assert_eq!(document.as_array().unwrap().len(), 1);
    let (skill, ledger) = (&document[0]["skill"], document[0]["ledger"].as_array().unwrap());
    assert_eq!(skill["overview"]["entities"][1]["name"], "Oven");
    assert_eq!(skill["actions"]["rows"].as_array().unwrap().len(), 4);
    let from = |path: &str| ledger.iter().find(|entry| entry["path"] == path).unwrap()["capture"].clone();
    assert_eq!((from("summary"), from("overview.entities[1].name")), ("a.txt".into(), "b.txt".into()));
    assert_eq!(document[0]["conflicts"], Value::Array(Vec::new()));

    let changed = damage::damage(&LOAFLY.replace("Bakes a loaf", "Burns a loaf"), damage::SEEN[0]);
    sandbox.write("c.txt", changed);
    let ran = sandbox.run(["import", "--strict", "--report", "text", "a.txt", "c.txt"]).exits(1);
    assert!(ran.stdout.contains("conflict  actions.rows[2].description"), "{}", ran.stdout);
}

#[test]
fn several_apps_go_to_a_folder_each() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", damage::damage(LOAFLY, damage::SEEN[1]));
    sandbox.write("b.txt", damage::damage(&LOAFLY.replace("Loafly", "Crustio"), damage::SEEN[1]));
    let ran = sandbox.run(["import", "a.txt", "b.txt"]).exits(2);
    assert!(ran.stderr.contains("2 apps: Loafly, Crustio"), "{}", ran.stderr);
    sandbox.run(["import", "--out", "set", "a.txt", "b.txt"]).exits(0);
    assert!(sandbox.read("set/loafly/SKILL.md").contains("\n# Loafly\n"));
    assert!(sandbox.read("set/crustio/SKILL.md").contains("| Get Loaf by ID | get-loaf |"));

    sandbox.run(["import", "--out", "set", "a.txt"]).exits(0);
    sandbox.write("set/loafly/SKILL.md", "mine");
    let ran = sandbox.run(["import", "--out", "set", "a.txt"]).exits(2);
    assert!(ran.stderr.contains("is there and says something else"), "{}", ran.stderr);
    assert_eq!(sandbox.read("set/loafly/SKILL.md"), "mine");
    sandbox.run(["import", "--force", "--out", "set", "a.txt"]).exits(0);
    assert!(sandbox.read("set/loafly/SKILL.md").contains("\n# Loafly\n"));
}

#[test]
fn a_manifest_that_cannot_be_written_stops_no_other() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", LOAFLY);
    sandbox.write("b.txt", LOAFLY.replace("Loafly", "Crustio").replace("loafly", "crustio"));
    sandbox.write("set/loafly", "no folder");
    let ran = sandbox.run(["import", "--out", "set", "--json", "a.txt", "b.txt"]).exits(1);
    assert!(ran.stderr.contains("set/loafly"), "{}", ran.stderr);
    assert_eq!(ran.json()[0].get("written"), None);
    assert_eq!(ran.json()[1]["written"], "set/crustio/SKILL.md");
    assert!(sandbox.read("set/crustio/SKILL.md").contains("\n# Crustio\n"));
}

#[test]
fn a_saved_page_needs_no_guessing() {
    let html = "<!DOCTYPE html><html><head><title>Loafly</title></head><body><nav><a href='/'>Skills</a></nav><h1>A site</h1>\
        <article><h1>Loafly</h1><p>Loafly bakes <code>loaf</code> bread.</p>\
        <p>Official docs: <a href='https://docs.loafly.example/'>https://docs.loafly.example/</a></p>\
        <h2>Loafly Overview</h2><ul><li><strong>Loaf</strong><ul><li><strong>Crumb</strong></li></ul></li><li><strong>Oven</strong></li></ul>\
        <p>Use it warm.</p><h2>Popular actions</h2><table><thead><tr><th>Name</th><th>Key</th><th>Description</th></tr></thead>\
        <tbody><tr><td>List Loaves</td><td>list-loaves</td><td>Lists a | b</td></tr></tbody></table></article></body></html>";
    let import = import(html);
    assert_eq!(import.form, Form::Html);
    let overview = import.skill.overview.as_ref().unwrap();
    assert_eq!(names(&overview.entities), ["Loaf", "Crumb", "Oven"]);
    assert_eq!(overview.guidance.as_deref(), Some("Use it warm."));
    assert_eq!(import.skill.summary.as_deref(), Some("Loafly bakes `loaf` bread."));
    assert_eq!(import.skill.docs_url.as_deref(), Some("https://docs.loafly.example/"));
    assert_eq!(import.skill.actions.unwrap().rows[0].description, "Lists a | b");
    for entry in import.ledger.entries.iter().filter(|entry| entry.value.is_some() && entry.path != "frontmatter.name")
    {
        assert_eq!(entry.known, Known::Read, "{}", entry.path);
        let bytes = entry.bytes.unwrap();
        assert!(bytes.end <= html.len() && !html[bytes.range()].is_empty(), "{}", entry.path);
    }
}

#[test]
fn hostile_captures_end_in_a_clear_error_or_a_result() {
    let sandbox = Sandbox::new();
    sandbox.write("lines.txt", "• b\n".repeat(capture::MAX_LINES + 1));
    let ran = sandbox.run(["import", "lines.txt"]).exits(2);
    assert!(ran.stderr.contains("lines, and at most"), "{}", ran.stderr);
    sandbox.write("big.txt", vec![b'x'; capture::MAX_BYTES + 1]);
    let ran = sandbox.run(["import", "big.txt"]).exits(2);
    assert!(
        ran.stderr.contains("cannot import big.txt: it has 8388609 bytes, and at most 8388608 are read"),
        "{}",
        ran.stderr
    );
    sandbox.write("binary", b"\x7fELF\0\0");
    assert!(sandbox.run(["import", "binary"]).exits(2).stderr.contains("byte 4 is NUL"));
    sandbox.write("latin", b"caf\xe9");
    assert!(sandbox.run(["import", "latin"]).exits(2).stderr.contains("byte 3 is not UTF-8"));
    sandbox.write("empty", " \n");
    assert!(sandbox.run(["import", "empty"]).exits(2).stderr.contains("it is empty"));
}

#[test]
fn hostile_structures_are_read_in_bounded_time() {
    let head = "A\n\nA Overview\n\n";
    for text in [
        format!("{head}{}", "• x\n".repeat(20_000)),
        format!("{head}{}", "-\n".repeat(20_000)),
        format!("{head}{}x", "- ".repeat(20_000)),
        format!("A\nA Overview\nPopular actions\nNameKeyDescription\n{}", "List Aslist-as".repeat(20_000)),
        format!("A\nA Overview\nPopular actions\nNameKeyDescription\n{}", "List Aslist-as\nx\n".repeat(5_000)),
        format!("# A\n\n## Popular actions\n\n| a | b | c |\n|---|\n{}", "| x\ny\n".repeat(10_000)),
        format!("{head}{}", "CODEBLOCK1 INLINECODE2 ".repeat(10_000)),
        "Popular actions\nA Overview\n".repeat(10_000),
        "Loafly bakes bread.\n面包面包面包\n".repeat(10_000),
        format!("<!doctype html><body>{}", "<ul><li>x".repeat(10_000)),
        format!("<!doctype html>{}", "<a href=x>".repeat(10_000)),
        "---\nname: a\n".repeat(10_000),
        "[".repeat(100_000),
    ] {
        let _ = capture::import("copy", text.as_bytes(), &Options::default());
    }
}

fn any_mix() -> impl Strategy<Value = Mix> {
    let inline = prop_oneof![Just(Inline::Keep), Just(Inline::Drop), Just(Inline::OwnLine), Just(Inline::Placeholder)];
    let lists = prop_oneof![Just(Lists::Keep), Just(Lists::Drawn), Just(Lists::Broken), Just(Lists::Gone)];
    let tables = prop_oneof![Just(Tables::Keep), Just(Tables::Flat), Just(Tables::ShortDelimiter), Just(Tables::Split)];
    let blocks = prop_oneof![Just(Blocks::Keep), Just(Blocks::Bare), Just(Blocks::Tagged), Just(Blocks::Placeholder)];
    let translation = prop_oneof![Just(Translation::None), Just(Translation::Woven), Just(Translation::Appended)];
    (any::<[bool; 4]>(), inline, lists, tables, blocks, translation).prop_map(
        |(flags, inline, lists, tables, blocks, translation)| {
            let [drops_frontmatter, drops_headings, drops_blank_lines, adds_page] = flags;
            // What drops marks inside of lines drops those of headings too: a copy that kept frontmatter and headings and lost no
            // more than backticks could not be told from a manifest that never had them.
            let drops_headings = drops_headings || matches!(inline, Inline::Drop | Inline::OwnLine);
            Mix {
                drops_frontmatter,
                drops_headings,
                drops_blank_lines,
                adds_page,
                inline,
                lists,
                tables,
                blocks,
                translation,
            }
        },
    )
}

/// A clean app skill of words that mean nothing.
fn any_manifest() -> impl Strategy<Value = String> {
    let word = "[A-Z][a-z]{1,8}";
    let name = prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "));
    let action = (name, "[A-Z][a-z]{2,9}( [a-z]{1,7}){1,6}[.]?", any::<u8>()).prop_map(|(name, description, how)| {
        let words: Vec<String> = name.to_lowercase().split(' ').map(str::to_owned).collect();
        let key = match how % 4 {
            0 if words.len() > 1 => words[..words.len() - 1].join("-") + "-it",
            1 => format!("{}-v2", words.join("-")),
            _ => words.join("-"),
        };
        (name, key, if how % 5 == 0 { String::new() } else { description })
    });
    let entities = prop::collection::vec((word, any::<bool>()), 1..6);
    (word, entities, prop::collection::vec(action, 0..8)).prop_map(|(title, entities, actions)| {
        use std::fmt::Write as _;
        let mut text = format!(
            "---\nname: {}\ndescription: About it.\n---\n\n# {title}\n\n{title} is an app that people use with `care`.\n\n\
            Official docs: https://docs.example/\n\n## {title} Overview\n\n",
            title.to_lowercase()
        );
        for (at, (entity, under)) in entities.iter().enumerate() {
            let indent = if *under && at > 0 { "  " } else { "" };
            let _ = writeln!(text, "{indent}- **{entity}**");
        }
        let _ = write!(text, "\nUse action names and parameters as needed.\n\n## Working with {title}\n\nIt takes some care to do.\n\n");
        text.push_str("```bash\nmembrane connection ensure \"https://app.example/\" --json\n```\n\n## Popular actions\n\n");
        if actions.is_empty() {
            text.push_str("Use `npx @membranehq/cli action list --json` to discover what there is.\n");
        } else {
            text.push_str("| Name | Key | Description |\n| --- | --- | --- |\n");
            for (name, key, description) in &actions {
                let _ = writeln!(text, "| {name} | {key} | {description} |");
            }
        }
        text.push_str("\n### Running actions\n\nRun it with care and some time.\n");
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_the_ledger_lie(manifest in any_manifest(), mix in any_mix()) {
        let truth = model(&manifest);
        let copy = damage::damage(&manifest, mix);
        let import = import(&copy);
        let lies: Vec<_> = lies(&truth, &import);
        prop_assert!(lies.is_empty(), "{lies:#?}\n{mix:?}\n{copy}");
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "(\\PC|\n|•|- |\\||`|#|NameKeyDescription\n|A Overview\n|CODEBLOCK1|<li>){0,200}") {
        let _ = capture::import("copy", text.as_bytes(), &Options::default());
    }

    #[test]
    fn bytes_lead_into_the_capture(manifest in any_manifest(), mix in any_mix()) {
        let copy = damage::damage(&manifest, mix);
        for entry in import(&copy).ledger.entries {
            if let Some(bytes) = entry.bytes {
                prop_assert!(copy.get(bytes.range()).is_some(), "{entry:?}");
                if entry.known == Known::Read && let Some(value) = entry.value.as_ref().filter(|value| !value.is_empty()) {
                    prop_assert_eq!(bare(&copy[bytes.range()]), bare(value));
                }
            }
        }
    }
}

fn corpus_manifests(commit: Commit) -> Option<Vec<(PathBuf, String)>> {
    let skills = checkout(commit)?.join("skills");
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(skills).unwrap().map(|entry| entry.unwrap().path().join("SKILL.md")).collect();
    all.sort();
    Some(all.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect())
}

#[test]
fn clean_manifests_of_the_set_are_clean() {
    let Some(manifests) = corpus_manifests(Commit::Newest) else { return };
    let unclean: Vec<_> =
        manifests.iter().filter(|(_, text)| import(text).form != Form::Clean).map(|(path, _)| path).collect();
    assert!(unclean.is_empty(), "{unclean:?}");
}

#[test]
fn flattened_rows_of_the_set_come_back() {
    let Some(manifests) = corpus_manifests(Commit::Newest) else { return };
    let with_rows = manifests.iter().filter(|(_, text)| text.contains("| Name | Key |") || text.contains("|Name|Key|"));
    let (mut right, mut total, mut guessed, mut silent) = (0, 0, 0, Vec::new());
    for (path, text) in with_rows {
        let truth = model(text);
        let import = import(&damage::damage(text, damage::SEEN[0]));
        let (came, wrong) = rows(&truth, &import);
        right += came;
        let is_guessed = |entry: &&Entry| kind(&entry.path) == "actions.rows.key" && entry.known.state() == "guessed";
        guessed += import.ledger.entries.iter().filter(is_guessed).count();
        total += truth.actions.as_ref().map_or(0, |actions| actions.rows.len());
        silent.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", path.display())));
    }
    eprintln!("{right} of {total} flattened rows came back; {guessed} are marked as guessed");
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(right * 100 >= total * 99, "{right} of {total}");
}

#[test]
fn copies_of_the_set_tell_no_lies() {
    let Some(manifests) = corpus_manifests(Commit::Newest) else { return };
    let mut lied = Vec::new();
    for (at, (path, text)) in manifests.iter().enumerate().filter(|(at, _)| at % 6 == 0) {
        let truth = model(text);
        let mix = damage::SEEN[at / 6 % 4];
        let import = import(&damage::damage(text, mix));
        lied.extend(lies(&truth, &import).into_iter().map(|entry| format!("{} {mix:?}: {entry:?}", path.display())));
    }
    assert!(lied.is_empty(), "{} lies: {:#?}", lied.len(), &lied[..lied.len().min(8)]);
}

#[test]
fn the_five_copies_come_back() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Some(corpus) = checkout(Commit::First) else { return };
    if !seeds.is_dir() {
        eprintln!("skipped: ../shared/seeds is not at hand");
        return;
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(seeds).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let imports: Vec<Import> = paths
        .iter()
        .map(|path| {
            capture::import(&path.display().to_string(), &std::fs::read(path).unwrap(), &Options::default()).unwrap()
        })
        .collect();
    for import in &imports {
        let name = import.skill.frontmatter.name.as_deref().unwrap();
        let truth = model(&std::fs::read_to_string(corpus.join("skills").join(name).join("SKILL.md")).unwrap());
        assert_eq!((&import.skill.title, &import.skill.summary), (&truth.title, &truth.summary));
        if import.skill.docs_url.is_some() {
            assert_eq!(import.skill.docs_url, truth.docs_url);
        }
        assert_eq!(import.skill.actions, truth.actions, "{name}");
        assert!(lies(&truth, import).is_empty(), "{:#?}", lies(&truth, import));
        let overview = import.skill.overview.as_ref().unwrap();
        let truth = truth.overview.unwrap();
        match (name, overview.entities.is_empty()) {
            ("chatra", true) => assert_eq!(import.ledger.get("overview.entities").unwrap().known.state(), "lost"),
            ("chatwoot", _) => {
                assert_eq!(names(&overview.entities)[1..], names(&truth.entities)[1..]);
                assert_eq!(import.ledger.get("overview.entities[0].name").unwrap().known.state(), "lost");
                assert_eq!(
                    import.ledger.get("overview.entities[0].children[0].name").unwrap().known.state(),
                    "guessed"
                );
            }
            _ => assert_eq!(*overview, truth, "{name}"),
        }
    }
    let apps = merge(imports);
    assert_eq!(apps.len(), 4);
    let chatra = apps.iter().find(|app| app.captures.len() == 2).unwrap();
    assert!(chatra.conflicts.is_empty(), "{:#?}", chatra.conflicts);
    assert_eq!(names(&chatra.skill.overview.as_ref().unwrap().entities), ["Chat", "Message", "Agent"]);
    assert_eq!(chatra.skill.actions.as_ref().unwrap().rows.len(), 10);
    assert!(chatra.skill.docs_url.is_some());
}
