//! Every form of a locator, and every form that is none.

use super::*;

fn parse(text: &str) -> Result<Locator> {
    Locator::parse(text, Base { working: Path::new("/w"), home: Some(Path::new("/h")), host: "github.com" })
}

fn taken_apart(text: &str) -> String {
    shown(&parse(text).unwrap())
}

fn shown(locator: &Locator) -> String {
    let path = locator.path.as_ref().map_or("", RelativePath::as_str);
    let skill = locator.skill.as_ref().map_or("", Pattern::as_str);
    format!("{locator} | {path} | {skill}")
}

#[test]
fn every_form_is_understood() {
    for (text, expected) in [
        ("bundled", "bundled |  | "),
        ("bundled@pdf", "bundled |  | pdf"),
        ("o/r", "https://github.com/o/r |  | "),
        ("o/r/skills/pdf", "https://github.com/o/r | skills/pdf | "),
        ("o/r@pdf", "https://github.com/o/r |  | pdf"),
        ("o/r#v1", "https://github.com/o/r#v1 |  | "),
        ("o/r#feature/x@pd*", "https://github.com/o/r#feature/x |  | pd*"),
        ("gitlab.com/o/r", "https://gitlab.com/o/r |  | "),
        ("https://github.com/o/r/tree/feature/x/skills/pdf", "https://github.com/o/r/tree/feature/x/skills/pdf |  | "),
        (
            "https://github.com/o/r/blob/main/skills/pdf/SKILL.md",
            "https://github.com/o/r/tree/main/skills/pdf/SKILL.md |  | ",
        ),
        ("https://gitlab.com/g/s/r/-/tree/main/a%20b?x=y", "https://gitlab.com/g/s/r/tree/main/a b |  | "),
        ("git@host:o/r.git#main", "git@host:o/r.git#main |  | "),
        ("git@host:o/r@pdf", "git@host:o/r |  | pdf"),
        ("git@host:repo@pdf", "git@host:repo |  | pdf"),
        ("https://host:/o/r@pdf", "https://host/o/r |  | pdf"),
        ("file:///srv/r.git", "file:///srv/r.git |  | "),
        ("http://127.0.0.1:99/o/r.git", "http://127.0.0.1:99/o/r.git |  | "),
        ("./a/../b", "/w/b |  | "),
        ("~/x#main@pdf", "/h/x#main |  | pdf"),
        ("/abs", "/abs |  | "),
        ("..", "/ |  | "),
    ] {
        assert_eq!(taken_apart(text), expected, "{text}");
    }
}

#[test]
fn what_is_there_is_not_cut() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().join("C#");
    crate::fs::create_dir_all(&root.join("a@b/lib#")).unwrap();
    let base = Base { working: &root, home: None, host: "github.com" };
    for (text, folder, tail) in [
        ("a@b/lib#", "a@b/lib#", " |  | "),
        ("a@b/lib##a#b", "a@b/lib#", "#a#b |  | "),
        ("a@b#feature/x@pdf", "a@b", "#feature/x |  | pdf"),
        ("a@b@pdf", "a@b", " |  | pdf"),
        ("a@b/new#main", "a@b/new", "#main |  | "),
    ] {
        for start in [".".to_owned(), root.display().to_string()] {
            let locator = Locator::parse(&format!("{start}/{text}"), base).unwrap();
            let expected = format!("{}{tail}", root.join(folder).display());
            assert_eq!(shown(&locator), expected, "{start}/{text}");
        }
    }
}

#[test]
fn what_could_harm_or_means_nothing_is_refused() {
    for text in [
        "",
        "ext::sh -c x",
        "ext::x/y",
        "o/r/../..",
        "o/r#-x",
        "o/r#a..b",
        "-o/r",
        "o/-r",
        "o/",
        "/",
        "https://github.com/o/r/tree/main/../../x",
        "a\nb/c",
        "fd::17/foo",
        "o/r@a/b",
    ] {
        let parsed = parse(text);
        assert!(parsed.is_err() || text == "/", "{text}: {parsed:?}");
    }
}

#[test]
fn no_mistyped_url_shows_its_password() {
    for text in [
        "https://me:TOK@host",
        "https://me:TOK@host#x",
        "https://me:TOK@host?x",
        "https://me:TOK@host/o/r\t",
        "https://me:TOK@host/o/r\n",
        "https:/me:TOK@host/o/r",
        "https:me:TOK@host/o/r",
        "HTTPS:/me:TOK@host/o/r",
        "htps://me:TOK@host/o/r",
        "https://me:TOK/x@host/o/r",
        "https://me:12/TOK@host/o/r",
        "https://me:TOK/x@host",
        "https://me:TOK#x@host/o/r",
        "https://me:TOK#x@host",
        "https://me:TOK?x@host/o/r",
        "https://me:TOK@x@ho st/o/r",
        "https:/me:TOK@host/o/r?to=https://a@b",
        "me:TOK@host/o/r",
        "me:TOK@host",
        "me:TOK/x@host",
        "me:TOK#x@host/o/r",
        "me@mail.example:TOK@host/o/r",
        "ext::me:TOK@host",
        "me:TOK://x@host/o/r",
    ] {
        let error = parse(text).expect_err(text);
        assert!(!format!("{error:?}{error}").contains("TOK"), "{text}: {error}");
    }
    let error = parse("https://host/o/r#a..b").unwrap_err();
    assert!(error.to_string().contains("a..b"));
    for text in ["https://host:8080/o/r@pdf", "https://me:a@host/o/r@pdf", "host:o/r#main", "git@host:o/r#main@pdf"] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn words_are_told_from_skills() {
    for word in ["bundled", "bundled@pdf", "o/r", "git@h:o", ".", "~", "a\\b"] {
        assert!(Locator::is_one(word), "{word}");
    }
    assert!(!Locator::is_one("chatrace") && !Locator::is_one("chat*"));
}
