//! A server that the user's own `git` asks: for ssh, which needs their agent and settings, and for servers that only those reach. Only the
//! wanted files travel (`--filter=blob:none`).
//!
//! How the program is run, and within which limits, is the matter of [`super::child`].

use std::ffi::OsStr;

use git2::Oid;

use super::answer::other_format;
use super::child::{Git, REMOTE};
use super::refs::{Advertised, Target};
use super::remote::Remote;
use super::store::{KEPT, Store};
use crate::error::{ErrorKind, Result};
use crate::source::Access;
use crate::source::cache::Slot;
use crate::source::url::RepositoryUrl;

/// The program in one repository of the cache.
pub(super) struct Program {
    git: Git,
    url: String,
}

/// What every fetch is told. Without `--progress` it says nothing to those who are no terminal.
const FETCH: [&str; 6] =
    ["fetch", "--progress", "--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];

/// How the branch is kept that a server calls its own.
const HEAD: &str = "head";

impl Program {
    pub(super) fn new(slot: &Slot, url: &RepositoryUrl, access: &Access) -> Self {
        Self { git: Git::new(slot.repository(), url, access), url: url.to_string() }
    }

    fn run(
        &self,
        words: impl IntoIterator<Item = impl AsRef<OsStr>>,
        input: Option<String>,
        store: &Store,
    ) -> Result<Vec<u8>> {
        self.git.run(words, input).map_err(|error| match error.kind() {
            ErrorKind::Network => store.explained(error),
            _ => error,
        })
    }

    /// Brings the commit and the folders of the branch that the server calls its own. Nothing where that does not go: to ask for the
    /// refs says why.
    fn bring_head(&self, store: &Store) -> Result<Option<Oid>> {
        let refspec = format!("+HEAD:{KEPT}{HEAD}");
        let words = FETCH.iter().copied().chain(["--depth=1", REMOTE, &refspec]);
        match self.run(words, None, store) {
            Ok(_) => Ok(store.kept_as(HEAD)),
            // What is too large once is too large twice, and what is broken or full stays so.
            Err(error) if matches!(error.kind(), ErrorKind::Refused | ErrorKind::Damaged | ErrorKind::Io) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

impl Remote for Program {
    fn refs(&self, prefixes: &[String], store: &Store) -> Result<Vec<Advertised>> {
        if prefixes.is_empty() {
            return Ok(Vec::new());
        }
        // What a repository is asked for first is mostly what its own branch holds, which can be had without asking for its refs.
        if *prefixes == ["HEAD"]
            && store.kept()?.is_empty()
            && let Some(id) = self.bring_head(store)?
        {
            return Ok(vec![Advertised { name: "HEAD".to_owned(), id }]);
        }
        advertised(&self.run(["ls-remote", "--quiet", REMOTE], None, store)?, &self.url)
    }

    fn bring_commits(&self, targets: &[&Target], store: &Store) -> Result<()> {
        let wanted = targets.iter().map(|target| {
            let from = target.full_name.clone().unwrap_or_else(|| target.id.to_string());
            format!("+{from}:{KEPT}{}", target.id)
        });
        let words =
            FETCH.iter().map(ToString::to_string).chain(["--depth=1".to_owned(), REMOTE.to_owned()]).chain(wanted);
        let result = self.run(words, None, store);
        if result.is_err() && targets.iter().any(|target| target.full_name.is_none()) {
            // Not every server gives commits that no ref points at; their history has them.
            let all = [format!("+refs/heads/*:{KEPT}heads/*"), format!("+refs/tags/*:{KEPT}tags/*")];
            let words = FETCH.iter().copied().chain((!store.shallow().is_empty()).then_some("--unshallow"));
            let words = words.chain([REMOTE]).chain(all.iter().map(String::as_str));
            return self.run(words, None, store).map(drop);
        }
        result.map(drop)
    }

    fn bring_files(&self, files: &[Oid], store: &Store) -> Result<()> {
        let ids: String = files.iter().fold(String::new(), |ids, id| ids + &id.to_string() + "\n");
        self.run(FETCH.iter().chain(&["--stdin", REMOTE]), Some(ids), store).map(drop)
    }
}

/// `<id> TAB <ref>` lines.
fn advertised(listed: &[u8], url: &str) -> Result<Vec<Advertised>> {
    const SHA256: usize = 64;
    let text = String::from_utf8_lossy(listed);
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let one = |(id, name): (&str, &str)| match Oid::from_str(id) {
        _ if id.len() == SHA256 => Some(Err(other_format(url, "sha256"))),
        Ok(id) => Some(Ok(Advertised { name: name.to_owned(), id })),
        Err(_) => None,
    };
    lines.filter_map(one).collect()
}
