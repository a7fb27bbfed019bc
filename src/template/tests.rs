//! The two laws, and what stands between them and real manifests.

use proptest::prelude::*;

use super::*;

fn pattern(source: &str) -> Pattern {
    Template::parse("t.tera", source).unwrap().pattern().unwrap().clone()
}

fn refused(source: &str) -> String {
    Template::parse("t.tera", source).unwrap().pattern().unwrap_err().to_string()
}

fn slots(pattern: &Pattern, values: &[(&str, &str)]) -> Slots {
    let position = |name| pattern.slot(name).unwrap().position;
    values
        .iter()
        .map(|&(name, text)| (name.to_owned(), Written { text: text.to_owned(), position: position(name) }))
        .collect()
}

const APP: &str = include_str!("../../templates/app-skill.md.tera");

#[test]
fn a_manifest_gives_its_slots_back() {
    let pattern =
        pattern("# {{ title }}\n\n{{ body }}\n{% if url %}\nDocs: {{ url }}\n{% endif %}\n## {{ title }} Use\n");
    let text = "# Use\n\none\n\ntwo\n\nDocs: https://a.example\n\n## Use Use\n";
    let found = pattern.matches(text).unwrap();
    assert_eq!(found.written("title"), Some("Use"));
    assert_eq!(found.written("body"), Some("one\n\ntwo"));
    assert_eq!(found.written("url"), Some("https://a.example"));
    assert_eq!(found.found()[1].span.map(|span| &text[span.range()]), Some("one\n\ntwo"));
    assert_eq!(pattern.render(&found.slots()).as_deref(), Ok(text));

    let text = "# A\n\none\n\n## A Use\n";
    let found = pattern.matches(text).unwrap();
    assert_eq!(found.written("url"), Some(""));
    assert_eq!(pattern.render(&found.slots()).as_deref(), Ok(text));
}

#[test]
fn a_value_that_occurs_in_constants_is_found_by_its_place() {
    let pattern = pattern("# {{ title }}\n\nMake a Request. {{ title }} is {{ what }}. Make it so with {{ title }}!\n");
    let text = "# Make\n\nMake a Request. Make is Mode. Make it so with Make!\n";
    assert_eq!(pattern.matches(text).unwrap().written("what"), Some("Mode"));
    assert!(pattern.matches("# Make\n\nMake a Request. Mode is x. Make it so with Make!\n").is_err());
}

#[test]
fn the_first_difference_is_placed() {
    let pattern = pattern("# {{ title }}\n\nOne.\nTwo.\n\n{{ body }}\n\n## End\n");
    let text = "# A\n\nOne.\nTvo.\n\nb\n\n## End\n";
    let mismatch = pattern.matches(text).unwrap_err();
    assert_eq!((&text[mismatch.at..mismatch.at + 3], mismatch.expected.as_str()), ("vo.", "wo."));
    let mismatch = pattern.matches("# A\n\nOne.\nTwo.\n\nb\n\n## Ende\n").unwrap_err();
    assert_eq!((mismatch.expected.as_str(), mismatch.after_slot.as_deref()), ("## End", Some("body")));
    let mismatch = self::pattern("# {{ title }}\nEnd\n").matches("# A\nEnd\nMore\n").unwrap_err();
    assert_eq!((mismatch.at, mismatch.to_string().as_str()), (8, "expected the end of the file"));
}

#[test]
fn what_cannot_be_read_back_is_refused_when_compiled() {
    for (source, reason) in [
        ("{{ a }}{{ b }}\n", "t.tera:1: `{{ a }}` has no text between it and the next slot"),
        ("x\n{{ a }}{% if b %}{{ b }}{% endif %}\n", "t.tera:2: `{{ a }}` has no text between"),
        ("{% if a %}x{% endif %}{{ a }}\n", "t.tera:1: `{% if a %}` is decided by a slot that stands neither"),
        ("{{ t }}\n{% if a %}- {{ a }}\n{% endif %}- {{ b }}\n", "t.tera:2: `{% if a %}` starts like what follows it"),
        ("{{ a | upper }}", "t.tera:1: `{{ a | upper }}` is computed"),
    ] {
        let error = refused(source);
        assert!(error.starts_with(reason), "{source:?}: {error}");
    }
}

