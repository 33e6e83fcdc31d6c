# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# Maven as the other scripts run it, and what of its output is worth showing while it runs.

maven() {
    cd "$SCX_ROOT" && ./mvnw -B -ntp -Dstyle.color=never "$@"
}

# A progress reader for step: modules as they begin, what the virtual machine's driver says, failures.
maven_progress() {
    local line
    local module='^\[INFO\] Building ([^ ]+) .*\[([0-9]+)/([0-9]+)\]'
    local failed='^\[ERROR\] +([A-Za-z0-9_.]+:[0-9]+.*)'
    while IFS= read -r line; do
        if [[ $line =~ $module ]]; then
            say "  ${BASH_REMATCH[1]} (${BASH_REMATCH[2]} of ${BASH_REMATCH[3]})"
        elif [[ $line == 'vm: '* ]]; then
            say "    ${line#vm: }"
        elif [[ $line =~ $failed ]]; then
            say "    FAILED ${BASH_REMATCH[1]}"
        fi
    done
}

# The time of each module, from the log of a finished build, as a table's lines.
maven_module_times() {
    sed -nE 's/^\[INFO\] ([^ ]+) \.{3,} (SUCCESS|FAILURE|SKIPPED)( \[ *(.*)\])?$/\2\t\4\t\1/p' "$1" |
        awk -F '\t' '{ printf "%16s  %-8s %s\n", $2 == "" ? "-" : $2, tolower($1), $3 }'
}

# Of the log of a failed build: the errors, without Maven's advice and repetitions, and the first lines of what failed
# tests had to say.
maven_errors() {
    awk '
        /<<< (FAILURE|ERROR)!$/ { say = 10 }
        /^\[ERROR\] *(\[Help|See dump files|To see the full|Re-run Maven|For more information|After correct|mvn |$)/ { next }
        { sub(/ -> \[Help 1\]$/, "") }
        /^\[INFO\]/ { say = 0 }
        (say-- > 0 || /^\[ERROR\]/ || /: expected "SPDX/) && !seen[$0]++ { print }
    ' "$1" | sed -n 1,60p
}
