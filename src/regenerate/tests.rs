//! Hand edits, on two generations of a template of our own: kept or reported, never lost.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::manifest::skill::Skill;
use crate::template::Slots;

const OLD: &str = "---
name: {{ name }}
description: |
  {{ description }}
---

# {{ title }}

{{ summary }}

{% if docs_url %}Docs: {{ docs_url }}{% endif %}

## Using {{ title }}

Sign in first.

Then look for a connection to {{ title }}.

```bash
tool login
tool connect {{ name }}
```

## Actions

{{ actions }}

## Rules

- Ask before you delete.
- Say what you changed.
- Keep answers short.
";

const NEW: &str = "---
name: {{ name }}
description: {{ description }}
---

# {{ title }}

{{ summary }}

{% if docs_url %}Docs: {{ docs_url }}{% endif %}

## Using {{ title }}

Sign in first, once.

Then look for a connection to {{ title }}.

```bash
tool login --wait
tool connect {{ name }}
```

Wait until the connection is ready.

## Actions

{{ actions }}

## Rules

- Ask before you delete.
- Say what you changed.
- Keep answers short.
- Never print a secret.
";

fn job() -> Job {
    Job {
        target: Template::parse("new", NEW).unwrap(),
        older: vec![Template::parse("old", OLD).unwrap()],
        data: Data::default(),
        forced: BTreeSet::new(),
    }
}

fn plan_one(job: &Job, text: &str) -> Planned {
    let path = PathBuf::from("skills/crm/SKILL.md");
    let generations = job.generations().unwrap();
    let names = Names::of(generations[0].pattern);
    let seen = decide::see(text.as_bytes(), &path, &generations, &names, &job.data);
    let leaked = names.leaked(std::iter::once(&seen.title));
    decide::decide(seen, &path, &generations, job, &leaked)
}

fn skill() -> Skill {
    let mut skill = Skill { title: Some("Chat desk".into()), summary: Some("One.\n\nTwo.".into()), ..Skill::default() };
    skill.docs_url = Some("https://docs.example.org/".into());
    skill.frontmatter.name = Some("chat-desk".into());
    skill.frontmatter.description = Some("Talk: to customers".into());
    skill.actions =
        Some(crate::manifest::skill::ActionsModel { rows: Vec::new(), fallback: Some("| a |\n| - |\n| b |".into()) });
    skill
}

fn slots(job: &Job) -> Slots {
    let text = job.older[0].render(&skill()).unwrap();
    job.older[0].pattern().unwrap().matches(&text).unwrap().slots()
}

fn old_text(job: &Job) -> String {
    job.older[0].pattern().unwrap().render(&slots(job)).unwrap()
}

fn new_text(job: &Job) -> String {
    job.target.pattern().unwrap().render(&slots(job)).unwrap()
}

#[test]
fn an_older_generation_is_upgraded_and_then_current() {
    let job = job();
    let planned = plan_one(&job, &old_text(&job));
    assert_eq!((planned.outcome, planned.generation.as_deref()), (Outcome::Upgraded, Some("old")));
    assert_eq!(planned.after.as_deref(), Some(new_text(&job).as_str()));
    assert_eq!(plan_one(&job, &new_text(&job)).outcome, Outcome::Current);
}

#[test]
fn an_edit_beside_the_template_s_own_change_is_merged_and_one_on_it_is_a_conflict() {
    let job = job();
    let planned = plan_one(&job, &old_text(&job).replace("Say what you changed.", "Say it loud."));
    assert_eq!(planned.outcome, Outcome::Merged, "{planned:?}");
    assert_eq!(planned.after, Some(new_text(&job).replace("Say what you changed.", "Say it loud.")));
    assert_eq!(planned.edited_lines, [35]);

    let planned = plan_one(&job, &old_text(&job).replace("Sign in first.", "Sign in second."));
    assert_eq!((planned.outcome, planned.after.is_none()), (Outcome::Conflict, true));
    assert_eq!(planned.conflicts.len(), 1);
    assert_eq!((planned.conflicts[0].line, planned.conflicts[0].yours.trim()), (17, "Sign in second."));
}

#[test]
fn an_edited_line_with_a_slot_is_kept() {
    let job = job();
    let edited = old_text(&job).replace("a connection to Chat desk", "my connection with Chat desk");
    let planned = plan_one(&job, &edited);
    assert_eq!(planned.outcome, Outcome::Merged, "{planned:?}");
    assert!(planned.after.unwrap().contains("Then look for my connection with Chat desk."));
}