#[test]
fn what_would_not_be_read_back_is_refused_when_rendered() {
    let template = pattern(
        "{{ a }} by {{ b }}\n\n{{ c }}\n\n## End\n{% if d %}d {{ d }}{% if e %} e {{ e }}{% endif %}\n{% endif %}",
    );
    let render = |values: &[(&str, &str)]| {
        template.render(&slots(&template, values)).map_err(|unfit| (unfit.slot, unfit.reason))
    };
    let fine = [("a", "A"), ("b", "B by C"), ("c", "x\ny"), ("d", ""), ("e", "")];
    assert_eq!(render(&fine).as_deref(), Ok("A by B by C\n\nx\ny\n\n## End\n"));
    let with = |name: &str, value: &'static str| {
        let mut values = fine;
        values.iter_mut().find(|(slot, _)| *slot == name).unwrap().1 = value;
        render(&values).unwrap_err()
    };
    assert_eq!(with("a", "A by D"), ("a".into(), UnfitReason::NotReadBack));
    assert_eq!(with("b", "two\nlines"), ("b".into(), UnfitReason::LineBreak));
    assert_eq!(with("c", "x\n\n## End\nd y"), ("c".into(), UnfitReason::NotReadBack));
    assert_eq!(with("e", "lost"), ("e".into(), UnfitReason::NotReadBack));
    assert_eq!(render(&fine[1..]).unwrap_err(), ("a".into(), UnfitReason::Missing));
}

#[test]
fn an_optional_part_is_there_only_when_its_slot_is_filled() {
    let pattern = pattern("a\n{% if b %}b: {{ b }}\n{% endif %}c\n");
    assert!(pattern.is_match("a\nc\n"));
    assert!(pattern.is_match("a\nb: x\nc\n"));
    assert!(!pattern.is_match("a\nb: \nc\n"));
}

#[test]
fn a_part_may_start_with_its_slot() {
    let pattern = pattern("a\n{% if b %}{{ b }}\n{% endif %}## End\n");
    for text in ["a\n## End\n", "a\nx\n## End\n"] {
        assert_eq!(pattern.render(&pattern.matches(text).unwrap().slots()).as_deref(), Ok(text));
    }
}

#[test]
fn a_value_is_written_as_its_place_wants_it() {
    let template =
        Template::parse("t.tera", "---\nname: {{ name }}\ndescription: {{ description }}\n---\n\n# {{ title }}\n")
            .unwrap();
    let mut skill = Skill { title: Some("[24]7.ai & W".into()), ..Skill::default() };
    skill.frontmatter.name = Some("247".into());
    skill.frontmatter.description = Some("Talk: to \"customers\".\nAnd more.".into());
    let text = template.render(&skill).unwrap();
    assert_eq!(
        text,
        "---\nname: \"247\"\ndescription: \"Talk: to \\\"customers\\\".\\nAnd more.\"\n---\n\n# [24]7.ai & W\n"
    );
    let slots = template.pattern().unwrap().matches(&text).unwrap().slots();
    assert_eq!(slots.plain("name").as_deref(), Some("247"));
    assert_eq!(slots.plain("description"), skill.frontmatter.description);

    // To a template that has the description in a block, and the name in the body too.
    let block =
        pattern("---\nname: {{ name }}\ndescription: |\n  {{ description }}\n---\n\n# {{ name }}: {{ title }}\n");
    let moved = block.render(&slots).unwrap();
    assert_eq!(
        moved,
        "---\nname: \"247\"\ndescription: |\n  Talk: to \"customers\".\n  And more.\n---\n\n# 247: [24]7.ai & W\n"
    );
    assert_eq!(block.render(&block.matches(&moved).unwrap().slots()), Ok(moved));
}

#[test]
fn a_value_that_breaks_the_frontmatter_is_refused() {
    let template = Template::parse("t.tera", "---\nname: x\ndescription: {{ title }} tools\n---\n").unwrap();
    let render = |title: &str| template.render(&Skill { title: Some(title.into()), ..Skill::default() });
    assert!(render("Chat").is_ok());
    let error = render("[24]7").unwrap_err();
    assert!(error.to_string().contains("line 3 of the result: description: [24]7 tools"), "{error}");
}

#[test]
fn a_template_that_computes_renders_the_structured_values() {
    let source = "{{ title }}{% for e in entities %}\n- {{ e.name }}{% endfor %}\n{{ frontmatter.name | yaml }} {{ rows | length }}\n";
    let template = Template::parse("t.tera", source).unwrap();
    assert_eq!(template.reversible().unwrap_err().line, 1);
    let manifest =
        Manifest::read("---\nname: 12\n---\n# A\n\n## A Overview\n\n- **B**\n- **C**\n\n## Popular actions\n\nNone.\n");
    assert_eq!(template.render(&Skill::of(&manifest, None)).unwrap(), "A\n- B\n- C\n\"12\" 0\n");
}

