//! From what was asked for to one commit: in a repository at hand, and among the refs that a server advertises.

use git2::{Oid, Repository};

use super::{CommitId, Resolved};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::source::locator::{RefName, Wanted};
use crate::words::did_you_mean;

/// A ref that a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advertised {
    pub(super) name: String,
    pub(super) id: Oid,
}

/// How the names end under which servers list what tags lead to.
pub(super) const PEELED: &str = "^{}";

/// The longest name of a ref that is worth to be proposed.
const MAX_SHOWN: usize = 100;

/// What to ask a server for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The ref's full name; none for a commit that no ref points at.
    pub(super) full_name: Option<String>,
    pub(super) id: Oid,
    pub(super) name: Option<RefName>,
    pub(super) path: Option<RelativePath>,
}

/// The full names that a short one may stand for, the likeliest first. A commit's full id stands for the commit and for no branch of
/// that name, or a pin would mean what somebody else says.
fn candidates(name: &str) -> Vec<String> {
    if CommitId::new(name).is_ok() {
        return Vec::new();
    }
    vec![format!("refs/heads/{name}"), format!("refs/tags/{name}"), name.to_owned()]
}

/// How the names of refs begin that a server has to list so that all of this is found. A commit's full id needs none.
pub(super) fn prefixes(wanted: &[Option<Wanted>]) -> Vec<String> {
    let mut prefixes = Vec::new();
    let mut add = |prefix: &str| {
        if !prefixes.iter().any(|known| known == prefix) {
            prefixes.push(prefix.to_owned());
        }
    };
    for wanted in wanted {
        let text = match wanted {
            None => {
                add("HEAD");
                continue;
            }
            Some(Wanted::Ref(name)) if CommitId::new(name.as_str()).is_ok() => continue,
            Some(Wanted::Ref(name)) => name.as_str(),
            Some(Wanted::RefAndPath(rest)) => rest,
        };
        // All of them, for a name that is mistyped and the beginning of a commit's id.
        ["HEAD", "refs/heads/", "refs/tags/"].into_iter().for_each(&mut add);
        if let Some((kind, _)) = text.strip_prefix("refs/").and_then(|rest| rest.split_once('/')) {
            add(&format!("refs/{kind}/"));
        }
    }
    prefixes
}

/// Finds what is wanted among the refs of a server.
pub(super) fn resolve(advertised: &[Advertised], wanted: Option<&Wanted>, shown: &str) -> Result<Target> {
    let find = |name: &str| {
        let full = |full: &String| advertised.iter().find(|one| one.name == *full);
        candidates(name).iter().find_map(full)
    };
    let target = |one: &Advertised, name: Option<RefName>, path: Option<RelativePath>| Target {
        full_name: Some(one.name.clone()),
        id: one.id,
        name,
        path,
    };
    match wanted {
        None => match advertised.iter().find(|one| one.name == "HEAD") {
            Some(head) => Ok(target(head, None, None)),
            None => Err(no_own_branch(shown)),
        },
        Some(Wanted::Ref(name)) => {
            if let Some(found) = find(name.as_str()) {
                return Ok(target(found, Some(name.clone()), None));
            }
            commit_target(advertised, name).ok_or_else(|| no_such_ref(name.as_str(), shown, &short_names(advertised)))
        }
        Some(Wanted::RefAndPath(rest)) => {
            for (name, path) in splits(rest) {
                let Ok(name) = RefName::new(name) else { continue };
                let path = path.map(RelativePath::new).transpose()?;
                if let Some(found) = find(name.as_str()) {
                    return Ok(target(found, Some(name), path));
                }
                if let Some(target) = commit_target(advertised, &name) {
                    return Ok(Target { path, ..target });
                }
            }
            Err(no_such_ref(rest, shown, &short_names(advertised)))
        }
    }
}

