//! The commands in the documentation, run as they stand there.

#[test]
fn the_pages_show_what_the_program_prints() {
    let home = tempfile::tempdir().unwrap();
    trycmd::TestCases::new()
        .register_bin("skillpress", std::path::Path::new(env!("CARGO_BIN_EXE_skillpress")))
        .env("HOME", home.path().to_string_lossy())
        .case("tests/cmd/*.md");
}

#[test]
fn the_settings_of_the_pages_are_settings() {
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut seen = 0;
    for page in std::fs::read_dir(pages).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(&page) else { continue };
        for block in text.split("```toml\n").skip(1) {
            let sandbox = crate::sandbox::Sandbox::new();
            sandbox.write("skillpress.toml", block.split("```").next().unwrap());
            let ran = sandbox.run(["lint", "."]);
            assert!(!ran.stderr.contains("skillpress.toml"), "{}: {}", page.display(), ran.stderr);
            seen += 1;
        }
    }
    assert!(seen >= 2, "the pages say how to configure");
}
