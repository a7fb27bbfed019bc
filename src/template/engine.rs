//! Tera. The only file that names it.
//!
//! It judges the syntax of every template and renders those that cannot run backwards. Reversible ones are put together from their
//! own pieces, which a property test compares with what this engine gives.

use serde_json::{Map, Value as Json};
use tera::{Context, ErrorKind as TeraErrorKind, Kwargs, State, Tera, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::yaml;

/// Any name does; one that ended in `.html` would have values escaped.
const NAME: &str = "template";

/// A template that Tera has accepted.
#[derive(Debug)]
pub(super) struct Engine {
    tera: Tera,
    name: String,
}

impl Engine {
    /// Compiles `source`; `name` is what errors call it.
    pub(super) fn compile(name: &str, source: &str) -> Result<Self> {
        let mut tera = Tera::new();
        tera.register_filter("yaml", yaml_filter);
        match tera.add_raw_template(NAME, source) {
            Ok(()) => Ok(Self { tera, name: name.to_owned() }),
            Err(error) => Err(explain(name, &error)),
        }
    }

    /// Renders with the values of `context`. A variable that has none is an error.
    pub(super) fn render(&self, context: &Map<String, Json>) -> Result<String> {
        let rendered = Context::from_serialize(context).and_then(|context| self.tera.render(NAME, &context));
        rendered.map_err(|error| explain(&self.name, &error))
    }
}

/// `{{ value | yaml }}`: a value as YAML on one line, quoted where it must be.
fn yaml_filter(value: &Value, _: Kwargs, _: &State<'_>) -> String {
    match value.as_str() {
        Some(text) => yaml::inline_scalar(text),
        // JSON is YAML on one line.
        None => serde_json::to_string(value).unwrap_or_default(),
    }
}

/// Tera's own report draws a frame around the source; the place and the reason are what is needed.
fn explain(name: &str, error: &tera::Error) -> Error {
    let (TeraErrorKind::SyntaxError(report) | TeraErrorKind::RenderingError(report)) = error.kind() else {
        return Error::new(ErrorKind::Invalid, format!("{name}: {error}"));
    };
    let line = report.span().start_line;
    Error::new(ErrorKind::Invalid, format!("{name}:{line}: {}", report.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn render(source: &str, context: Json) -> Result<String> {
        let Json::Object(context) = context else { panic!("an object") };
        Engine::compile("t.tera", source)?.render(&context)
    }

    #[test]
    fn values_are_not_escaped_and_yaml_is_quoted_where_it_must_be() {
        let source = "{{ title }} {{ title | yaml }} {{ n | yaml }} {{ list | yaml }}";
        let context = json!({"title": "[W&B]", "n": 1, "list": ["a", "b"]});
        assert_eq!(render(source, context).unwrap(), "[W&B] \"[W&B]\" 1 [\"a\",\"b\"]");
    }

    #[test]
    fn mistakes_name_their_line() {
        let error = render("a\n{{ b", json!({})).unwrap_err().to_string();
        assert!(error.starts_with("t.tera:2: "), "{error}");
        let error = render("a\n{{ nothing }}", json!({})).unwrap_err().to_string();
        assert!(error.starts_with("t.tera:2: ") && error.contains("nothing"), "{error}");
    }
}
