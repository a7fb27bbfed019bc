//! Templates that manifests are rendered through on their way into a skills directory, and how they are found again.
//!
//! A template gets the skill's model and, beside it, who reads the directory: `agents`, the ids of all agents that it is for, and
//! `agent`, the first of them. So a manifest can name its own client. The overview and the actions are given in their author's own
//! words. What was rendered is what the lock's digests describe; the lock also keeps the template's digest and where it was, so that
//! `update` and `sync` can render again. They do so with that very template or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::digest::{Digest, TreeDigest};
use super::lock::{Lock, Locked, Rendering};
use super::prepared::Prepared;
use super::target::real;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::manifest::skill::Skill;
use crate::manifest::source::Span;
use crate::manifest::{FILE_NAME, Manifest};
use crate::source::Package;
use crate::template::Template;

/// A template that was read from its file.
#[derive(Debug)]
pub struct Renderer {
    template: Template,
    digest: Digest,
    path: PathBuf,
}

impl Renderer {
    /// Reads a template.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_text(path)?;
        let digest = Digest::of(text.as_bytes());
        let template = Template::parse(path.display().to_string(), text)?;
        let path = path.canonicalize().map_err(|error| Error::io("find", path, error))?;
        Ok(Self { template, digest, path })
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        self.template.name()
    }

    /// What is to be installed with its manifest rendered for these agents; nothing when it is no app skill. `path` is where the lock
    /// will say that the template is.
    pub fn rendered(&self, plain: &Prepared, agents: &[String], path: &str) -> Result<Option<Prepared>> {
        let own = |error: Error| error.within(plain.locked.name.as_str());
        let Some(text) = self.render(plain.tree.manifest().unwrap_or_default(), agents).map_err(own)? else {
            return Ok(None);
        };
        let head = Package::check(text.as_bytes()).map_err(|error| own(error.within(self.name())))?;
        if head.name() != Some(plain.locked.name.as_str()) {
            let found = head.name().unwrap_or_default();
            let message = format!("{} gives it the name {found:?}", self.name());
            return Err(own(Error::new(ErrorKind::Invalid, message)
                .hint("agents know a skill by its name: write `name: {{ name }}` in the template's frontmatter")));
        }
        let tokens = head.tokens();
        let mut tree = plain.tree.clone();
        for file in tree.files.iter_mut().filter(|file| file.path.as_str() == FILE_NAME) {
            file.bytes = text.clone().into_bytes();
        }
        let files = TreeDigest::of(&tree);
        let template = Rendering {
            path: path.to_owned(),
            digest: self.digest,
            agents: agents.to_vec(),
            unrendered: plain.locked.digest,
        };
        let locked =
            Locked { template: Some(template), digest: files.total(), tokens, files, ..Locked::clone(&plain.locked) };
        Ok(Some(Prepared { locked: Arc::new(locked), tree }))
    }

    /// A manifest as the template has it; nothing for one that is no app skill.
    fn render(&self, manifest: &[u8], agents: &[String]) -> Result<Option<String>> {
        let manifest = Manifest::read(manifest);
        if !manifest.is_app_skill() {
            return Ok(None);
        }
        let mut given = Map::new();
        given.insert("agents".to_owned(), agents.into());
        given.extend(agents.first().map(|agent| ("agent".to_owned(), Json::from(agent.as_str()))));
        let own_words = |span: Span| {
            Json::from(manifest.text(span).trim_start_matches(['\r', '\n']).trim_end().replace("\r\n", "\n"))
        };
        given.extend(manifest.overview.as_ref().map(|overview| ("overview".to_owned(), own_words(overview.span))));
        let table = manifest.actions.as_ref().and_then(|actions| actions.table.as_ref());
        given.extend(table.map(|table| ("actions".to_owned(), own_words(table.span))));
        self.template.render_with(&Skill::of(&manifest, None), &given).map(Some).map_err(|error| {
            if agents.is_empty() && error.to_string().contains("`agent`") {
                return error.hint("the template asks for `agent`: name the agent with --agent instead of --dir");
            }
            error
        })
    }

    /// How the lock of a skills directory writes down where the template is. One that lies with the directory in one of `together`
    /// is found again wherever that folder is.
    pub fn path_from(&self, directory: &Path, together: &[&Path]) -> Result<String> {
        let directory = real(directory);
        let relative = together
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .find_map(|folder| fs::way(&directory, &self.path, &folder));
        match (relative, self.path.to_str()) {
            (Some(relative), _) => Ok(relative),
            (None, Some(absolute)) => Ok(absolute.to_owned()),
            (None, None) => {
                Err(Error::new(ErrorKind::Usage, format!("the path of {} is not UTF-8", self.template.name()))
                    .hint("the lock is to say where the template is: give its folders other names"))
            }
        }
    }
}