/// A full commit id can be asked for though no ref names it; the start of one only where a ref points at it.
fn commit_target(advertised: &[Advertised], name: &RefName) -> Option<Target> {
    let text = name.as_str().to_ascii_lowercase();
    let hex = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = advertised.iter().find(|one| hex && one.id.to_string().starts_with(&text));
    let id = match known {
        Some(known) => known.id,
        None => CommitId::new(&text).ok()?.oid().ok()?,
    };
    // What a tag leads to is listed under a name that is no ref's.
    let full_name = known.map(|known| known.name.trim_end_matches(PEELED).to_owned());
    Some(Target { full_name, id, name: Some(name.clone()), path: None })
}

/// Finds what is wanted in a repository at hand.
pub(super) fn resolve_local(repository: &Repository, wanted: Option<&Wanted>, shown: &str) -> Result<Resolved> {
    let find = |name: &str| -> Option<Oid> {
        let by_name = || {
            let mut names = candidates(name).into_iter().chain([format!("refs/remotes/origin/{name}")]);
            names.find_map(|full| repository.refname_to_id(&full).ok())
        };
        let by_hex = || {
            let hex = name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            hex.then(|| repository.revparse_single(name).ok()).flatten().map(|object| object.id())
        };
        match CommitId::new(name) {
            Ok(id) => id.oid().ok().filter(|id| repository.find_object(*id, None).is_ok()),
            Err(_) => by_name().or_else(by_hex),
        }
    };
    let resolved = |id: Oid, name: RefName, path: Option<RelativePath>| {
        Ok(Resolved { commit: commit_behind(repository, id, name.as_str(), shown)?, name: Some(name), path })
    };
    let names = || {
        let names = repository.references().ok()?;
        Some(names.filter_map(|one| one.ok()?.shorthand().ok().map(str::to_owned)).collect::<Vec<_>>())
    };
    match wanted {
        None => {
            let head = repository.head().and_then(|head| head.peel_to_commit());
            let head = head.map_err(|error| no_own_branch(shown).because(error))?;
            Ok(Resolved { commit: head.id().into(), name: None, path: None })
        }
        Some(Wanted::Ref(name)) => match find(name.as_str()) {
            Some(id) => resolved(id, name.clone(), None),
            None => Err(no_such_ref(name.as_str(), shown, &names().unwrap_or_default())),
        },
        Some(Wanted::RefAndPath(rest)) => {
            for (name, path) in splits(rest) {
                let Ok(name) = RefName::new(name) else { continue };
                if let Some(id) = find(name.as_str()) {
                    return resolved(id, name, path.map(RelativePath::new).transpose()?);
                }
            }
            Err(no_such_ref(rest, shown, &names().unwrap_or_default()))
        }
    }
}

/// The commit that `id` means, be it that of a tag.
pub(super) fn commit_behind(repository: &Repository, id: Oid, name: &str, shown: &str) -> Result<CommitId> {
    let commit = repository.find_object(id, None).and_then(|object| object.peel_to_commit());
    let commit = commit
        .map_err(|error| Error::new(ErrorKind::NotFound, format!("{shown} has no commit {name:?}")).because(error))?;
    Ok(commit.id().into())
}

fn no_own_branch(shown: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("{shown} has no commits on its own branch"))
        .hint("name a branch or tag: SOURCE#REF")
}

/// Every way to cut `<ref>/<path>`, the longest ref first.
fn splits(rest: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let cuts = rest.rmatch_indices('/').map(move |(at, _)| (&rest[..at], Some(&rest[at + 1..])));
    std::iter::once((rest, None)).chain(cuts)
}

fn short_names(advertised: &[Advertised]) -> Vec<String> {
    let short = |one: &Advertised| {
        let name = one.name.strip_prefix("refs/heads/").or_else(|| one.name.strip_prefix("refs/tags/"))?;
        (!name.ends_with(PEELED)).then(|| name.to_owned())
    };
    advertised.iter().filter_map(short).collect()
}

