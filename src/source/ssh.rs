//! The ssh that `git` is told to use where nobody can be asked: the user's own, and silent.

/// How the environment says that ssh is run.
#[derive(Debug, Clone, Default)]
pub struct Ssh {
    command: Option<String>,
    program: Option<String>,
    variant: Option<String>,
}

impl Ssh {
    /// Takes what git takes: `GIT_SSH_COMMAND`, `GIT_SSH` and `GIT_SSH_VARIANT`.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self { command: said("GIT_SSH_COMMAND"), program: said("GIT_SSH"), variant: said("GIT_SSH_VARIANT") }
    }

    /// The command as it asks nobody; `setting` gives what git's settings say, which stands between the two variables.
    pub(super) fn silent(&self, setting: impl Fn(&str) -> Option<String>) -> String {
        let quoted = |program: &String| format!("'{}'", program.replace('\'', r"'\''"));
        let command = self.command.clone().or_else(|| setting("core.sshCommand"));
        let command = command.or_else(|| self.program.as_ref().map(quoted)).unwrap_or_else(|| "ssh".to_owned());
        let variant = self.variant.clone().or_else(|| setting("ssh.variant")).unwrap_or_else(|| "auto".to_owned());
        match if variant == "auto" { variant_of(&command) } else { variant } {
            variant if variant == "plink" || variant == "putty" => command + " -batch",
            // These have no such option, or git gives it to them.
            variant if variant == "simple" || variant == "tortoiseplink" => command,
            _ => command + " -o BatchMode=yes",
        }
    }
}

/// What git takes a command for by its name.
fn variant_of(command: &str) -> String {
    let program = match command.strip_prefix(['\'', '"']) {
        Some(quoted) => quoted.split(['\'', '"']).next(),
        None => command.split_whitespace().next(),
    };
    let name = program.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_ssh_is_made_silent() {
        let silent = |variables: &[(&str, &str)], settings: &[(&str, &str)]| {
            let of = |from: &[(&str, &str)], name: &str| {
                from.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            Ssh::of(|name| of(variables, name)).silent(|name| of(settings, name))
        };
        let key = ("core.sshCommand", "ssh -i key");
        assert_eq!(silent(&[], &[]), "ssh -o BatchMode=yes");
        assert_eq!(silent(&[], &[key]), "ssh -i key -o BatchMode=yes");
        assert_eq!(silent(&[("GIT_SSH_COMMAND", "ssh -v")], &[key]), "ssh -v -o BatchMode=yes");
        assert_eq!(silent(&[("GIT_SSH", "/x/it's")], &[key]), "ssh -i key -o BatchMode=yes");
        assert_eq!(silent(&[("GIT_SSH", "/x/it's")], &[]), r"'/x/it'\''s' -o BatchMode=yes");
        assert_eq!(silent(&[("GIT_SSH", r"C:\My Programs\PLINK.EXE")], &[]), r"'C:\My Programs\PLINK.EXE' -batch");
        assert_eq!(silent(&[("GIT_SSH_COMMAND", "wrap")], &[("ssh.variant", "simple")]), "wrap");
        assert_eq!(silent(&[("GIT_SSH_COMMAND", "wrap"), ("GIT_SSH_VARIANT", "putty")], &[]), "wrap -batch");
    }
}
