use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/name-folder",
    severity: Severity::Error,
    summary: "the `name` is not the name of the folder",
    why: "Agents find a skill by its folder and call it by its name. Where the two differ, some refuse it, and one of two skills may \
          hide the other.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[Example::Yaml("name: parcels\ndescription: Sorts parcels. Stands in the folder my-skill.\n")],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels. Stands in the folder my-skill.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, name)) = super::text_field(context, "name") else { return };
    let Some(folder) = context.folder.map(|folder| folder.name.as_str()) else { return };
    let trimmed = name.trim();
    if folder.is_empty() || trimmed.is_empty() || trimmed == folder {
        return;
    }
    let message = format!("the name is `{trimmed}`, and its folder is `{folder}`");
    let diagnostic = sink.report(entry.value.span, message);
    diagnostic.help("give both the same name");
    // Whether two spellings of one letter are equal is for the file system to say.
    if !trimmed.is_ascii() {
        diagnostic.at_most(Severity::Warning);
    }
}