#[test]
fn a_slot_between_constant_texts_is_read_in_an_edited_manifest_too() {
    let mut job = job();
    job.target =
        Template::parse("new", NEW.replace("tool connect {{ name }}", "tool open \"{{ app_url }}\" --json")).unwrap();
    let skill = Skill { app_url: Some("https://crm.example/".to_owned()), ..skill() };
    let edited = job.target.render(&skill).unwrap().replace("Keep answers short.", "Keep answers very short.");
    let planned = plan_one(&job, &edited);
    assert_eq!(planned.outcome, Outcome::Merged, "{planned:?}");
    let line = edited.lines().position(|line| line.contains("very short")).unwrap() + 1;
    assert_eq!(planned.edited_lines, [line]);
}

#[test]
fn line_ends_belong_to_the_file() {
    let mut job = job();
    let old = old_text(&job);
    let new = plan_one(&job, &old).after.unwrap();
    let in_crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(plan_one(&job, &in_crlf(&old)).after, Some(in_crlf(&new)));
    job.target = Template::parse("new", format!("\u{feff}{}", in_crlf(NEW))).unwrap();
    assert_eq!(plan_one(&job, &old).after.as_ref(), Some(&new));
    assert_eq!(plan_one(&job, &in_crlf(&new)).outcome, Outcome::Current);
}

#[test]
fn what_is_no_such_manifest_is_not_touched() {
    let job = job();
    let planned = plan_one(&job, "# Other\n\nThis is something else.\n");
    assert_eq!((planned.outcome, planned.after), (Outcome::Unrecognised, None));
    assert_eq!(planned.differs.as_deref(), Some("line 1: expected \"---\", as old has it"));
    let planned = plan_one(&job, &(old_text(&job).replace('\n', "\r\n") + "\n"));
    assert_eq!(planned.differs.as_deref(), Some("line 1: it ends in CRLF, and lines end in LF in old"));
    let bytes = [0xff, 0xfe];
    let generations = job.generations().unwrap();
    let seen = decide::see(&bytes, Path::new("a"), &generations, &Names::of(generations[0].pattern), &job.data);
    let planned = decide::decide(seen, Path::new("a"), &generations, &job, &[]);
    assert_eq!(planned.differs.as_deref(), Some("byte 0 is not UTF-8"));
}

#[test]
fn what_would_be_lost_is_refused_unless_forced() {
    let mut job = job();
    let reasons = |job: &Job, text: &str| -> Vec<(String, RefusalReason)> {
        plan_one(job, text).refusals.into_iter().map(|refusal| (refusal.slot, refusal.reason)).collect()
    };
    // What a manifest holds already is carried over as it is; what data brings must not need mending.
    let nul = old_text(&job).replace("One.", "O\0ne.");
    let planned = plan_one(&job, &nul);
    assert_eq!((planned.outcome, planned.refusals.len()), (Outcome::Upgraded, 0));
    assert!(planned.after.unwrap().contains("O\0ne."));

    job.target =
        Template::parse("new", NEW.replace("{% if docs_url %}Docs: {{ docs_url }}{% endif %}\n\n", "")).unwrap();
    let text = old_text(&job);
    assert_eq!(reasons(&job, &text), [("docs_url".to_owned(), RefusalReason::WouldBeEmptied)]);
    job.forced = BTreeSet::from([PathBuf::from("skills/crm/SKILL.md")]);
    let planned = plan_one(&job, &text);
    assert_eq!(planned.outcome, Outcome::Upgraded);
    assert!(!planned.after.unwrap().contains("docs.example.org"));

    job.forced.clear();
    job.target = Template::parse("new", NEW.replace("tool login --wait", "tool login {{ app_url }}")).unwrap();
    assert_eq!(reasons(&job, &text), [("app_url".to_owned(), RefusalReason::NoValue)]);
    job.data = Data::parse("d", "{\"chat-desk\": {\"app_url\": \"https://chat.example.org/\", \"title\": \"Other\"}}")
        .unwrap();
    let planned = plan_one(&job, &text);
    assert_eq!(planned.outcome, Outcome::Upgraded);
    let after = planned.after.unwrap();
    assert!(after.contains("tool login https://chat.example.org/\n") && after.contains("# Chat desk\n"));
}

#[test]
fn data_fill_what_a_manifest_on_the_target_lacks() {
    let mut job = job();
    let bare = new_text(&job).replace("Docs: https://docs.example.org/", "");
    let edited = bare.replace("Keep answers short.", "Keep answers very short.");
    assert_eq!(plan_one(&job, &bare).outcome, Outcome::Current);

    job.data = Data::parse("d", "chat-desk: {docs_url: 'https://docs.example.org/'}").unwrap();
    let planned = plan_one(&job, &bare);
    assert_eq!((planned.outcome, planned.generation), (Outcome::Upgraded, None));
    assert_eq!(planned.after, Some(new_text(&job)));
    assert_eq!(plan_one(&job, &new_text(&job)).outcome, Outcome::Current);

    let planned = plan_one(&job, &edited);
    assert_eq!(planned.outcome, Outcome::Merged);
    let after = planned.after.unwrap();
    assert!(after.contains("Docs: https://docs.example.org/") && after.contains("very short"), "{after}");
    assert_eq!(plan_one(&job, &after).after, None);
}

