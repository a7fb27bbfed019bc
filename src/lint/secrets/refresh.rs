//! Makes `forms.tsv` of a release of the rule set.
//!
//! `SECRET_RULES=path/to/gitleaks.toml SECRET_RULES_VERSION=8.30.1 cargo test --lib secrets` writes it anew; the file is
//! `config/gitleaks.toml` of that release. Without the variables this only shows that the writer works.

use std::fmt::Write as _;

use serde::Deserialize;

/// The head of the table: where it comes from and its licence.
const HEAD: &str = "\
# Forms of secrets: the facts of the default rules of gitleaks, version VERSION (https://github.com/gitleaks/gitleaks).
# Made by refresh.rs, which says how. Left out are descriptions, lists of words, forms of public ids, and those of other file formats.
# Added is that brackets, commas and full stops end a value, too.
# Columns: id, least entropy, keywords, expression, expression for values that are none, expression for matches that are none.
#
# MIT License
#
# Copyright (c) 2019 Zachary Rice
#
# Permission is hereby granted, free of charge, to any person obtaining a copy
# of this software and associated documentation files (the \"Software\"), to deal
# in the Software without restriction, including without limitation the rights
# to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all
# copies or substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
# IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
# FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
# AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
# LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
# OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
# SOFTWARE.
#
";
/// What may follow a value, as the rules say it and as prose and Markdown need it.
const END: [&str; 2] = [r#"(?:[\x60'"\s;]|"#, r#"(?:[\x60'"\s;,)\]}<>|]|\.(?:\s|$)|"#];
/// How the ids of forms end that are public, or too short to be told from anything else.
const LEFT_OUT: [&str; 9] = [
    "-client-id",
    "-access-id",
    "-pub-key",
    "-pub-api-key",
    "-public-key",
    "-user-api-id",
    "-test-api-token",
    "sidekiq-secret",
    "sidekiq-sensitive-url",
];
/// The form that any other is preferred to.
const LAST: &str = "generic-api-key";

#[derive(Deserialize)]
struct Config {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    regex: Option<String>,
    path: Option<String>,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowlist {
    #[serde(default)]
    regexes: Vec<String>,
    regex_target: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
}

/// The table of the rules in `config`.
fn table(config: &str, version: &str) -> String {
    let mut rules = toml::from_str::<Config>(config).unwrap().rules;
    rules.retain(|rule| rule.path.is_none() && !LEFT_OUT.iter().any(|end| rule.id.ends_with(end)));
    rules.sort_by(|a, b| (a.id == LAST, &a.id).cmp(&(b.id == LAST, &b.id)));
    let mut table = HEAD.replace("VERSION", version);
    for rule in rules {
        let Some(expression) = &rule.regex else { continue };
        assert!(!rule.keywords.is_empty(), "{} has no keyword, and would be tried beside every run", rule.id);
        let unless = |target: &str| {
            let lists = rule
                .allowlists
                .iter()
                .filter(|list| list.paths.is_empty() && list.regex_target.as_deref().unwrap_or("secret") == target);
            let expressions: Vec<String> =
                lists.flat_map(|list| &list.regexes).map(|expression| format!("(?:{expression})")).collect();
            expressions.join("|")
        };
        let fields = [expression.replace(END[0], END[1]), unless("secret"), unless("match")];
        assert!(fields.iter().all(|field| !field.contains(['\t', '\n'])), "{}", rule.id);
        let line = format!("{}\t{}\t{}\t{}", rule.id, rule.entropy, rule.keywords.join(" "), fields.join("\t"));
        let _ = writeln!(table, "{}", line.trim_end_matches('\t'));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::forms::rows;
    use super::*;

    #[test]
    fn rules_become_rows() {
        let config = "[[rules]]\nid = 'generic-api-key'\nregex = 'b'\nkeywords = ['key']\n\
                      [[rules]]\nid = 'parcel-token'\nregex = 'p_\\w+'\nentropy = 3.5\nkeywords = ['p_', 'parcel']\n\
                      [[rules.allowlists]]\nregexes = ['x', 'y']\n[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['z']\n\
                      [[rules]]\nid = 'parcel-client-id'\nregex = 'c'\nkeywords = ['c_']\n";
        let table = table(config, "1.2.3");
        assert!(table.contains("version 1.2.3 ("));
        let rows: Vec<_> = rows(&table).collect();
        assert_eq!(rows[0], ["parcel-token", "3.5", "p_ parcel", "p_\\w+", "(?:x)|(?:y)", ""]);
        assert_eq!(rows[1][0], "generic-api-key");
        assert_eq!(rows.len(), 2);
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "this writes the table on demand")]
    fn the_table_is_written_where_asked() {
        let Some(config) = std::env::var_os("SECRET_RULES") else { return };
        let version = std::env::var("SECRET_RULES_VERSION").unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lint/secrets/forms.tsv");
        std::fs::write(path, table(&std::fs::read_to_string(config).unwrap(), &version)).unwrap();
    }
}
