//! skillpress reads, writes, checks and installs agent skills: folders with a `SKILL.md` manifest, as the agentskills.io
//! specification describes them.
//!
//! # Modules
//!
//! From the bottom up; a module uses only those above it in this list.
//!
//! | module | idea |
//! | --- | --- |
//! | [`words`] | how things are said: counts, near names, text that cannot steer a terminal |
//! | [`error`] | what failed, why, what to do next |
//! | [`fs`] | the only code that writes to disk |
//! | [`manifest`] | `SKILL.md` text to a typed value and back; no disk, no network |
//! | [`template`] | Tera templates that also run backwards, from a manifest to the values in it |
//! | [`capture`] | damaged copies of manifests to models, with how each value is known |
//! | [`source`] | where skills come from, as trees that were checked |
//! | [`regenerate`] | a set of manifests and a template: which generation each is on, what would change |
//! | [`lint`] | manifests to findings, and how to mend them |
//! | [`install`] | the life of installed skills: plans, and the transaction that applies them |
//! | [`report`] | findings and changes as text, JSON, SARIF, GitHub annotations |
//! | [`cli`] | arguments in, values to the terminal |
//!
//! # Laws
//!
//! 1. `write(read(bytes)) == bytes` for every manifest, valid or not.
//! 2. A template that matches a manifest renders it again, byte for byte.
//! 3. Doing a thing twice changes nothing the second time.
//! 4. Nothing outside the target directory, the cache and the state directory is ever written.
//! 5. The same input gives the same output bytes.

pub mod capture;
pub mod cli;
pub mod error;
pub mod fs;
pub mod install;
pub mod lint;
pub mod manifest;
pub mod regenerate;
pub mod report;
pub mod source;
pub mod template;
pub mod words;
