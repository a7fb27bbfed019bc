//! Any bytes are read without a panic, and written back as they were.

#![no_main]

use libfuzzer_sys::fuzz_target;
use skillpress::manifest::Manifest;
use skillpress::manifest::skill::Skill;

fuzz_target!(|bytes: &[u8]| {
    let manifest = Manifest::read(bytes);
    assert_eq!(manifest.write(), bytes);
    let text = manifest.source.text();
    for problem in &manifest.problems {
        assert!(text.get(problem.span.range()).is_some());
    }
    let _ = Skill::of(&manifest, None);
});
