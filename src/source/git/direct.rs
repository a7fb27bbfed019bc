//! A server that this program asks itself, over http and https.

use std::sync::Arc;

use git2::Oid;

use super::http::Session;
use super::protocol::{Order, Server};
use super::refs::{Advertised, PEELED, Target};
use super::remote::Remote;
use super::store::Store;
use crate::error::{ErrorKind, Result};
use crate::source::access::{Access, OnProgress};
use crate::source::url::RepositoryUrl;

/// A server and who hears of the progress.
pub(super) struct Direct {
    server: Server,
    progress: OnProgress,
}

/// How many of the commits that are here a server is told of.
const TOLD: usize = 64;

impl Direct {
    pub(super) fn new(url: &RepositoryUrl, access: &Access) -> Self {
        let session = Session::new(url, &access.credentials, access.fetch);
        Self { server: Server::new(url, session), progress: Arc::clone(&access.progress) }
    }

    /// Without their files where the server can do so, and without what is here already.
    fn bring(&self, want: &[Oid], history: bool, store: &Store) -> Result<()> {
        let no_files = self.server.can_filter()?;
        // A server takes it that we have all of a commit that we name: its files as well where it sends them.
        let is_usable = |id: &Oid| no_files || store.has_files_of(*id);
        let have: Vec<Oid> = store.kept()?.into_iter().filter(is_usable).take(TOLD).collect();
        self.receive(&Order { want, history, no_files, have: &have, shallow: &store.shallow() }, store)
    }

    fn receive(&self, order: &Order<'_>, store: &Store) -> Result<()> {
        store.add_pack(&self.progress, &mut |take| self.server.fetch(order, take))
    }
}

impl Remote for Direct {
    fn refs(&self, prefixes: &[String], _store: &Store) -> Result<Vec<Advertised>> {
        self.server.refs(prefixes)
    }

    fn bring_commits(&self, targets: &[&Target], store: &Store) -> Result<()> {
        let want: Vec<Oid> = targets.iter().map(|target| target.id).collect();
        match self.bring(&want, false, store) {
            Err(error)
                if error.kind() == ErrorKind::NotFound && targets.iter().any(|target| target.full_name.is_none()) =>
            {
                if self.server.gives_everything()? {
                    // What is not there keeps the server from giving the rest, and is named by whoever wants it.
                    return want.iter().try_for_each(|id| match self.bring(&[*id], false, store) {
                        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                        result => result,
                    });
                }
                // Not every server gives commits that no ref points at; their history has them.
                let all = self.server.refs(&["refs/heads/".to_owned(), "refs/tags/".to_owned()])?;
                let mut all: Vec<Oid> =
                    all.iter().filter(|one| !one.name.ends_with(PEELED)).map(|one| one.id).collect();
                all.sort_unstable();
                all.dedup();
                self.bring(&all, true, store)
            }
            result => result,
        }
    }

    fn bring_files(&self, files: &[Oid], store: &Store) -> Result<()> {
        self.receive(&Order { want: files, ..Order::default() }, store)
    }
}
