//! The commands in the documentation, run as they stand there.

#[test]
fn the_pages_show_what_the_program_prints() {
    let home = tempfile::tempdir().unwrap();
    trycmd::TestCases::new()
        .register_bin("skillpress", std::path::Path::new(env!("CARGO_BIN_EXE_skillpress")))
        .env("HOME", home.path().to_string_lossy())
        .case("tests/cmd/*.md");
}
