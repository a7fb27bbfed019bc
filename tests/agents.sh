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

# agent's id, then its own command: it lists the skills that `lint --clients` says it loads, and no others
compare() {
    id=$1
    shift
    rm -rf "$world/home" && mkdir -p "$world/home"
    skills=$world/home/.agents/skills
    manifest() {
        mkdir -p "$skills/$1" && printf '%b' "$2" >"$skills/$1/SKILL.md"
    }
    what='description: Sorts parcels.'
    manifest sound "---\nname: sound\n$what\n---\n# A\n"
    manifest marked "\0357\0273\0277---\nname: marked\n$what\n---\n# A\n"
    manifest blank "\n---\nname: blank\n$what\n---\n# A\n"
    manifest trailing "--- \nname: trailing\n$what\n--- \n"
    manifest colon "---\nname: colon\n$what: all of them\n---\n# A\n"
    manifest mute "---\nname: mute\ndescription:\n---\n# A\n"
    manifest twice "---\nname: twice\n$what\n$what\n---\n# A\n"
    manifest nameless-one "---\n$what\n---\n# A\n"
    run "$@" >"$world/listed" || true
    run "$program" lint --clients --json --client "$id" "$skills" >"$world/table" || true
    for skill in sound marked blank trailing colon mute twice nameless-one; do
        said=$(grep -A5 "/$skill/SKILL.md\"" "$world/table" | grep -o '"outcome": "[a-z]*"' | cut -d'"' -f4)
        seen=drops
        grep -q "/$skill/SKILL.md" "$world/listed" && seen=loads
        if [ "$seen" = drops ] && [ "$said" != drops ] || [ "$seen" = loads ] && [ "$said" = drops ]; then
            echo "FAILED: $id $seen $skill, and the table says $said"
            failed=1
        fi
    done
    echo "ok: $id compared with the table"
}

check gemini-cli chatrace gemini skills list
check opencode chatra opencode debug skill
check codex chaport codex debug prompt-input
compare gemini-cli gemini skills list
compare opencode opencode debug skill
compare codex codex debug prompt-input
exit $failed