#[test]
fn the_built_in_template_is_reversible() {
    let template = Template::built_in().unwrap();
    let names: Vec<&str> = template.pattern().unwrap().slots().iter().map(|slot| slot.name.as_str()).collect();
    for name in ["name", "description", "title", "summary", "docs_url", "overview", "actions", "app_url"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
}

/// Pieces of templates: texts that look like each other, slots that come again, parts in parts.
fn template(depth: u32) -> BoxedStrategy<String> {
    let name = prop::sample::select(vec!["a", "b", "c"]);
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "\n", " ", "x", "\n\n", "## a\n", "- ", "xx y", "---\n", "k: ", "k: \"", "\"\n", "k: |\n  "
        ])
        .prop_map(str::to_owned),
        name.clone().prop_map(|name| format!("{{{{ {name} }}}}")),
    ];
    leaf.prop_recursive(depth, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..6).prop_map(|parts| parts.concat()),
            (name.clone(), prop::collection::vec(inner, 1..4), any::<bool>()).prop_map(|(name, parts, slot_last)| {
                let slot = if slot_last { format!("{{{{ {name} }}}}") } else { String::new() };
                format!("{{% if {name} %}}{}{slot}x\n{{% endif %}}", parts.concat())
            }),
        ]
    })
    .boxed()
}

fn value() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["x", "y", " ", "\n", "a", "## a", "- ", ": ", "\"", "é", "#"]),
        0..6,
    )
    .prop_map(|parts| parts.concat())
}

#[test]
fn a_part_within_a_part_of_the_same_slot_is_there() {
    let pattern = pattern("{% if b %}{% if b %}\n{{ b }}x\n{% endif %}{{ b }}x\n{% endif %}");
    for text in ["x\n", "\nyx\nyx\n", "yx\nyx\n", ""] {
        if let Ok(found) = pattern.matches(text) {
            assert_eq!(pattern.render(&found.slots()).as_deref(), Ok(text));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_is_rendered_matches_and_gives_the_same_slots(
        source in template(4), values in prop::collection::vec(value(), 3)
    ) {
        let Ok(parsed) = Template::parse("t.tera", source) else { return Ok(()) };
        let Ok(pattern) = parsed.reversible() else { return Ok(()) };
        let slots: Slots = pattern.slots().iter().zip(values)
            .map(|(slot, text)| (slot.name.clone(), Written { text, position: slot.position }))
            .collect();
        let Ok(text) = pattern.render(&slots) else { return Ok(()) };
        let found = pattern.matches(&text);
        prop_assert_eq!(found.map(|found| found.slots()), Ok(slots));
    }

    #[test]
    fn what_matches_renders_the_same_bytes(source in template(4), text in value(), values in prop::collection::vec(value(), 3)) {
        let Ok(parsed) = Template::parse("t.tera", source) else { return Ok(()) };
        let Ok(pattern) = parsed.reversible() else { return Ok(()) };
        let slots: Slots = pattern.slots().iter().zip(values)
            .map(|(slot, text)| (slot.name.clone(), Written { text, position: slot.position }))
            .collect();
        // A text made by the template without the proof, so that it is near to matching but may do so otherwise.
        for text in [Some(text), pattern.put_together(&slots).ok()].into_iter().flatten() {
            if let Ok(found) = pattern.matches(&text) {
                prop_assert_eq!(pattern.render(&found.slots()), Ok(text));
            }
        }
    }

    #[test]
    fn tera_renders_the_same(source in template(4), values in prop::collection::vec(value(), 3)) {
        let Ok(parsed) = Template::parse("t.tera", source) else { return Ok(()) };
        let Ok(pattern) = parsed.reversible() else { return Ok(()) };
        // One way of writing only, as Tera knows no other.
        prop_assume!(pattern.slots().iter().all(|slot| pattern.writes_one_way(slot)));
        let slots: Slots = pattern.slots().iter().zip(&values)
            .map(|(slot, text)| (slot.name.clone(), Written { text: text.clone(), position: slot.position }))
            .collect();
        let Ok(text) = pattern.put_together(&slots) else { return Ok(()) };
        let context = slots.iter().map(|(name, value)| (name.to_owned(), value.text.clone().into())).collect();
        prop_assert_eq!(parsed.engine.render(&context).unwrap(), text);
    }

    #[test]
    fn the_built_in_template_reads_back(
        title in "[A-Za-z0-9\\[\\] .&-]{1,12}", summary in "[A-Za-z.: \n]{1,60}", docs in "(https://[a-z]{1,9}\\.example/)?"
    ) {
        let template = pattern(APP);
        let mut slots = slots(&template, &[("title", &title), ("summary", &summary), ("docs_url", &docs)]);
        for slot in template.slots() {
            if slots.get(&slot.name).is_none() {
                slots.set(&slot.name, Written { text: "x".into(), position: slot.position });
            }
        }
        if let Ok(text) = template.render(&slots) {
            prop_assert_eq!(template.matches(&text).map(|found| found.slots()), Ok(slots));
        }
    }
}
