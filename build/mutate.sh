# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx mutate [NAME...]: takes the defences away one by one and looks whether the test that is there for each fails.
# A mutant is a patch in integration-tests/mutations, with lines before the diff that say what it breaks and which
# test has to notice. It is applied to a copy of the tree, and the copy's own ./scx test runs that test.

. "$SCX_ROOT/build/prerequisites.sh"

MUTATIONS=$SCX_ROOT/integration-tests/mutations
MUTANTS=$SCX_ROOT/target/mutants

# What a test says of a program that the kernel did not even load (SchedulerException): a mutant that nobody could
# run, which every test would "notice".
MUTANT_REFUSED='This kernel refuses the BPF program'

# Of the mutant under way: its process group, 0 if there is none, and its name.
MUTANT_RUN=0
MUTANT_NAME=''

mutate_main() {
    local list=no names=() name killed=0 survived=0 errors=0 outcome
    while (($# > 0)); do
        case $1 in
            --list) list=yes ;;
            -*) die "mutate has no option '$1': ./scx help lists them." 2 ;;
            *) names+=("$1") ;;
        esac
        shift
    done
    ((${#names[@]} > 0)) || mapfile -t names < <(mutate_names)
    mutate_check "${names[@]}"
    if [[ $list == yes ]]; then
        mutate_table "${names[@]}"
        return
    fi

    mutate_prepare "${names[@]}"
    trap mutate_interrupted INT TERM
    for name in "${names[@]}"; do
        mutate_run "$name"
        case $outcome in
            killed) killed=$((killed + 1)) ;;
            SURVIVED) survived=$((survived + 1)) ;;
            *) errors=$((errors + 1)) ;;
        esac
    done
    printf '\n%d mutants: %d killed, %d survived, %d errors\n' "${#names[@]}" "$killed" "$survived" "$errors"
    ((killed == ${#names[@]})) || exit 1
}

# ---- the patches ---------------------------------------------------------------------------------------------

mutate_names() {
    local file
    for file in "$MUTATIONS"/*.patch; do
        basename "$file" .patch
    done
}

# mutate_says NAME WORD: the value of a line before the diff; nothing when there is none.
mutate_says() {
    sed -n '/^--- /q; s/^'"$2"': *//p' "$MUTATIONS/$1.patch"
}

# mutate_check NAME...: that they exist and say what they have to, before anything is built.
mutate_check() {
    local name word
    for name; do
        [[ -f $MUTATIONS/$name.patch ]] || die "there is no mutant '$name': ./scx mutate --list lists them." 2
        for word in Breaks Red; do
            [[ -n $(mutate_says "$name" "$word") ]] || die "integration-tests/mutations/$name.patch has no line '$word: '."
        done
        # In a unit test nothing is tagged.
        [[ -z $(mutate_says "$name" Unit) || -z $(mutate_says "$name" Full) ]] ||
            die "integration-tests/mutations/$name.patch says both Unit and Full."
    done
}

# As docs/testing.md has it.
mutate_table() {
    local name red
    printf '| mutant | what it breaks | has to turn red |\n|---|---|---|\n'
    for name; do
        red=$(mutate_says "$name" Red)
        # shellcheck disable=SC2016 # not a command: Markdown's quotes
        printf '| %s | %s | `%s`%s%s |\n' "$name" "$(mutate_says "$name" Breaks)" "${red//,/\`, \`}" \
            "$([[ -z $(mutate_says "$name" Full) ]] || echo ', full')" \
            "$([[ -z $(mutate_says "$name" Unit) ]] || echo ', unit')"
    done
}

# ---- one mutant ----------------------------------------------------------------------------------------------

# What all copies need is looked for once, and what is missing is said once.
mutate_prepare() {
    local name vm=no
    for name; do
        [[ -n $(mutate_says "$name" Unit) ]] || vm=yes
    done
    command -v git >/dev/null || die 'git is needed to apply the mutations: install the package git.'
    if [[ $vm == yes ]]; then
        prerequisites build vm
        # shellcheck disable=SC2119 # the kernel is the usual one
        prepare_vm || exit 1
    else
        prerequisites build
    fi
    mkdir -p "$MUTANTS"
}

# mutate_run NAME: sets outcome to killed, SURVIVED or ERROR, and prints the mutant's line. The copy of one that was
# not killed stays, to be looked at.
mutate_run() {
    local name=$1 copy=$MUTANTS/$1 log=$MUTANTS/$1.log started=$SECONDS what
    rm -rf "$copy" "$log"
    mutate_copy "$copy"
    if mutate_apply "$name" "$copy" 2>"$log"; then
        mutate_test "$name" "$copy" "$log"
        mutate_judge "$(mutate_says "$name" Red)" < <(mutate_outcomes "$name" "$copy")
    else
        outcome=ERROR what='the patch does not apply'
    fi
    printf '%8s  %-24s %4d s  %s\n' "$outcome" "$name" $((SECONDS - started)) "$what"
    if [[ $outcome == killed ]]; then
        rm -rf "$copy"
    else
        printf '          see %s, and the copy beside it\n' "$log"
    fi
}

# The working copy, with what is not committed yet, without what was built.
mutate_copy() {
    mkdir -p "$1"
    (cd "$SCX_ROOT" && build/list-files | xargs -0 cp -p --parents -t "$1")
}

# git looks for no repository above the copy: it would take the paths for those of the tree the copy lies in.
mutate_apply() {
    (cd "$2" && GIT_CEILING_DIRECTORIES=$MUTANTS git apply "$MUTATIONS/$1.patch")
}

# mutate_test NAME COPY LOG. Its status says nothing that the reports do not say better.
mutate_test() {
    local options=(--only "$(mutate_says "$1" Red)")
    [[ -z $(mutate_says "$1" Full) ]] || options+=(--full)
    [[ -z $(mutate_says "$1" Unit) ]] || options+=(--fast)
    MUTANT_NAME=$1
    # In a process group of its own: an interrupt then comes here alone, and is passed on to all of it.
    set -m
    (
        cd "$2" || exit
        # How the source is laid out and what it depends on is not what is broken.
        export MAVEN_ARGS="${MAVEN_ARGS:-} -Dspotless.check.skip -Denforcer.skip"
        exec ./scx test "${options[@]}"
    ) </dev/null >"$3" 2>&1 &
    MUTANT_RUN=$!
    set +m
    wait "$MUTANT_RUN" || true
    MUTANT_RUN=0
}

# Ends the mutant under way with all it has started; its copy stays.
mutate_interrupted() {
    trap '' INT TERM
    if ((MUTANT_RUN > 0)); then
        kill -TERM -- "-$MUTANT_RUN" 2>/dev/null || true
        wait "$MUTANT_RUN" || true
        printf '\nscx: interrupted at the mutant %s; %s is left.\n' "$MUTANT_NAME" "$MUTANTS/$MUTANT_NAME" >&2
    fi
    exit 130
}

# ---- what became of it ---------------------------------------------------------------------------------------

# mutate_judge RED: reads outcomes, sets outcome, and what to say of it. Only the tests that the mutant names count:
# what else runs because its name contains theirs may fail for reasons of its own.
mutate_judge() {
    local words word result test heard=no refused=no
    local -A ran=() failed=()
    IFS=, read -ra words <<<"$1"
    while read -r result test; do
        heard=yes
        for word in "${words[@]}"; do
            [[ $test == "$word" || $test == "$word".* ]] || continue
            case $result in
                passed) ran[$word]=yes ;;
                failed) ran[$word]=yes failed[$test]=yes ;;
                refused) ran[$word]=yes refused=yes ;;
            esac
        done
    done
    outcome=ERROR what=''
    for word in "${words[@]}"; do
        [[ -n ${ran[$word]:-} ]] || what=${what:+$what and }$word
    done
    if [[ $heard == no ]]; then
        what='no test ran: it does not build, or no guest came up'
    elif [[ -n $what ]]; then
        what="$what did not run"
    elif [[ $refused == yes ]]; then
        what='the kernel refuses the BPF program'
    elif ((${#failed[@]} > 0)); then
        outcome=killed what=$(printf '%s\n' "${!failed[@]}" | sort | paste -sd ,)
    else
        outcome=SURVIVED what=$1
    fi
}

# mutate_outcomes NAME COPY: the tests that its reports tell of, a line each: passed, failed, refused or something
# else, and Class.method.
mutate_outcomes() {
    local report
    if [[ -z $(mutate_says "$1" Unit) ]]; then
        report=$2/integration-tests/target/kernel-report-$DEFAULT_KERNEL.json
        [[ ! -f $report ]] || mutate_kernel_outcomes "$report"
    else
        for report in "$2"/*/target/surefire-reports/TEST-*.xml; do
            [[ ! -f $report ]] || mutate_unit_outcomes "$report"
        done
    fi
}

# Of the file that KernelReport writes: a member of a test is a line, four blanks in; the name comes first, and what
# follows the method in it is the invocation's.
mutate_kernel_outcomes() {
    awk -v refusal="$MUTANT_REFUSED" '
        function report() { if (name != "") print outcome, name }
        sub(/^    "name" : "/, "") { report(); sub(/[^A-Za-z0-9_.$].*/, ""); name = $0; outcome = "unknown"; next }
        sub(/^    "outcome" : "/, "") { sub(/".*/, ""); outcome = $0; next }
        /^    "message" : "/ && outcome == "failed" && index($0, refusal) { outcome = "refused" }
        END { report() }
    ' "$1"
}

# Of a report of surefire, an element a record; what a test has printed is no element.
mutate_unit_outcomes() {
    awk '
        BEGIN { RS = "<" }
        function attribute(name) {
            return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
        }
        function report() { if (method != "") print outcome, type "." method }
        /^!\[CDATA\[/ { text = 1 }
        text { if (index($0, "]]>")) text = 0; next }
        /^testcase / {
            report()
            type = attribute("classname"); sub(/.*\./, "", type); gsub(/\$/, ".", type)
            method = attribute("name"); sub(/[^A-Za-z0-9_$].*/, "", method)
            outcome = "passed"
        }
        /^(failure|error)[ >]/ { outcome = "failed" }
        /^skipped[ \/>]/ { outcome = "skipped" }
        END { report() }
    ' "$1"
}
