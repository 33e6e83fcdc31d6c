# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# What every command of ./scx shares: output, steps with their times and logs, the list of schedulers.
# Sourced by ./scx, which has set SCX_ROOT.

LOGS=$SCX_ROOT/target/logs

# The steps so far, for the table at the end; filled by record.
STEP_NAMES=()
STEP_SECONDS=()
STEP_OUTCOMES=()

# say TEXT: one progress line, with the seconds since the start.
say() {
    printf '%5d s  %s\n' "$SECONDS" "$*"
}

# die SENTENCE [STATUS]
die() {
    printf 'scx: %s\n' "$1" >&2
    exit "${2:-1}"
}

# show_failure STEP LOG: what matters of the log (its end, or what the command named by DIGEST makes of it), and where
# the whole is.
show_failure() {
    printf '\nscx: %s failed:\n' "$1" >&2
    "${DIGEST:-the_end}" "$2" | sed 's/^/  | /' >&2
    printf 'The whole log: %s\n\n' "$2" >&2
}

# step NAME LOG COMMAND...: runs the command with its output in LOG, records name, time and outcome;
# returns its status. The function named by PROGRESS (if set) sees each line as it comes and may say something.
# The command runs in a subshell where errexit does not hold: it is a program, or a function that returns its status.
step() {
    local name=$1 log=$LOGS/$2.log started=$SECONDS status codes
    shift 2
    say "$name"
    mkdir -p "$LOGS"
    rm -f "$log" # it may belong to root, from a run with sudo
    if "$@" </dev/null 2>&1 | tee "$log" | "${PROGRESS:-quietly}"; then
        status=0
    else
        codes=("${PIPESTATUS[@]}")
        # The command's own status; a full disk under tee is a failure too.
        status=$((codes[0] != 0 ? codes[0] : 1))
    fi
    if ((status == 0)); then
        record "$name" "$started" ok
    else
        record "$name" "$started" FAILED
        show_failure "$name" "$log"
    fi
    return "$status"
}

# record NAME STARTED OUTCOME: one line of the table.
record() {
    STEP_NAMES+=("$1")
    STEP_SECONDS+=($((SECONDS - $2)))
    STEP_OUTCOMES+=("$3")
}

the_end() {
    tail -n 40 "$1"
}

# Progress readers for step.
quietly() {
    cat >/dev/null
}

aloud() {
    local line
    while IFS= read -r line; do
        say "  $line"
    done
}

# The table of all steps, with the total.
step_table() {
    local i
    printf '\n%8s  %-7s %s\n' seconds outcome step
    for i in "${!STEP_NAMES[@]}"; do
        printf '%8d  %-7s %s\n' "${STEP_SECONDS[i]}" "${STEP_OUTCOMES[i]}" "${STEP_NAMES[i]}"
    done
    printf '%8d  %-7s %s\n' "$SECONDS" '' total
}

# A scheduler NAME is a folder scx-NAME whose jar names a main class.
scheduler_names() {
    local pom
    for pom in "$SCX_ROOT"/scx-*/pom.xml; do
        if grep '<mainClass>' "$pom" >/dev/null; then
            pom=$(basename "$(dirname "$pom")")
            echo "${pom#scx-}"
        fi
    done
}
