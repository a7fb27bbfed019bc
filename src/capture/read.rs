//! Restored Markdown into the model and its ledger.

use super::flattened;
use super::ledger::{Entry, Known, Ledger, Rule, Rules};
use super::line::Restored;
use super::placeholder;
use super::table::LostRow;
use crate::manifest::Manifest;
use crate::manifest::overview::Entity;
use crate::manifest::skill::{EntityModel, Skill};
use crate::manifest::source::Span;

/// What the repairs found out besides the text.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The skill's folder in a path that the copy names, and where.
    pub(crate) folder: Option<(String, Span)>,
    /// Rows of the action table that could not be read.
    pub(crate) lost_rows: Vec<LostRow>,
}

/// Reads the model of a damaged copy, and how each of its values is known.
pub(crate) fn damaged(capture: &str, restored: &Restored<'_>, findings: &Findings) -> (Skill, Ledger) {
    let manifest = Manifest::read(restored.text.as_str());
    let mut skill = Skill::of(&manifest, None);
    // Lines and tokens are those of a file, and this text is in none.
    skill.sections = Vec::new();
    skill.tokens = crate::manifest::skill::Tokens::default();
    let mut reader = Reader { capture, restored: Some(restored), ledger: Ledger::default() };
    reader.frontmatter(&manifest, &mut skill, findings);
    reader.values(&manifest, &skill);
    reader.missing(&skill, findings);
    reader.placeholders(&mut skill);
    (skill, reader.ledger)
}

/// Reads the model of a clean manifest: all of it is read as it stands.
pub(crate) fn clean(capture: &str, manifest: &Manifest) -> (Skill, Ledger) {
    let skill = Skill::of(manifest, Some(capture.to_owned()));
    let mut reader = Reader { capture, restored: None, ledger: Ledger::default() };
    reader.entries(manifest);
    reader.values(manifest, &skill);
    (skill, reader.ledger)
}

struct Reader<'a, 't> {
    capture: &'a str,
    restored: Option<&'a Restored<'t>>,
    ledger: Ledger,
}

impl Reader<'_, '_> {
    fn known(&mut self, path: impl Into<String>, value: &str, span: Span) {
        let (known, bytes) = match self.restored {
            Some(restored) => {
                let evidence = restored.evidence(span);
                (Known::by(evidence.rules, evidence.doubt), evidence.bytes)
            }
            None => (Known::Read, span),
        };
        self.push(path, Some(value), known, Some(bytes));
    }

    fn push(&mut self, path: impl Into<String>, value: Option<&str>, known: Known, bytes: Option<Span>) {
        self.ledger.entries.push(Entry {
            path: path.into(),
            value: value.map(str::to_owned),
            known,
            capture: Some(self.capture.to_owned()),
            bytes,
        });
    }

    fn lost(&mut self, path: &str, why: &str) {
        self.push(path, None, Known::Lost { why: why.to_owned() }, None);
    }

    /// The fields that stand in the frontmatter.
    fn entries(&mut self, manifest: &Manifest) {
        for entry in &manifest.frontmatter.entries {
            let value =
                entry.value.as_text().map_or_else(|| entry.value.to_json().to_string(), |t| t.trim().to_owned());
            self.known(format!("frontmatter.{}", entry.key), &value, entry.value.span);
        }
    }

    fn frontmatter(&mut self, manifest: &Manifest, skill: &mut Skill, findings: &Findings) {
        self.entries(manifest);
        if manifest.frontmatter.span.is_some() && manifest.frontmatter.get("name").is_some() {
            return;
        }
        let missing = match manifest.frontmatter.span {
            Some(_) => "the copy's frontmatter has none",
            None => "the copy has no frontmatter",
        };
        if let Some((folder, span)) = &findings.folder {
            skill.frontmatter.name = Some(folder.clone());
            let known = Known::by(Rules::from(Rule::Path), None);
            self.push("frontmatter.name", Some(folder), known, Some(*span));
        } else if let Some(name) = skill.title.as_deref().map(flattened::slug).filter(|name| !name.is_empty()) {
            let known = Known::Guessed {
                rules: Vec::new(),
                alternatives: vec![name.clone(), "any other name".to_owned()],
                why: format!("{missing}; a skill is mostly named by its title's slug"),
            };
            self.push("frontmatter.name", Some(&name), known, manifest.title.map(|_| self.title_bytes(manifest)));
            skill.frontmatter.name = Some(name);
        } else {
            self.lost("frontmatter.name", &format!("{missing}, and no title says it"));
        }
        if skill.frontmatter.description.is_none() {
            self.lost("frontmatter.description", missing);
        }
        if manifest.frontmatter.span.is_none() {
            self.lost("frontmatter", "the copy has none; what else stood in it is not known");
        }
    }

    fn title_bytes(&self, manifest: &Manifest) -> Span {
        let span = manifest.title.unwrap_or_default();
        self.restored.map_or(span, |restored| restored.evidence(span).bytes)
    }

