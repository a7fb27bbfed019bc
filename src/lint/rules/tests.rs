//! Every rule over its own examples: it fires on the bad ones and keeps silent on the good ones.

use crate::lint::config::{Config, Selector, Settings};
use crate::lint::context::{Contents, Context, EntryKind, Folder, FolderEntry, NoContents};
use crate::lint::engine::Linter;
use crate::lint::registry::RULES;
use crate::lint::rule::{Check, Client, Example, Rule};
use crate::lint::set::{Member, Set, Texts};
use crate::manifest::Manifest;

const FRONTMATTER: &str =
    "---\nname: my-skill\ndescription: Sorts parcels by size. Use when parcels need sorting.\n---\n\n";

/// How many findings of `rule` there are in a manifest that stands in the folder `my-skill`.
pub(super) fn findings(rule: &str, bytes: Vec<u8>) -> usize {
    let folder = Folder { name: "my-skill".to_owned(), ..Folder::default() };
    count(rule, &Manifest::read(bytes), &folder, &NoContents)
}

fn linter(rule: &str) -> Linter {
    let config =
        Config { select: vec![Selector::new(rule).unwrap()], clients: Client::ALL.to_vec(), ..Config::default() };
    Linter::new(Settings::new(&config).unwrap())
}

fn count(rule: &str, manifest: &Manifest, folder: &Folder, contents: &dyn Contents) -> usize {
    let context = Context::new(manifest, Some(folder), contents);
    let checked = linter(rule).check(&context, "my-skill/SKILL.md");
    for diagnostic in &checked.diagnostics {
        assert!(diagnostic.span.end <= context.text().len());
        assert!(context.text().get(diagnostic.span.range()).is_some(), "{rule}: a span inside a character");
        assert!(!diagnostic.message.ends_with('.'), "{rule}: {}", diagnostic.message);
        assert!(rule_of(rule).fix.is_some() || diagnostic.fix.is_none(), "{rule} fixes and does not say so");
    }
    checked.diagnostics.len()
}

fn rule_of(name: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.name == name).unwrap()
}

#[derive(Debug)]
struct Files(&'static [(&'static str, &'static [u8])]);

impl Contents for Files {
    fn read(&self, path: &str, limit: usize) -> Option<Vec<u8>> {
        let (_, bytes) = self.0.iter().find(|(name, _)| *name == path)?;
        Some(bytes[..bytes.len().min(limit)].to_vec())
    }
}

#[derive(Debug)]
struct Manifests(&'static [(&'static str, &'static str)]);

impl Texts for Manifests {
    fn text(&self, path: &str) -> Option<String> {
        let folder = path.strip_suffix("/SKILL.md")?;
        self.0.iter().find(|(name, _)| *name == folder).map(|(_, text)| (*text).to_owned())
    }
}

/// How often a rule fires on an example; nothing for those that cannot be shown as manifests.
fn fires(rule: &Rule, example: &Example) -> Option<usize> {
    match example {
        Example::Body(body) => Some(findings(rule.name, format!("{FRONTMATTER}{body}").into_bytes())),
        Example::Yaml(yaml) => Some(findings(rule.name, format!("---\n{yaml}---\n\n# My skill\n").into_bytes())),
        Example::File(text) => Some(findings(rule.name, text.as_bytes().to_vec())),
        Example::Bytes(bytes) => Some(findings(rule.name, bytes.to_vec())),
        Example::Folder(body, files) => {
            let mut entries: Vec<FolderEntry> = files
                .iter()
                .map(|(path, bytes)| FolderEntry {
                    path: (*path).to_owned(),
                    kind: EntryKind::File,
                    size: bytes.len() as u64,
                })
                .collect();
            for (path, _) in *files {
                let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
                entries.extend(folders.map(|path| FolderEntry {
                    path: path.to_owned(),
                    kind: EntryKind::Folder,
                    size: 0,
                }));
            }
            entries.sort_by(|a, b| a.path.cmp(&b.path));
            entries.dedup();
            let folder = Folder { name: "my-skill".to_owned(), files: entries, ..Folder::default() };
            let manifest = Manifest::read(format!("{FRONTMATTER}{body}"));
            Some(count(rule.name, &manifest, &folder, &Files(files)))
        }
        Example::Set(files) => {
            let members: Vec<Member> = files
                .iter()
                .map(|(folder, text)| Member::of(&Manifest::read(*text), &format!("{folder}/SKILL.md"), 0))
                .collect();
            Some(linter(rule.name).check_set(&Set::new(&members, &Manifests(files))).len())
        }
        Example::Words(_) => None,
    }
}

#[test]
fn every_rule_fires_on_its_bad_examples_and_on_none_of_its_good_ones() {
    for rule in RULES.iter() {
        assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{} has no examples", rule.name);
        for example in rule.bad {
            assert_ne!(fires(rule, example), Some(0), "{} does not fire on {example:?}", rule.name);
        }
        for example in rule.good {
            assert!(matches!(fires(rule, example), None | Some(0)), "{} fires on {example:?}", rule.name);
        }
    }
}

#[test]
fn the_registry_is_in_order() {
    let mut seen = std::collections::BTreeSet::new();
    let mut count = 0;
    for rule in RULES.iter() {
        assert!(seen.insert(rule.name), "{} is there twice", rule.name);
        let (group, name) = rule.name.split_once('/').unwrap();
        for part in [group, name] {
            assert!(part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", rule.name);
        }
        assert!(!rule.summary.ends_with('.') && rule.why.ends_with('.'), "{}", rule.name);
        assert!(!rule.evidence.is_empty(), "{} has no evidence", rule.name);
        if let Check::Literals(literals, _) = rule.check {
            assert!(!literals.is_empty(), "{}", rule.name);
            count += literals.len();
            assert!(literals.iter().all(|literal| literal.len() >= 4), "{} has a short literal", rule.name);
        }
    }
    assert!(count <= 64, "{count} literals are more than the vector search takes");
}
