//! Where the reasons for the rules are written.

use crate::lint::rule::Evidence;

const fn spec(title: &'static str, url: &'static str) -> Evidence {
    Evidence { title, url }
}

pub(super) const SPEC_STRUCTURE: Evidence =
    spec("Agent Skills specification, directory structure", "https://agentskills.io/specification#directory-structure");
pub(super) const SPEC_FORMAT: Evidence =
    spec("Agent Skills specification, SKILL.md format", "https://agentskills.io/specification#skill-md-format");
pub(super) const SPEC_FRONTMATTER: Evidence =
    spec("Agent Skills specification, frontmatter", "https://agentskills.io/specification#frontmatter");
pub(super) const SPEC_NAME: Evidence =
    spec("Agent Skills specification, `name` field", "https://agentskills.io/specification#name-field");
pub(super) const SPEC_DESCRIPTION: Evidence =
    spec("Agent Skills specification, `description` field", "https://agentskills.io/specification#description-field");
pub(super) const SPEC_LICENSE: Evidence =
    spec("Agent Skills specification, `license` field", "https://agentskills.io/specification#license-field");
pub(super) const SPEC_COMPATIBILITY: Evidence = spec(
    "Agent Skills specification, `compatibility` field",
    "https://agentskills.io/specification#compatibility-field",
);
pub(super) const SPEC_METADATA: Evidence =
    spec("Agent Skills specification, `metadata` field", "https://agentskills.io/specification#metadata-field");
pub(super) const SPEC_ALLOWED_TOOLS: Evidence = spec(
    "Agent Skills specification, `allowed-tools` field",
    "https://agentskills.io/specification#allowed-tools-field",
);
pub(super) const SPEC_DISCLOSURE: Evidence = spec(
    "Agent Skills specification, progressive disclosure",
    "https://agentskills.io/specification#progressive-disclosure",
);
pub(super) const YAML_PRINTABLE: Evidence =
    spec("YAML 1.2.2, section 5.1, character set", "https://yaml.org/spec/1.2.2/#51-character-set");
pub(super) const YAML_MAPPING: Evidence =
    spec("YAML 1.2.2, section 3.2.1.1, nodes", "https://yaml.org/spec/1.2.2/#3211-nodes");
pub(super) const SPEC_REFERENCES: Evidence =
    spec("Agent Skills specification, file references", "https://agentskills.io/specification#file-references");
pub(super) const APP_SKILLS: Evidence =
    spec("membranedev/application-skills, the form of app skills", "https://github.com/membranedev/application-skills");
pub(super) const GFM_TABLES: Evidence =
    spec("GitHub Flavored Markdown, tables", "https://github.github.com/gfm/#tables-extension-");
pub(super) const COMMONMARK_FENCES: Evidence =
    spec("CommonMark 0.31, fenced code blocks", "https://spec.commonmark.org/0.31.2/#fenced-code-blocks");
pub(super) const COMMONMARK_BREAKS: Evidence =
    spec("CommonMark 0.31, hard line breaks", "https://spec.commonmark.org/0.31.2/#hard-line-breaks");
pub(super) const COMMONMARK_NUL: Evidence =
    spec("CommonMark 0.31, insecure characters", "https://spec.commonmark.org/0.31.2/#insecure-characters");
pub(super) const SPEC_BODY: Evidence =
    spec("Agent Skills specification, body content", "https://agentskills.io/specification#body-content");
pub(super) const WCAG_HEADINGS: Evidence =
    spec("W3C, WAI tutorial on headings", "https://www.w3.org/WAI/tutorials/page-structure/headings/");
pub(super) const SUPPRESSIONS: Evidence =
    spec("skillpress, suppression comments", "https://github.com/membranedev/skillpress/blob/main/docs/lint.md");
pub(super) const UNICODE_TAGS: Evidence =
    spec("The Unicode Standard, tag characters", "https://www.unicode.org/charts/PDF/UE0000.pdf");
pub(super) const UNICODE_SECURITY: Evidence =
    spec("Unicode Technical Report 36, security considerations", "https://www.unicode.org/reports/tr36/");
pub(super) const UNICODE_CONFUSABLES: Evidence =
    spec("Unicode Technical Standard 39, security mechanisms", "https://www.unicode.org/reports/tr39/");
pub(super) const UNICODE_VARIATION: Evidence =
    spec("Unicode variation sequences, frequently asked questions", "https://www.unicode.org/faq/vs.html");
pub(super) const TROJAN_SOURCE: Evidence =
    spec("Trojan Source: invisible vulnerabilities", "https://trojansource.codes/");
pub(super) const PROMPT_INJECTION: Evidence =
    spec("OWASP, LLM01 prompt injection", "https://genai.owasp.org/llmrisk/llm01-prompt-injection/");
pub(super) const CURL_BASH: Evidence =
    spec("CWE-494, download of code without integrity check", "https://cwe.mitre.org/data/definitions/494.html");
pub(super) const ATTACK_OBFUSCATION: Evidence =
    spec("MITRE ATT&CK, T1027 obfuscated files or information", "https://attack.mitre.org/techniques/T1027/");
