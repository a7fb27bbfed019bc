//! The life of an installed skill: installed, listed, updated, verified, removed.
//!
//! Every change is planned as a value ([`plan`]) and applied by one transaction ([`transaction`]), under a lock that other processes
//! respect ([`guard`]). What was installed is written down beside it ([`lock`]), with digests ([`digest`]), so that an edit made by
//! the user is always told from what was installed ([`disk`], [`verify`]), and never lost. What is installed is what a source has ([`prepared`]),
//! rendered through a template where one was asked for ([`rendering`]).

pub mod agents;
pub mod digest;
pub mod disk;
pub mod guard;
pub mod inspect;
mod litter;
pub mod lock;
pub mod naming;
pub mod plan;
pub mod prepared;
pub mod rendering;
pub mod seal;
mod staging;
pub mod target;
pub mod transaction;
pub mod trash;
pub mod verify;
