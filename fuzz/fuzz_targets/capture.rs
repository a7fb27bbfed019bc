//! Any bytes taken for a damaged copy.

#![no_main]

use libfuzzer_sys::fuzz_target;
use skillpress::capture::{self, Options};

fuzz_target!(|bytes: &[u8]| {
    let _ = capture::import("copy", bytes, &Options::default());
});
