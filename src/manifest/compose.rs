//! The model's overview and actions as Markdown, in the one form that this project writes.

use super::actions;
use super::skill::{ActionsModel, EntityModel, OverviewModel};

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