fn no_such_ref(name: &str, shown: &str, known: &[String]) -> Error {
    let message = format!("{shown} has no branch, tag or commit {name:?}");
    // A server may give its refs names of any length, which nobody wants to read.
    let known = || known.iter().map(String::as_str).filter(|name| *name != "HEAD" && name.len() <= MAX_SHOWN);
    let with_at = known().find(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('@')));
    let with_at = with_at.map(|known| {
        format!("did you mean {known:?}? what stands behind the last `@` is a skill, so name one: #{known}@SKILL")
    });
    let hint = with_at.or_else(|| did_you_mean(name, known())).unwrap_or_else(|| {
        let some: Vec<&str> = known().take(8).collect();
        if some.is_empty() { "it has none at all".to_owned() } else { format!("it has {}", some.join(", ")) }
    });
    Error::new(ErrorKind::NotFound, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advertised() -> Vec<Advertised> {
        let one = |name: &str, digit: char| Advertised {
            name: name.to_owned(),
            id: Oid::from_str(&digit.to_string().repeat(40)).unwrap(),
        };
        vec![
            one("HEAD", '1'),
            one("refs/heads/main", '1'),
            one("refs/heads/feature/x", '2'),
            one("refs/heads/feature", '3'),
            one("refs/tags/v1", '4'),
            one("refs/tags/v1^{}", '5'),
            one(&format!("refs/heads/{}", "7".repeat(40)), '6'),
        ]
    }

    fn found(wanted: Option<&Wanted>) -> String {
        match resolve(&advertised(), wanted, "there") {
            Ok(target) => {
                let path = target.path.as_ref().map_or("", RelativePath::as_str);
                format!("{} {path}", target.full_name.unwrap_or_else(|| target.id.to_string()))
            }
            Err(error) => format!("{error}; {}", error.help().unwrap_or_default()),
        }
    }

    #[test]
    fn a_server_lists_only_what_may_be_meant() {
        let name = |text: &str| Some(Wanted::Ref(RefName::new(text).unwrap()));
        assert_eq!(prefixes(&[None, None]), ["HEAD"]);
        assert_eq!(prefixes(&[name(&"9".repeat(40))]), [""; 0]);
        assert_eq!(prefixes(&[name("main")]), ["HEAD", "refs/heads/", "refs/tags/"]);
        let pull = Some(Wanted::RefAndPath("refs/pull/1/head/skills/a".to_owned()));
        assert_eq!(prefixes(&[pull, None]), ["HEAD", "refs/heads/", "refs/tags/", "refs/pull/"]);
    }

    #[test]
    fn refs_with_slashes_are_cut_where_the_server_says() {
        let tail = |text: &str| found(Some(&Wanted::RefAndPath(text.to_owned())));
        assert_eq!(tail("main/skills/pdf"), "refs/heads/main skills/pdf");
        assert_eq!(tail("feature/x/skills/pdf"), "refs/heads/feature/x skills/pdf");
        assert_eq!(tail("feature/y"), "refs/heads/feature y");
        assert_eq!(tail("v1"), "refs/tags/v1 ");
        assert!(tail("mian/x").starts_with("there has no branch, tag or commit \"mian/x\""));
    }

    #[test]
    fn names_and_commits_are_found() {
        let name = |text: &str| found(Some(&Wanted::Ref(RefName::new(text).unwrap())));
        assert_eq!(found(None), "HEAD ");
        assert_eq!(name("refs/tags/v1"), "refs/tags/v1 ");
        assert_eq!(name("2222222"), "refs/heads/feature/x ");
        assert_eq!(name("5555555"), "refs/tags/v1 ");
        assert_eq!(name(&"9".repeat(40)), format!("{} ", "9".repeat(40)));
        // Somebody gave a branch the name of a commit.
        assert_eq!(name(&"7".repeat(40)), format!("{} ", "7".repeat(40)));
        assert_eq!(name("mian"), "there has no branch, tag or commit \"mian\"; did you mean \"main\"?");
    }

    #[test]
    fn a_name_that_was_cut_at_its_own_mark_is_seen() {
        let error = no_such_ref("pdf", "there", &["pdf-x".to_owned(), "pdf@1.2".to_owned()]);
        assert!(error.help().unwrap().ends_with("so name one: #pdf@1.2@SKILL"), "{error:?}");
    }

    #[test]
    fn names_that_nobody_wants_to_read_are_not_proposed() {
        let error = no_such_ref("release", "there", &["x".repeat(5_000), "release".repeat(900), "main".to_owned()]);
        assert_eq!(error.help(), Some("it has main"));
    }
}