    /// All values of the body.
    fn values(&mut self, manifest: &Manifest, skill: &Skill) {
        let texts = [
            ("title", manifest.title, &skill.title),
            ("summary", manifest.summary, &skill.summary),
            ("docs_url", manifest.docs_url, &skill.docs_url),
            ("app_url", manifest.app_url, &skill.app_url),
        ];
        for (path, span, value) in texts {
            if let (Some(span), Some(value)) = (span, value) {
                self.known(path, value, span);
            }
        }
        if let (Some(overview), Some(model)) = (&manifest.overview, &skill.overview) {
            if let (Some(span), Some(intro)) = (overview.intro, &model.intro) {
                self.known("overview.intro", intro, span);
            }
            self.tree(&overview.entities, &model.entities);
            if let (Some(span), Some(guidance)) = (overview.guidance, &model.guidance) {
                self.known("overview.guidance", guidance, span);
            }
        }
        if let (Some(actions), Some(model)) = (&manifest.actions, &skill.actions) {
            for (at, (row, value)) in actions.rows().iter().zip(&model.rows).enumerate() {
                let of_row = |cell: Span| if cell.is_empty() { row.span } else { cell };
                self.known(format!("actions.rows[{at}].name"), &value.name, of_row(row.name));
                self.known(format!("actions.rows[{at}].key"), &value.key, of_row(row.key));
                self.known(format!("actions.rows[{at}].description"), &value.description, of_row(row.description));
            }
            if let (Some(span), Some(fallback)) = (actions.fallback, &model.fallback) {
                self.known("actions.fallback", fallback, span);
            }
        }
    }

    /// The entities in the order of the file, each with its place in the tree.
    fn tree(&mut self, entities: &[Entity], model: &[EntityModel]) {
        let mut place: Vec<usize> = Vec::new();
        for entity in entities {
            if entity.depth < place.len() {
                place.truncate(entity.depth + 1);
                if let Some(last) = place.last_mut() {
                    *last += 1;
                }
            } else {
                place.push(0);
            }
            let path = place.iter().map(|at| format!("[{at}]")).collect::<Vec<_>>().join(".children");
            let path = format!("overview.entities{path}");
            let Some(value) = find(model, &place) else { continue };
            if value.name.is_empty() {
                self.lost(&format!("{path}.name"), "its marker stands, and its text is gone");
            } else {
                self.known(format!("{path}.name"), &value.name, entity.name);
            }
            if let (Some(span), Some(note)) = (entity.note, &value.note) {
                self.known(format!("{path}.note"), note, span);
            }
        }
    }

    /// What an app skill has and this copy has not.
    fn missing(&mut self, skill: &Skill, findings: &Findings) {
        for (path, value, why) in [
            ("title", &skill.title, "no line of the copy is known to be the title"),
            ("summary", &skill.summary, "nothing stands between the title and the first section"),
            ("docs_url", &skill.docs_url, "the copy has no line `Official docs:`"),
            ("app_url", &skill.app_url, "the copy has no `membrane connection ensure`; older manifests have none"),
        ] {
            if value.is_none() {
                self.lost(path, why);
            }
        }
        match &skill.overview {
            None => self.lost("overview", "no section of the copy is called an overview"),
            Some(overview) if overview.entities.is_empty() => {
                self.lost("overview.entities", "the overview of the copy has no list");
            }
            Some(_) => {}
        }
        match &skill.actions {
            None => self.lost("actions", "no section of the copy is called `Popular actions`"),
            Some(actions) if actions.rows.is_empty() && actions.fallback.is_none() => {
                self.lost("actions.rows", "the section has neither a table nor a sentence");
            }
            Some(_) => {}
        }
        for (at, row) in findings.lost_rows.iter().enumerate() {
            let text: String = row.text.chars().take(80).collect();
            let known = Known::Lost { why: format!("no key can be told in {text:?}") };
            self.push(format!("actions.rows[lost {at}]"), None, known, Some(row.span));
        }
    }

    /// A value with a placeholder in it is not what stood there: it is lost, and emptied.
    fn placeholders(&mut self, skill: &mut Skill) {
        let mut emptied = Vec::new();
        for entry in &mut self.ledger.entries {
            let Some(value) = entry.value.take_if(|value| placeholder::is_in(value)) else { continue };
            let shown: String = value.chars().take(120).collect();
            entry.known = Known::Lost { why: format!("code is missing from it, and nothing tells which: {shown:?}") };
            emptied.push(entry.path.clone());
        }
        empty(skill, &emptied);
    }
}

fn find<'a>(model: &'a [EntityModel], place: &[usize]) -> Option<&'a EntityModel> {
    let (&first, rest) = place.split_first()?;
    rest.iter().try_fold(model.get(first)?, |entity, &at| entity.children.get(at))
}

/// Empties the values at some paths of the ledger.
fn empty(skill: &mut Skill, paths: &[String]) {
    if paths.is_empty() {
        return;
    }
    let Ok(mut json) = serde_json::to_value(&*skill) else { return };
    for path in paths {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        if let Some(value) = json.pointer_mut(&pointer) {
            let is_optional = !path.contains('[') || path.rsplit('.').next() == Some("note");
            *value = if is_optional { serde_json::Value::Null } else { serde_json::Value::String(String::new()) };
        }
    }
    if let Ok(emptied) = serde_json::from_value(json) {
        *skill = emptied;
    }
}
