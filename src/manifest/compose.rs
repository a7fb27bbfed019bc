//! The model as Markdown, in the one form that this project writes where no template says otherwise.

use super::actions;
use super::skill::{ActionsModel, EntityModel, OverviewModel, Skill};
use super::yaml;
use crate::error::Result;

/// What a model knows, as a manifest with nothing around it.
pub fn manifest(skill: &Skill) -> Result<String> {
    let fields = skill.frontmatter.to_map();
    let yaml = if fields.is_empty() { String::new() } else { yaml::to_string(&fields)? };
    let mut text = format!("---\n{yaml}---\n");
    let title = skill.title.as_deref().or(skill.frontmatter.name.as_deref()).unwrap_or_default();
    let mut block = |block: &str| {
        if !block.is_empty() {
            for part in ["\n", block, "\n"] {
                text.push_str(part);
            }
        }
    };
    if !title.is_empty() {
        block(&format!("# {title}"));
    }
    block(skill.summary.as_deref().unwrap_or_default());
    if let Some(url) = &skill.docs_url {
        block(&format!("Official docs: {url}"));
    }
    if let Some(tree) = &skill.overview {
        block(&format!("## {title} Overview"));
        block(&overview(tree));
    }
    if let Some(table) = &skill.actions {
        block("## Popular actions");
        block(&actions(table));
    }
    Ok(text)
}

/// The overview's text: intro, tree, guidance, a blank line between them, no line end at the end.
pub fn overview(overview: &OverviewModel) -> String {
    let mut tree = String::new();
    entities(&overview.entities, 0, &mut tree);
    let parts = [overview.intro.as_deref(), Some(tree.trim_end()), overview.guidance.as_deref()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The table of actions, or the sentence in its place, no line end at the end.
pub fn actions(actions: &ActionsModel) -> String {
    if actions.rows.is_empty() {
        return actions.fallback.clone().unwrap_or_default();
    }
    let mut table = "| Name | Key | Description |\n| --- | --- | --- |".to_owned();
    for row in &actions.rows {
        for (at, cell) in [&row.name, &row.key, &row.description].into_iter().enumerate() {
            table.push_str(if at == 0 { "\n| " } else { " | " });
            table.push_str(&actions::escape(cell));
        }
        table.push_str(" |");
    }
    table
}

fn entities(level: &[EntityModel], depth: usize, tree: &mut String) {
    for entity in level {
        // A damaged copy may have lost a name; what stands under it is written in its place.
        if entity.name.is_empty() {
            entities(&entity.children, depth, tree);
            continue;
        }
        for part in [&"  ".repeat(depth), "- **", &entity.name, "**"] {
            tree.push_str(part);
        }
        if let Some(note) = &entity.note {
            tree.push_str(" — ");
            tree.push_str(note);
        }
        tree.push('\n');
        entities(&entity.children, depth + 1, tree);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_without_a_name_gives_way_to_its_children() {
        let named = |name: &str| EntityModel { name: name.to_owned(), ..EntityModel::default() };
        let lost = EntityModel { children: vec![named("Crumb")], ..EntityModel::default() };
        let model = OverviewModel { entities: vec![lost, named("Oven")], ..OverviewModel::default() };
        assert_eq!(overview(&model), "- **Crumb**\n- **Oven**");
    }
}
