//! A clean manifest damaged in the ways that copies on the web are: the counterpart of `skillpress import`, written without it.
//!
//! Works on the lines of the Markdown and knows only what a damaging program would know.

/// What happens to code and emphasis inside of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inline {
    Keep,
    Drop,
    OwnLine,
    Placeholder,
}

/// What happens to lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    Keep,
    Drawn,
    Broken,
    Gone,
}

/// What happens to tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    Keep,
    Flat,
    ShortDelimiter,
    Split,
}

/// What happens to blocks of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    Keep,
    Bare,
    Tagged,
    Placeholder,
}

/// Where a translation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Translation {
    None,
    Woven,
    Appended,
}

/// One mix of damages.
#[expect(clippy::struct_excessive_bools, reason = "each is a damage of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    pub drops_frontmatter: bool,
    pub drops_headings: bool,
    pub drops_blank_lines: bool,
    pub adds_page: bool,
    pub inline: Inline,
    pub lists: Lists,
    pub tables: Tables,
    pub blocks: Blocks,
    pub translation: Translation,
}

/// The kinds of copies that were seen, the first with its page around it.
pub const SEEN: [Mix; 4] = [
    Mix {
        drops_frontmatter: true,
        drops_headings: true,
        drops_blank_lines: false,
        adds_page: true,
        inline: Inline::OwnLine,
        lists: Lists::Drawn,
        tables: Tables::Flat,
        blocks: Blocks::Bare,
        translation: Translation::None,
    },
    Mix {
        drops_frontmatter: true,
        drops_headings: true,
        drops_blank_lines: true,
        adds_page: false,
        inline: Inline::Drop,
        lists: Lists::Gone,
        tables: Tables::ShortDelimiter,
        blocks: Blocks::Bare,
        translation: Translation::None,
    },
    Mix {
        drops_frontmatter: true,
        drops_headings: true,
        drops_blank_lines: false,
        adds_page: false,
        inline: Inline::Drop,
        lists: Lists::Drawn,
        tables: Tables::Flat,
        blocks: Blocks::Tagged,
        translation: Translation::Woven,
    },
    Mix {
        drops_frontmatter: true,
        drops_headings: true,
        drops_blank_lines: true,
        adds_page: false,
        inline: Inline::Placeholder,
        lists: Lists::Broken,
        tables: Tables::Split,
        blocks: Blocks::Placeholder,
        translation: Translation::Appended,
    },
];

/// A stretch of a manifest that is damaged as one.
enum Block {
    Heading(String),
    Text(Vec<String>),
    List(Vec<(usize, String)>),
    Table(Vec<Vec<String>>),
    Code(String, Vec<String>),
}

/// Damages a manifest.
pub fn damage(manifest: &str, mix: Mix) -> String {
    let (front, body) = split(manifest);
    let mut copy = Copy { mix, out: String::new(), inline: 0, blocks: 0 };
    if !mix.drops_frontmatter {
        copy.out.push_str(front);
    } else if mix.adds_page {
        copy.out.push_str("A page about skills\n\ninstall\nmanifest: skills/the-name/SKILL.md\nsource content\n\n");
    }
    let blocks = blocks(body);
    for block in &blocks {
        copy.write(block, false);
        if mix.translation == Translation::Woven {
            copy.write(block, true);
        }
    }
    if mix.translation == Translation::Appended {
        // Code stands in the translation.
        let mut translated = Copy { mix: Mix { blocks: Blocks::Tagged, inline: Inline::Drop, ..mix }, ..copy };
        for block in &blocks {
            translated.write(block, true);
        }
        return translated.out;
    }
    copy.out
}

fn split(manifest: &str) -> (&str, &str) {
    let end = manifest.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n")).map_or(0, |at| 4 + at + 5);
    manifest.split_at(end)
}

fn blocks(body: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = body.lines().peekable();
    let item = |line: &str| {
        let text = line.trim_start();
        text.strip_prefix("- ").map(|text_of| (line.len() - text.len(), text_of.to_owned()))
    };
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with('#') {
            blocks.push(Block::Heading(line.to_owned()));
        } else if let Some(tag) = line.trim().strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| line.trim() != "```").map(|line| line.trim().to_owned());
            blocks.push(Block::Code(tag.to_owned(), code.collect()));
        } else if let Some(first) = item(line) {
            let mut items = vec![first];
            while let Some(next) = lines.peek().and_then(|line| item(line)) {
                items.push(next);
                lines.next();
            }
            blocks.push(Block::List(items));
        } else if line.starts_with('|') {
            let cells = |line: &str| -> Vec<String> {
                let line = line.replace("\\|", "\u{1}");
                line.trim().trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "\\|")).collect()
            };
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                if !row.chars().all(|c| "|-: ".contains(c)) {
                    rows.push(cells(row));
                }
            }
            blocks.push(Block::Table(rows));
        } else {
            let mut text = vec![line.trim().to_owned()];
            let is_text =
                |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '|', '`']) && item(line).is_none();
            while let Some(next) = lines.next_if(is_text) {
                text.push(next.trim().to_owned());
            }
            blocks.push(Block::Text(text));
        }
    }
    blocks
}

struct Copy {
    mix: Mix,
    out: String,
    inline: usize,
    blocks: usize,
}

