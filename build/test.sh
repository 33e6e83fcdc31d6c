# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx test: the gate. .ci/run is nothing but this.

. "$SCX_ROOT/build/prerequisites.sh"

test_main() {
    local mode=gate only='' failed=0 options=()
    while (($# > 0)); do
        case $1 in
            --fast | --full) mode=${1#--} ;;
            --only)
                (($# > 1)) || die '--only needs a pattern.' 2
                only=$2
                shift
                ;;
            *) die "test has no option '$1': ./scx help lists them." 2 ;;
        esac
        shift
    done

    # Only reports of this run count.
    rm -rf "$SCX_ROOT"/*/target/{surefire,failsafe}-reports "$LOGS"

    prerequisites build
    if [[ $mode != fast ]]; then
        prerequisites vm
        prepare_vm || test_end 1
    fi

    mapfile -t options < <(test_options "$mode" "$only")
    PROGRESS=maven_progress DIGEST=maven_errors step 'build and tests' build maven verify --fail-at-end "${options[@]}" || failed=1
    # These look at what was built; after a failed build there is nothing to look at, and a part of the tests asks
    # for that part only.
    if ((failed == 0)) && [[ -z $only ]]; then
        step 'documentation' javadoc "$SCX_ROOT/build/check-javadoc" || failed=1
        step 'reproducible jars' reproducible "$SCX_ROOT/build/check-reproducible" || failed=1
    fi
    test_end "$failed"
}

# test_options MODE ONLY: Maven's options, one per line.
test_options() {
    case $1 in
        fast) echo -Dscx.vm=false ;;
        full) echo -Dscx.tags= ;;
    esac
    if [[ -n $2 ]]; then
        printf '%s\n' "-Dscx.only=$2" "-Dtest=*$2*,!*IT" "-Dit.test=*$2*" \
            -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
    fi
}

# test_end FAILED: the table, then the line that machines read. A failed step without a failed test is one failure;
# a run without tests has proved nothing.
test_end() {
    local step_failed=$1 passed failed skipped
    read -r passed failed skipped < <("$SCX_ROOT/build/count-tests")
    ((failed > 0)) || failed=$step_failed
    step_table
    if [[ -f $LOGS/build.log ]]; then
        printf '\nof which, by module:\n'
        maven_module_times "$LOGS/build.log"
    fi
    ((skipped == 0)) || printf '\n%d tests were skipped; their reports say why.\n' "$skipped"
    ((passed + failed > 0)) || printf '\nNo test ran.\n'
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    ((failed == 0 && passed > 0)) || exit 1
    exit 0
}