/// The templates that the skills of one directory were rendered with.
#[derive(Debug)]
pub struct Templates {
    given: Option<Arc<Renderer>>,
    /// Where the lock will say that the given one is; none when the lock is not to change.
    given_path: Option<String>,
    found: BTreeMap<String, Result<Renderer>>,
}

impl Templates {
    /// Those that a lock names.
    pub fn of(lock: &Lock, directory: &Path) -> Self {
        let mut found = BTreeMap::new();
        for rendering in lock.skills.values().filter_map(|locked| locked.template.as_ref()) {
            let path = directory.join(&rendering.path);
            let load = || {
                // A lock may come from anybody: what it names is only opened when it is a file.
                if path.exists() && !path.is_file() {
                    return Err(Error::new(ErrorKind::Refused, format!("{} is no file", path.display())));
                }
                Renderer::load(&path)
            };
            found.entry(rendering.path.clone()).or_insert_with(load);
        }
        Self { given: None, given_path: None, found }
    }

    /// One that stands for all that a lock names: the same at another place.
    pub fn at(renderer: Arc<Renderer>) -> Self {
        Self { given: Some(renderer), given_path: None, found: BTreeMap::new() }
    }

    /// One that replaces all that a lock names; `path` is where the lock will say that it is.
    pub fn instead(renderer: Arc<Renderer>, path: String) -> Self {
        Self { given: Some(renderer), given_path: Some(path), found: BTreeMap::new() }
    }

    /// What a source has now, rendered as what was installed was.
    pub fn render_again(&self, now: Prepared, then: &Locked) -> Result<Prepared> {
        let Some(rendering) = &then.template else { return Ok(now) };
        let path = self.given_path.as_ref().unwrap_or(&rendering.path);
        let rendered = self.renderer(rendering)?.rendered(&now, &rendering.agents, path)?;
        rendered.ok_or_else(|| {
            let message = format!("it was rendered with {}, and its source has no app skill any more", rendering.path);
            Error::new(ErrorKind::Refused, message).hint("install it again without --template")
        })
    }

    fn renderer(&self, rendering: &Rendering) -> Result<&Renderer> {
        let Rendering { path, digest, .. } = rendering;
        if let Some(given) = &self.given {
            if given.digest == *digest || self.given_path.is_some() {
                return Ok(given);
            }
            let message = format!("{} is not the template that it was rendered with", given.name());
            return Err(
                Error::new(ErrorKind::Refused, message).hint(format!("that one was {path}, with the SHA-256 {digest}"))
            );
        }
        match self.found.get(path) {
            Some(Ok(renderer)) if renderer.digest == *digest => Ok(renderer),
            Some(Ok(_)) => Err(Error::new(
                ErrorKind::Refused,
                format!("the template {path} is not as it was when this skill was rendered with it"),
            )
            .hint("`skillpress update --template FILE` renders with it as it is now, with --force also what is missing here")),
            Some(Err(error)) if error.kind() == ErrorKind::NotFound => {
                Err(Error::new(ErrorKind::NotFound, format!("the template {path} that it was rendered with is gone"))
                    .because(error.again())
                    .hint("--template FILE says where it is"))
            }
            Some(Err(error)) => {
                let message = format!("the template {path} that it was rendered with cannot be used any more");
                Err(Error::new(error.kind(), message)
                    .because(error.again())
                    .hint("bring it back as it was; `skillpress update --template FILE` renders with another"))
            }
            None => Err(Error::new(ErrorKind::Invalid, format!("the template {path} was not looked for"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test makes its own folders")]
    fn a_template_is_found_again_wherever_its_project_is() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("project");
        std::fs::create_dir_all(project.join("templates")).unwrap();
        std::fs::write(project.join("templates/a.tera"), "{{ title }}\n").unwrap();
        let renderer = Renderer::load(&project.join("templates/../templates/a.tera")).unwrap();
        let path =
            |directory: &str, together: &[&Path]| renderer.path_from(&project.join(directory), together).unwrap();
        assert_eq!(path(".claude/skills", &[&project]), "../../templates/a.tera");
        assert_eq!(path("templates", &[&project]), "../templates/a.tera");
        assert_eq!(path("../else/x", &[&project, root.path()]), "../../project/templates/a.tera");
        assert_eq!(Path::new(&path("../else", &[&project])), project.canonicalize().unwrap().join("templates/a.tera"));
    }
}
