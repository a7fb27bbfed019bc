//! Templates that run backwards.
//!
//! A template is plain Tera. When it holds only text, `{{ slot }}` and `{% if slot %}...{% endif %}` it is *reversible*: a manifest
//! can be matched against it, which gives back the values of its slots. So a file says by its own text which generation of a
//! template it was made by, and nothing else has to remember that.
//!
//! Two laws hold for every reversible template, and the walk that matches is built so that they do:
//! `match(T, render(T, s)) == s` for all slots that `render` takes, and `render(T, match(T, m)) == m` for all manifests that match.
//!
//! No disk and no network here.

mod engine;
pub mod infer;
mod matching;
mod nearest;
mod pattern;
mod position;
mod slots;
mod syntax;
mod values;

pub use matching::{Found, Match, Mismatch};
pub use nearest::{MIN_ALIKE, Nearness};
pub use pattern::{Pattern, Slot, Unfit, UnfitReason};
pub use position::Position;
pub use slots::{Slots, Written};
pub use syntax::Irreversible;

use engine::Engine;
use serde_json::{Map, Value as Json};

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::Manifest;
use crate::manifest::problem::ProblemKind;
use crate::manifest::skill::Skill;

/// The name of the template that is built in.
pub const BUILT_IN: &str = "app-skill.md.tera";

/// A template, reversible or not.
#[derive(Debug)]
pub struct Template {
    name: String,
    source: String,
    engine: Engine,
    pattern: Result<Pattern, Irreversible>,
}

impl Template {
    /// Reads a template; `name` is what messages call it. A byte order mark and CRLF belong to its file, not to what it renders.
    pub fn parse(name: impl Into<String>, source: impl Into<String>) -> Result<Self> {
        let (name, source) = (name.into(), source.into());
        let source = source.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let engine = Engine::compile(&name, &source)?;
        let pattern = syntax::read(&source).and_then(|nodes| Pattern::compile(&nodes));
        Ok(Self { name, source, engine, pattern })
    }

    /// The template of the bundled skills.
    pub fn built_in() -> Result<Self> {
        Self::parse(BUILT_IN, include_str!("../../templates/app-skill.md.tera"))
    }

    /// The template of a new skill that is about no application.
    pub fn plain() -> Result<Self> {
        Self::parse("skill.md.tera", include_str!("../../templates/skill.md.tera"))
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The reversible form, or the construct that prevents it.
    pub fn reversible(&self) -> Result<&Pattern, &Irreversible> {
        self.pattern.as_ref()
    }

    /// The reversible form, for work that cannot go on without it.
    pub fn pattern(&self) -> Result<&Pattern> {
        self.reversible().map_err(|irreversible| {
            let message = format!("{}:{irreversible}", self.name);
            Error::new(ErrorKind::Invalid, message.replacen(":line ", ":", 1)).hint(
                "such a template can render, but cannot recognise: use only text, `{{ slot }}` and `{% if slot %}...{% endif %}`",
            )
        })
    }

    /// The manifest of a model.
    pub fn render(&self, skill: &Skill) -> Result<String> {
        self.render_with(skill, &Map::new())
    }

    /// The manifest of a model and of values that are no part of it, or stand for a part of it.
    pub fn render_with(&self, skill: &Skill, given: &Map<String, Json>) -> Result<String> {
        let text = if let Ok(pattern) = &self.pattern {
            let rendered = values::of_model(skill, pattern, given).and_then(|slots| pattern.render(&slots));
            rendered.map_err(|unfit| self.unfit(&unfit))?
        } else {
            let mut context = values::context(skill)
                .map_err(|error| Error::new(ErrorKind::Invalid, "this model has no JSON form").because(error))?;
            context.extend(given.clone());
            self.engine.render(&context)?
        };
        self.check_frontmatter(&text)?;
        Ok(text)
    }

    /// The manifest of these slots, whose values are written as their places want them.
    pub fn fill(&self, slots: &Slots) -> Result<String> {
        let text = self.pattern()?.render(slots).map_err(|unfit| self.unfit(&unfit))?;
        self.check_frontmatter(&text)?;
        Ok(text)
    }

    fn unfit(&self, unfit: &Unfit) -> Error {
        let line = self.pattern.as_ref().ok().and_then(|pattern| pattern.slot(&unfit.slot)).map_or(1, |slot| slot.line);
        let error = Error::new(ErrorKind::Invalid, format!("{}:{line}: {unfit}", self.name));
        match unfit.reason {
            UnfitReason::Missing => error.hint(format!(
                "give the model a value, or make it optional: {{% if {0} %}}...{{% endif %}} around {{{{ {0} }}}}",
                unfit.slot
            )),
            UnfitReason::NotReadBack => error.hint("shorten the value, or put other text after it in the template"),
            UnfitReason::LineBreak | UnfitReason::NotWritable => {
                error.hint("give the slot a line of its own, or quotes around it in the frontmatter")
            }
        }
    }

    /// A value put into the middle of a YAML line is not quoted; it must not break the YAML.
    fn check_frontmatter(&self, text: &str) -> Result<()> {
        let manifest = Manifest::read(text);
        let broken = [ProblemKind::InvalidYaml, ProblemKind::NotAMapping, ProblemKind::ControlCharacter];
        let Some(problem) = manifest.problems.iter().find(|problem| broken.contains(&problem.kind)) else {
            return Ok(());
        };
        let place = manifest.source.position(problem.span.start);
        let line = manifest.source.line(place.line).map_or("", |span| manifest.text(span));
        Err(Error::new(
            ErrorKind::Invalid,
            format!("{}: a value breaks the frontmatter, line {} of the result: {line}", self.name, place.line),
        )
        .because(Error::new(ErrorKind::Invalid, problem.message.clone()))
        .hint("put quotes around the slot in the template, or give it the whole value: `key: {{ slot }}`"))
    }
}

#[cfg(test)]
mod tests;
