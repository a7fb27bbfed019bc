//! Any bytes taken for what a git server says: no panic, and nothing comes out that was not in them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use skillpress::source::git::take_for_any_answer;

fuzz_target!(|bytes: &[u8]| {
    // Two versions of the protocol have a pack in their answers.
    assert!(take_for_any_answer(bytes) <= 2 * bytes.len());
});
