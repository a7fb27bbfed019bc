//! The programs that the rules about commands know, and how a command line names one.

/// Programs that run a file or what comes on standard input, and the options by which they are given code instead: the shells of
/// POSIX, Debian and macOS (`/etc/shells`) with fish, and languages that `GTFOBins` has shells of. Names are in lower case.
const INTERPRETERS: [(&[&str], &[&str]); 4] = [
    (&["sh", "bash", "zsh", "dash", "ksh", "fish", "$shell", "${shell}"], &["-c"]),
    (&["python"], &["-c", "-m"]),
    (&["perl", "ruby", "node", "php"], &["-e", "-n", "-p", "-l", "-a", "-E", "-r"]),
    (&["source", "."], &[]),
];

/// The same for Windows, whose options have other forms.
const IN_WINDOWS: [&str; 4] = ["powershell", "pwsh", "iex", "invoke-expression"];

/// Programs that run the one that is named next, and what stands before a command where a terminal is shown.
const RUNNERS: [&str; 10] = ["sudo", "doas", "env", "command", "exec", "nohup", "time", "busybox", "\\", "$"];

/// Programs that show a file or compare it with what its maker says of it; those whose names end in `sum` besides.
const CHECKERS: [&str; 9] = ["gpg", "cosign", "minisign", "openssl", "less", "more", "cat", "head", "get-filehash"];

/// The words of a command from the program on that it runs in the end.
fn words(command: &str) -> impl Iterator<Item = &str> {
    let (mut is_run, mut is_value) = (false, false);
    command.split_whitespace().skip_while(move |word| {
        let is_runner = RUNNERS.contains(word);
        let skipped = is_value || is_runner || word.contains('=') || is_run && word.starts_with('-');
        (is_run, is_value) = (is_run || is_runner, matches!(*word, "-u" | "-g"));
        skipped
    })
}

/// A program as the tables have it: without its folder, its version, quotes and what a shell ignores.
fn name(word: &str) -> String {
    let path = word.replace(['"', '\'', '\\'], "").to_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".exe");
    let without_version = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if without_version.is_empty() { name } else { without_version }.to_owned()
}

/// The options by which an interpreter is given code; nothing for other programs.
fn code_options(name: &str) -> Option<&'static [&'static str]> {
    INTERPRETERS.iter().find(|(names, _)| names.contains(&name)).map(|(_, options)| *options)
}

/// Whether a word names a program that runs a file.
pub(super) fn is_interpreter(word: &str) -> bool {
    code_options(&name(word)).is_some()
}

/// Whether a command line ends in a program that runs what it is given on standard input.
pub(super) fn pipes_into_interpreter(line: &str) -> bool {
    line.split('|').skip(1).any(|part| {
        let mut words = words(part.trim_start_matches('&'));
        let word = words.next().unwrap_or_default().trim_start_matches('(');
        let end = word.find([';', '&', '<', '>', ')', '`']).unwrap_or(word.len());
        let ends = end < word.len() || word.ends_with(['"', '\'']);
        let name = name(&word[..end]);
        IN_WINDOWS.contains(&name.as_str())
            || name != "." && code_options(&name).is_some_and(|options| ends || !is_given_code(words, options))
    })
}

/// Whether an interpreter's arguments name a script or hold the code, so that standard input is no more than data to it.
fn is_given_code<'a>(arguments: impl Iterator<Item = &'a str>, options: &[&str]) -> bool {
    for argument in arguments {
        if matches!(argument, "-" | "-s" | "--" | "/dev/stdin")
            || argument.starts_with([';', '&', ')', '"', '\'', '`', '#', '>', '<', '2'])
        {
            return false;
        }
        if options.iter().any(|option| argument.starts_with(option)) || !argument.starts_with('-') {
            return true;
        }
    }
    false
}

/// Whether a command runs the file of this name: by its path, or with an interpreter.
pub(super) fn runs_file(command: &str, file: &str) -> bool {
    let is_it = |word: &str| file_name(word) == file;
    let mut words = words(command);
    let Some(program) = words.next() else { return false };
    if is_it(program) {
        // What is looked for on the search path is another one, but Windows looks in the folder one is in as well.
        return program.contains(['/', '\\']) || file.contains('.');
    }
    let name = name(program);
    if IN_WINDOWS.contains(&name.as_str()) {
        return words.any(is_it);
    }
    let Some(options) = code_options(&name) else { return false };
    let mut words = words.take_while(|word| !options.iter().any(|option| word.starts_with(option)));
    words.find(|word| !word.starts_with('-')).is_some_and(is_it)
}

/// Whether a command, or a comment that tells to, looks at a file before it is run.
pub(super) fn checks(command: &str) -> bool {
    const LOOKS: [&str; 6] = ["review", "inspect", "read", "look", "check", "verify"];
    if command.trim_start().starts_with('#') {
        let comment = command.to_lowercase();
        return LOOKS.iter().any(|look| comment.contains(look));
    }
    let name = words(command).next().map(name).unwrap_or_default();
    name.ends_with("sum") || CHECKERS.contains(&name.as_str())
}

/// The last part of a path or an address.
pub(super) fn file_name(path: &str) -> &str {
    let path = path.trim_matches(['"', '\'']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_with_a_script_of_its_own_reads_data() {
        for line in [
            "a | sh",
            "a | sudo -E bash -",
            "a | sudo -u root bash",
            "a | bash -s -- --yes",
            "a | python3 -u -",
            "a | python3.12",
            "$(a | sh)",
            "a | sh >log",
            "a | sh>log",
            "a | sh&&b",
            "a |& bash",
            "a | exec \"bash\"",
            "a | b\\ash",
            "a | $SHELL",
            "a | source /dev/stdin",
            "a | IEX",
            "a | Invoke-Expression",
        ] {
            assert!(pipes_into_interpreter(line), "{line}");
        }
        for line in [
            "a | python3 -m json.tool",
            "a | python3 -c 'x'",
            "a | perl -pe 's/a/b/'",
            "a | node sort.js",
            "a | jq '.[] | . '",
            "a | sudo tee b",
            "a | php sort.php",
        ] {
            assert!(!pipes_into_interpreter(line), "{line}");
        }
    }

    #[test]
    fn a_file_is_run_by_its_path_or_by_an_interpreter() {
        for command in
            ["bash x.sh", "sudo -E sh -x /tmp/x.sh --yes", "./x.sh", "$ . x.sh", "python3.12 \"$TMP/x.sh\"", "x.sh"]
        {
            assert!(runs_file(command, "x.sh"), "{command}");
        }
        assert!(runs_file(".\\x.ps1", "x.ps1") && runs_file("powershell -ExecutionPolicy Bypass -File x.ps1", "x.ps1"));
        for command in ["python sort.py x.sh", "chmod +x x.sh", "python -m json.tool x.sh", "bash -c x.sh", "-o x.sh"] {
            assert!(!runs_file(command, "x.sh"), "{command}");
        }
        assert!(!runs_file("tool list", "tool") && runs_file("./tool list", "tool"));
    }
}
