//! The one integration test binary: every test runs the program itself in a sandbox of its own.

mod corpus;
mod extract;
mod hostile;
mod install;
mod lifecycle;
mod network;
mod sandbox;
mod server;
mod together;
mod trouble;
