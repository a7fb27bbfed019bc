//! `render`: models in, manifests out.

use std::io::Write;
use std::process::Stdio;

use crate::sandbox::{Ran, Sandbox};

const TEMPLATE: &str = "---\nname: {{ name }}\ndescription: {{ description }}\n---\n\n# {{ title }}\n\n{{ summary }}\n{% if docs_url %}\nOfficial docs: {{ docs_url }}\n{% endif %}\n## {{ title }} Overview\n\n{{ overview }}\n\n## Popular actions\n\n{{ actions }}\n";
const MANIFEST: &str = "---\nname: \"247\"\ndescription: \"Support: chat & calls\"\n---\n\n# [24]7.ai\n\nOne.\n\nOfficial docs: https://docs.example.org/\n\n## [24]7.ai Overview\n\n- **Chat**\n  - **Message** — a line\n\nAsk first.\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| List | list | a \\| b |\n";

#[test]
fn an_extracted_model_renders_to_the_bytes_it_came_from() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tera", TEMPLATE);
    sandbox.write("247/SKILL.md", MANIFEST);
    for format in ["json", "yaml"] {
        let model = sandbox.run(["extract", "247", "--format", format]).exits(0).stdout;
        sandbox.write("model", &model);
        assert_eq!(sandbox.run(["render", "model", "--template", "t.tera"]).exits(0).stdout, MANIFEST);

        let mut command = sandbox.skillpress(["render", "-", "--template", "t.tera", "--out", "out.md"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(model.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        assert_eq!(sandbox.read("out.md"), MANIFEST);
    }
}

#[test]
fn a_value_that_is_missing_is_named_with_its_line() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tera", TEMPLATE);
    sandbox.write("model.json", r#"{"frontmatter": {"name": "a", "description": "b"}}"#);
    let ran = sandbox.run(["render", "model.json", "--template", "t.tera"]).exits(2);
    assert!(ran.stderr.contains("t.tera:6: `title` has no value"), "{}", ran.stderr);
    assert!(ran.stderr.contains("{% if title %}"), "{}", ran.stderr);
}

#[test]
fn a_template_that_computes_renders_and_says_that_it_cannot_recognise() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tera", "{{ title | upper }}:{% for e in entities %} {{ e.name }}{% endfor %}\n");
    sandbox.write("247/SKILL.md", MANIFEST);
    let model = sandbox.run(["extract", "247"]).stdout;
    sandbox.write("model.json", model);
    let ran = sandbox.run(["render", "model.json", "--template", "t.tera", "-v"]).exits(0);
    assert_eq!(ran.stdout, "[24]7.AI: Chat\n");
    assert!(ran.stderr.contains("cannot recognise") && ran.stderr.contains("line 1"), "{}", ran.stderr);
}

#[test]
fn what_is_no_model_or_no_template_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tera", "{{ title");
    sandbox.write("model.json", "[]");
    let ran: Ran = sandbox.run(["render", "model.json"]).exits(2);
    assert!(ran.stderr.contains("model.json is not a model"), "{}", ran.stderr);
    let ran = sandbox.run(["render", "model.json", "--template", "t.tera"]).exits(2);
    assert!(ran.stderr.contains("t.tera:1: "), "{}", ran.stderr);
}
