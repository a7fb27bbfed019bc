//! What can only be seen by looking at several skills at once.

mod duplicate_name;
mod same_description;

use super::evidence;
use crate::lint::rule::Rule;

pub(in crate::lint) static RULES: &[&Rule] = &[&duplicate_name::RULE, &same_description::RULE];
