//! How every value of an imported model is known: read, repaired, guessed or lost.
//!
//! The ledger is what makes an import trustworthy. A value that stands in the capture as a manifest would have it is *read*; one
//! that a rule put right is *repaired*; where two readings are possible it is *guessed* and both are named; what the capture no
//! longer holds is *lost*, and stays empty.

use std::fmt;

use serde::Serialize;

use crate::manifest::source::Span;

/// A repair, by the damage that it undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Rule {
    /// A heading lost its `#` marks, and is known by what it says or where it stands.
    LostHeading,
    /// The copy keeps no inline marks: the words are whole, emphasis and code marks may be missing.
    PlainText,
    /// The cells of a table row run together.
    FlattenedRow,
    /// The delimiter row of a table has fewer columns than its header.
    ShortDelimiter,
    /// A table row is spread over several lines.
    SplitRow,
    /// A list uses `•` or the like.
    Bullet,
    /// A list item starts with `- -`, or its marker stands on a line of its own.
    BrokenBullet,
    /// A code span was set on a line of its own, or lost its backticks.
    CodeSpan,
    /// A code block, or the frontmatter, lost its fences.
    LostFence,
    /// A text and its translation alternate, or follow one another.
    Translation,
    /// `CODEBLOCK0` or `INLINECODE3` stood in place of code.
    Placeholder,
    /// The value is known by a file path that the copy names.
    Path,
}

impl Rule {
    const ALL: [Self; 12] = [
        Self::LostHeading,
        Self::PlainText,
        Self::FlattenedRow,
        Self::ShortDelimiter,
        Self::SplitRow,
        Self::Bullet,
        Self::BrokenBullet,
        Self::CodeSpan,
        Self::LostFence,
        Self::Translation,
        Self::Placeholder,
        Self::Path,
    ];

    /// The rule's name, as reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LostHeading => "lost-heading",
            Self::PlainText => "plain-text",
            Self::FlattenedRow => "flattened-row",
            Self::ShortDelimiter => "short-delimiter",
            Self::SplitRow => "split-row",
            Self::Bullet => "bullet",
            Self::BrokenBullet => "broken-bullet",
            Self::CodeSpan => "code-span",
            Self::LostFence => "lost-fence",
            Self::Translation => "translation",
            Self::Placeholder => "placeholder",
            Self::Path => "path",
        }
    }
}

/// A set of rules.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules(u16);

impl Rules {
    /// No rule.
    pub const NONE: Self = Self(0);

    /// This set with one more rule.
    #[must_use]
    pub fn with(self, rule: Rule) -> Self {
        Self(self.0 | 1 << rule as u8)
    }

    /// Both sets together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a rule is in it.
    pub fn has(self, rule: Rule) -> bool {
        self.0 & 1 << rule as u8 != 0
    }

    /// The rules, in the order in which they are declared.
    pub fn list(self) -> Vec<Rule> {
        Rule::ALL.into_iter().filter(|&rule| self.has(rule)).collect()
    }
}

impl From<Rule> for Rules {
    fn from(rule: Rule) -> Self {
        Self::NONE.with(rule)
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}

/// Why a reading is not certain, and what else could be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The possible readings, the one taken first.
    pub alternatives: Vec<String>,
    /// Why that one.
    pub why: String,
}

/// How a value is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Known {
    /// It stands in the capture as a manifest would have it.
    Read,
    /// Rules put it right; there is one reading.
    Repaired {
        /// Which.
        rules: Vec<Rule>,
    },
    /// There are several readings, and one was taken.
    Guessed {
        /// The rules that led to it.
        rules: Vec<Rule>,
        /// The readings, the one taken first.
        alternatives: Vec<String>,
        /// Why that one.
        why: String,
    },
    /// The capture does not hold it; it stays empty.
    Lost {
        /// What is missing.
        why: String,
    },
}

impl Known {
    /// What `rules` and a doubt amount to.
    pub fn by(rules: Rules, doubt: Option<&Doubt>) -> Self {
        match doubt {
            Some(Doubt { alternatives, why }) => {
                Self::Guessed { rules: rules.list(), alternatives: alternatives.clone(), why: why.clone() }
            }
            None if rules.is_empty() => Self::Read,
            None => Self::Repaired { rules: rules.list() },
        }
    }

    /// How good it is: the lower the better.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Read => 0,
            Self::Repaired { .. } => 1,
            Self::Guessed { .. } => 2,
            Self::Lost { .. } => 3,
        }
    }

    /// The state's name.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Repaired { .. } => "repaired",
            Self::Guessed { .. } => "guessed",
            Self::Lost { .. } => "lost",
        }
    }
}

/// One value and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Where it is in the model: `actions.rows[3].key`.
    pub path: String,
    /// The value, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How it is known.
    #[serde(flatten)]
    pub known: Known,
    /// The capture that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
    /// The bytes of the capture that it was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Span>,
}

/// How every value of one model is known, in the order of the model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Ledger {
    /// One entry a value.
    pub entries: Vec<Entry>,
}

/// How many values are known in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// As they stand.
    pub read: usize,
    /// By rules.
    pub repaired: usize,
    /// One reading of several.
    pub guessed: usize,
    /// Not at all.
    pub lost: usize,
}

impl Ledger {
    /// The entry of one value.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }

    /// How many values are known in which way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry.known {
                Known::Read => counts.read += 1,
                Known::Repaired { .. } => counts.repaired += 1,
                Known::Guessed { .. } => counts.guessed += 1,
                Known::Lost { .. } => counts.lost += 1,
            }
        }
        counts
    }

    /// Whether nothing is guessed and nothing lost.
    pub fn is_certain(&self) -> bool {
        self.entries.iter().all(|entry| entry.known.rank() <= 1)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, repaired, guessed, lost } = self;
        write!(f, "{read} read, {repaired} repaired, {guessed} guessed, {lost} lost")
    }
}
