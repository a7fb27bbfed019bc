//! Where skills come from, and the git repositories they lie in.

pub mod worktree;