impl Copy {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.mix.drops_blank_lines {
            self.out.push('\n');
        }
    }

    fn write(&mut self, block: &Block, translated: bool) {
        let words = |text: &str| if translated { translate(text) } else { text.to_owned() };
        match block {
            Block::Heading(heading) => {
                let text = words(heading.trim_start_matches('#').trim());
                let marks = &heading[..heading.len() - heading.trim_start_matches('#').len()];
                let line = if self.mix.drops_headings { text } else { format!("{marks} {text}") };
                self.line(&line);
            }
            Block::Text(lines) => {
                for line in lines {
                    let line = self.text(&words(line), "\n\n");
                    self.line(&line);
                }
            }
            Block::List(items) => self.list(items, &words),
            Block::Table(rows) => self.table(rows, &words),
            Block::Code(tag, code) => self.code(tag, code),
        }
        self.blank();
    }

    /// Text with its code and emphasis as the mix has it.
    fn text(&mut self, text: &str, before_code: &str) -> String {
        if self.mix.inline == Inline::Keep {
            return text.to_owned();
        }
        let mut done = String::new();
        for (at, part) in text.split('`').enumerate() {
            if at % 2 == 0 {
                done.push_str(&part.replace("**", ""));
                continue;
            }
            match self.mix.inline {
                Inline::OwnLine => {
                    done.truncate(done.trim_end().len());
                    if !done.is_empty() {
                        done.push_str(before_code);
                    }
                    done.push_str(part);
                    done.push('\n');
                }
                Inline::Placeholder => {
                    done.push_str("INLINECODE");
                    done.push_str(&self.inline.to_string());
                    self.inline += 1;
                }
                _ => done.push_str(part),
            }
        }
        done.lines().map(str::trim).collect::<Vec<_>>().join("\n")
    }

    fn list(&mut self, items: &[(usize, String)], words: &dyn Fn(&str) -> String) {
        for (at, (indent, item)) in items.iter().enumerate() {
            let item = words(item);
            let text = self.text(&item, "\n");
            let holds_list = items.get(at + 1).is_some_and(|(next, _)| next > indent);
            match self.mix.lists {
                Lists::Keep => self.line(&format!("{:indent$}- {text}", "")),
                Lists::Drawn => self.line(&format!("{:width$}• {text}", "", width = indent + 2)),
                Lists::Gone => {}
                Lists::Broken if holds_list => self.line("-"),
                Lists::Broken if *indent > 0 => self.line(&text),
                Lists::Broken if at == 0 || items[at - 1].0 > 0 => self.line(&format!("- - {text}")),
                Lists::Broken => self.line(&format!("- {text}")),
            }
        }
    }

    fn table(&mut self, rows: &[Vec<String>], words: &dyn Fn(&str) -> String) {
        for (at, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| {
                    let is_key = cell.contains('-') && !cell.contains(' ');
                    let cell = if is_key { cell.clone() } else { words(cell) };
                    self.text(&cell, "\n")
                })
                .collect();
            match self.mix.tables {
                Tables::Flat => self.line(&cells.concat().replace("\\|", "|")),
                Tables::Split if at % 2 == 1 && cells.len() > 2 => {
                    self.line(&format!("| {} |", cells[0]));
                    self.line(&format!("{} |", cells[1..].join(" | ")));
                }
                _ => self.line(&format!("| {} |", cells.join(" | "))),
            }
            if at == 0 {
                match self.mix.tables {
                    Tables::Flat => {}
                    Tables::Keep => self.line(&format!("|{}", " --- |".repeat(row.len()))),
                    Tables::ShortDelimiter | Tables::Split => self.line("|---|"),
                }
            }
        }
    }

    fn code(&mut self, tag: &str, code: &[String]) {
        match self.mix.blocks {
            Blocks::Keep => self.line(&format!("```{tag}")),
            Blocks::Tagged if !tag.is_empty() => self.line(tag),
            _ => {}
        }
        if self.mix.blocks == Blocks::Placeholder {
            let number = self.blocks;
            self.line(&format!("CODEBLOCK{number}"));
        } else {
            for line in code {
                self.line(line);
            }
        }
        self.blocks += 1;
        if self.mix.blocks == Blocks::Keep {
            self.line("```");
        }
    }
}

/// Words of Latin letters become signs of another script; names with capitals inside, code, addresses and numbers stay.
fn translate(text: &str) -> String {
    let mut in_code = false;
    let mut done = String::new();
    for word in text.split(' ') {
        let code_before = in_code;
        in_code ^= word.matches('`').count() % 2 == 1;
        let stays = code_before || word.contains(['`', '/', '_', '=']) || word.starts_with("--");
        if stays || !word.chars().any(|c| c.is_ascii_lowercase()) {
            done.push_str(word);
            continue;
        }
        let marks = word.matches("**").count();
        if marks > 0 && word.starts_with("**") {
            done.push_str("**");
        }
        let sum: u32 = word.bytes().map(u32::from).sum();
        done.extend([sum, sum / 3].map(|seed| char::from_u32(0x4e00 + seed % 0x4000).unwrap_or('字')));
        if marks == 2 || marks == 1 && !word.starts_with("**") {
            done.push_str("**");
        }
        match word.trim_end_matches("**").chars().last() {
            Some('.') => done.push('。'),
            Some(':') => done.push(':'),
            _ => {}
        }
    }
    done
}