pub(super) const STEALING_CREDENTIALS: Evidence =
    spec("MITRE ATT&CK, T1552.001 credentials in files", "https://attack.mitre.org/techniques/T1552/001/");
pub(super) const SECRETS: Evidence =
    spec("CWE-798, use of hard-coded credentials", "https://cwe.mitre.org/data/definitions/798.html");
pub(super) const GITLEAKS: Evidence =
    spec("gitleaks, the default rules", "https://github.com/gitleaks/gitleaks/blob/v8.30.1/config/gitleaks.toml");
pub(super) const ZIP_SLIP: Evidence = spec("CWE-22, path traversal", "https://cwe.mitre.org/data/definitions/22.html");
pub(super) const CODEX_LOADER: Evidence = spec(
    "Codex, the loader of skills",
    "https://github.com/openai/codex/blob/e51b9d1d5654b70b31cfd7cd935ebc25ea896576/codex-rs/core-skills/src/loader.rs",
);
pub(super) const GEMINI_LOADER: Evidence = spec(
    "Gemini CLI, the loader of skills",
    "https://github.com/google-gemini/gemini-cli/blob/ecab169ecc9516459af584e284781027d7a1be4c/packages/core/src/skills/skillLoader.ts",
);
pub(super) const OPENCODE_LOADER: Evidence = spec(
    "opencode, the loader of skills",
    "https://github.com/anomalyco/opencode/blob/a2cc772e5579e2bcd330c86a790462cf44dc67ca/packages/opencode/src/skill/index.ts",
);
pub(super) const OPENCODE_DOCS: Evidence = spec("opencode, agent skills", "https://opencode.ai/v1/docs/skills/");
pub(super) const VSCODE_LOADER: Evidence = spec(
    "VS Code, how skills are found",
    "https://github.com/microsoft/vscode/blob/00eacc909d2d1c228288ecea53aca4de80064e4f/src/vs/workbench/contrib/chat/common/\
     promptSyntax/service/promptsServiceImpl.ts",
);
pub(super) const VSCODE_PARSER: Evidence = spec(
    "VS Code, how their frontmatter is read",
    "https://github.com/microsoft/vscode/blob/01a59900a295505f0a2e76dad372aeeeff5d3cbd/src/vs/workbench/contrib/chat/common/\
     promptSyntax/promptFileParser.ts",
);
pub(super) const VSCODE_FIELDS: Evidence = spec(
    "VS Code, the fields of skills",
    "https://github.com/microsoft/vscode/blob/047238f9fe1b7661362b3f27cfbddd503339cb1b/src/vs/workbench/contrib/chat/common/\
     promptSyntax/languageProviders/promptFileAttributes.ts",
);
pub(super) const VSCODE_DOCS: Evidence =
    spec("VS Code, agent skills", "https://code.visualstudio.com/docs/agent-customization/agent-skills");
pub(super) const COPILOT_CLI: Evidence = spec(
    "GitHub Copilot CLI 1.0.102, asked for its list of skills",
    "https://www.npmjs.com/package/@github/copilot/v/1.0.102",
);
pub(super) const COPILOT_DOCS: Evidence = spec(
    "GitHub Copilot, adding agent skills",
    "https://docs.github.com/en/copilot/how-tos/copilot-on-github/customize-copilot/customize-cloud-agent/add-skills",
);
pub(super) const CURSOR_LOADER: Evidence = spec(
    "Cursor SDK 1.0.32, the loader of skills",
    "https://www.npmjs.com/package/@cursor/sdk/v/1.0.32?activeTab=code",
);
pub(super) const CURSOR_DOCS: Evidence = spec("Cursor, agent skills", "https://www.cursor.com/docs/context/skills");
pub(super) const CLAUDE_CODE_LOADER: Evidence = spec(
    "Claude Code 2.1.332, the loader of skills",
    "https://www.npmjs.com/package/@anthropic-ai/claude-code/v/2.1.332",
);
pub(super) const CLAUDE_FRONTMATTER: Evidence =
    spec("Claude Code, frontmatter reference", "https://code.claude.com/docs/en/skills#frontmatter-reference");
pub(super) const CLAUDE_PLATFORM: Evidence = spec(
    "Claude, Agent Skills overview, field requirements",
    "https://platform.claude.com/docs/en/agents-and-tools/agent-skills/overview",
);
pub(super) const BASH_GRAMMAR: Evidence =
    spec("GNU Bash manual, shell syntax", "https://www.gnu.org/software/bash/manual/html_node/Shell-Syntax.html");
pub(super) const POSIX_REDIRECTION: Evidence = spec(
    "POSIX.1-2024, shell command language, redirection",
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07",
);
pub(super) const SUPPLY_CHAIN: Evidence = spec(
    "OWASP Top 10 CI/CD risks, dependency chain abuse",
    "https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse",
);
pub(super) const CODEX_BUDGET: Evidence =
    spec("Codex: what of all skills is told to the model", "https://github.com/openai/codex/pull/18298");
pub(super) const CLAUDE_BUDGET: Evidence =
    spec("Claude Code: skills, what is listed of them", "https://code.claude.com/docs/en/skills");
