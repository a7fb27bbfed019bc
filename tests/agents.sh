#!/bin/sh
# Real agents see what is installed for them.
#
# usage: tests/agents.sh [PROGRAM] [FOLDER]
#
# PROGRAM is the skillpress to test, FOLDER where the agents are put (kept between runs; they are large). Needs node, npm and its
# registry, and is therefore no part of `cargo test`. The agents themselves are asked without a network and with a home folder of
# their own; none of them is signed in anywhere.
set -eu

program=$(realpath "${1:-target/release/skillpress}")
agents=${2:-$(mktemp -d)}
world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
mkdir -p "$world/home" "$world/project" "$agents"
git -C "$world/project" init --quiet

for package in @google/gemini-cli opencode-ai @openai/codex; do
    [ -d "$agents/node_modules/$package" ] || npm install --silent --no-fund --no-audit --prefix "$agents" "$package"
done

run() {
    (cd "$world/project" && env -i PATH="$agents/node_modules/.bin:$PATH" HOME="$world/home" LC_ALL=C.UTF-8 \
        http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 timeout 120 "$@" 2>&1 </dev/null)
}

failed=0
# agent's id, a skill of its own, then the agent's own command
check() {
    id=$1 skill=$2
    shift 2
    rm -rf "$world/home" && mkdir "$world/home"
    run "$program" --offline install "$skill" --agent "$id"
    if run "$@" | grep -q "$skill"; then
        echo "ok: $id lists $skill"
    else
        echo "FAILED: $id does not list $skill"
        failed=1
    fi
}

check gemini-cli chatrace gemini skills list
check opencode chatra opencode debug skill
check codex chaport codex debug prompt-input
exit $failed
