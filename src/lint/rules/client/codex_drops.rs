use super::evidence::CODEX_LOADER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule, Sink};
use crate::manifest::problem::ProblemKind;
use crate::manifest::source::Span;
use crate::manifest::yaml::{ScalarKind, Value};

const MAX_NAME: usize = 64;
const MAX_DESCRIPTION: usize = 1024;
const MAX_SHORT: usize = 500;

pub(super) static RULE: Rule = Rule {
    name: "client/codex-drops",
    severity: Severity::Warning,
    summary: "Codex does not load this skill",
    why: "Codex reads the first line for `---`, the frontmatter as strict YAML with texts for name and description, and passes over \
          manifests that are symbolic links. What it cannot read it leaves out of the list of skills.",
    evidence: &[CODEX_LOADER],
    clients: &[Client::Codex],
    fix: None,
    bad: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
    ],
    good: &[
        Example::File("---  \nname: my-skill\ndescription: Sorts parcels.\n---  \n"),
        Example::Yaml("name: \"247\"\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(reason) = reason(context) {
        sink.report(Span::at(0), format!("Codex does not load this skill: {reason}"));
    }
}

pub(super) fn reason(context: &Context<'_>) -> Option<String> {
    let manifest = context.manifest;
    let has = |kinds: &[ProblemKind]| manifest.problems.iter().any(|problem| kinds.contains(&problem.kind));
    let short = || {
        let Value::Mapping(entries) = &manifest.frontmatter.get("metadata")?.value.value else { return None };
        let names = ["short-description", "shortDescription", "short_description"];
        let is_short = |key: &str| names.contains(&key);
        entries.iter().find(|(key, _)| key.as_scalar().is_some_and(|key| is_short(&key.text)))?.1.as_text()
    };
    let text = if context.folder.is_some_and(|folder| folder.manifest_is_link) {
        "the manifest is a symbolic link"
    } else if manifest.source.first_invalid_byte().is_some() {
        "the file is not UTF-8"
    } else if manifest.source.bom_len() > 0 {
        "a byte order mark stands before the first `---`"
    } else if super::has_only_carriage_returns(context) {
        "its lines end in carriage returns alone"
    } else if has(&[ProblemKind::NoFrontmatter, ProblemKind::UnclosedFrontmatter]) {
        "it has no frontmatter between `---` lines"
    } else if has(&[
        ProblemKind::InvalidYaml,
        ProblemKind::ControlCharacter,
        ProblemKind::YamlTooLarge,
        ProblemKind::NotAMapping,
        ProblemKind::DuplicateKey,
    ]) {
        "its frontmatter is no valid YAML"
    } else if short().is_some_and(|short| short.chars().count() > MAX_SHORT) {
        "its short description has more than 500 characters"
    } else {
        return [("name", MAX_NAME), ("description", MAX_DESCRIPTION)]
            .into_iter()
            .find_map(|(key, max)| field(context, key, max));
    };
    Some(text.to_owned())
}

fn field(context: &Context<'_>, key: &str, max: usize) -> Option<String> {
    let Some(entry) = context.manifest.frontmatter.get(key) else { return Some(format!("it has no {key}")) };
    let Some(scalar) = entry.value.as_scalar().filter(|scalar| scalar.kind == ScalarKind::Text) else {
        return Some(format!("its {key} is {}, not a text", entry.value.kind_name()));
    };
    let length = scalar.text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1);
    match length {
        0 => Some(format!("its {key} is empty")),
        length if length > max => Some(format!("its {key} has more than {max} characters")),
        _ => None,
    }
}
