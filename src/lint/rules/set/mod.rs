//! What can only be seen by looking at several skills at once.

/// Skills that one template made: the examples of rules that ask what most members of a set say.
const USUAL: [(&str, &str); 6] = [
    ("ivy", "---\nname: ivy\n---\n# Ivy\n\n## Work with Ivy\n\nAsk Ivy.\n"),
    ("oak", "---\nname: oak\n---\n# Oak\n\n## Work with Oak\n\nAsk Oak.\n"),
    ("elm", "---\nname: elm\n---\n# Elm\n\n## Work with Elm\n\nAsk Elm.\n"),
    ("fir", "---\nname: fir\n---\n# Fir\n\n## Work with Fir\n\nAsk Fir.\n"),
    ("yew", "---\nname: yew\n---\n# Yew\n\n## Work with Yew\n\nAsk Yew.\n"),
    ("ash", "---\nname: ash\n---\n# Ash\n\n## Work with Ash\n\nAsk Ash.\n"),
];

/// An example of these and others.
macro_rules! with_usual {
    ($($other:expr),+ $(,)?) => {
        crate::lint::rule::Example::Set(&[
            super::USUAL[0], super::USUAL[1], super::USUAL[2], super::USUAL[3], super::USUAL[4], super::USUAL[5], $($other),+
        ])
    };
}

mod duplicate_name;
mod left_behind;
mod other_title;
mod same_description;

use super::evidence;
use crate::lint::rule::Rule;

pub(in crate::lint) static RULES: &[&Rule] =
    &[&duplicate_name::RULE, &same_description::RULE, &other_title::RULE, &left_behind::RULE];