#[test]
fn a_leaked_title_is_refused_for_all_but_its_own_skill() {
    let mut job = job();
    job.target = Template::parse("new", NEW.replace("Wait until the", "Wait until the Chat desk or Airmeet")).unwrap();
    let names = Names::of(job.target.pattern().unwrap());
    let title = |title: &str| Some((title.to_owned(), title.to_lowercase()));
    let titles = [title("Airmeet"), title("Other"), title("Chat desk")];
    let leaked = names.leaked(titles.iter());
    assert_eq!(leaked.len(), 2);
    let generations = job.generations().unwrap();
    let path = Path::new("skills/chat-desk/SKILL.md");
    let seen = decide::see(old_text(&job).as_bytes(), path, &generations, &names, &job.data);
    let planned = decide::decide(seen, path, &generations, &job, &leaked);
    assert_eq!(planned.outcome, Outcome::Refused);
    let messages: Vec<&str> = planned.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
    assert_eq!(messages, ["the target's text holds \"Airmeet\", the title of airmeet"]);
}

/// The lines of the old generation that hold no slot.
fn constant_lines(text: &str) -> Vec<usize> {
    let constant =
        |line: &str| !line.is_empty() && !line.starts_with("---") && OLD.lines().any(|of_template| of_template == line);
    (0..).zip(text.lines()).filter(|(_, line)| constant(line)).map(|(at, _)| at).collect()
}

#[derive(Debug, Clone, Copy)]
enum Edit {
    Replace,
    Append,
    Insert,
    Delete,
    Swap,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn edits_of_constant_lines_are_kept_or_reported(
        at in any::<prop::sample::Index>(),
        edit in prop::sample::select(vec![Edit::Replace, Edit::Append, Edit::Insert, Edit::Delete, Edit::Swap]),
        second in any::<Option<prop::sample::Index>>(),
    ) {
        const MARK: &str = "EDITED 7";
        let job = job();
        let text = old_text(&job);
        let lines = constant_lines(&text);
        let mut edited: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let place = lines[at.index(lines.len())];
        if let Some(second) = second {
            // Another edit elsewhere, so that edits meet.
            let place = lines[second.index(lines.len())];
            edited[place] = format!("{} too", edited[place]);
        }
        let was = edited[place].clone();
        match edit {
            Edit::Replace => edited[place] = MARK.to_owned(),
            Edit::Append => edited[place] = format!("{was} {MARK}"),
            Edit::Insert => edited.insert(place + 1, MARK.to_owned()),
            Edit::Delete => drop(edited.remove(place)),
            Edit::Swap => edited[place] = was.split(' ').map(|word| if word.len() > 3 { MARK } else { word }).collect::<Vec<_>>().join(" "),
        }
        let edited = edited.join("\n");
        let planned = plan_one(&job, &edited);
        let count = |text: &str, what: &str| text.matches(what).count();
        match planned.after {
            Some(after) => {
                prop_assert!(matches!(planned.outcome, Outcome::Merged | Outcome::Upgraded));
                prop_assert!(count(&after, MARK) >= count(&edited, MARK), "{after}");
                prop_assert_eq!(count(&after, " too"), count(&edited, " too"));
                if matches!(edit, Edit::Delete) && second.is_none() {
                    let fresh = new_text(&job);
                    let kept = after.lines().filter(|line| *line == was).count();
                    prop_assert!(kept == 0 || kept < fresh.lines().filter(|line| *line == was).count(), "{was} in {after}");
                }
                // What was done once is not done again.
                let again = plan_one(&job, &after);
                prop_assert!(again.after.is_none(), "{:?}\n{after}", again.after);
            }
            None => prop_assert!(planned.outcome.is_left(), "{planned:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn edits_inside_slots_are_no_conflict(
        slot in prop::sample::select(vec!["description", "title", "summary", "docs_url", "actions"]),
        words in prop::collection::vec("[a-zA-Z0-9&.\\[\\]|']{1,8}", 1..5),
    ) {
        let job = job();
        let mut values = slots(&job);
        let mut written = values.get(slot).unwrap().clone();
        written.text = words.join(if slot == "summary" || slot == "actions" { "\n" } else { " " });
        values.set(slot, written.clone());
        let text = job.older[0].pattern().unwrap().render(&values);
        prop_assume!(text.is_ok());
        let planned = plan_one(&job, &text.unwrap());
        prop_assert_eq!(planned.outcome, Outcome::Upgraded);
        let found = job.target.pattern().unwrap().matches(planned.after.as_deref().unwrap()).unwrap().slots();
        prop_assert_eq!(found.plain(slot), values.plain(slot));
    }
}
