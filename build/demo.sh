# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx demo: a sched_ext kernel in a virtual machine, scheduled by Java, live.

. "$SCX_ROOT/build/scheduler.sh"

DEMO_SECONDS=20

demo_main() {
    local name=rlfifo seconds=$DEMO_SECONDS kernel=() status=0
    while (($# > 0)); do
        case $1 in
            --seconds)
                [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die '--seconds needs a number above 0.' 2
                seconds=$2
                shift
                ;;
            --kernel)
                (($# > 1)) || die "$1 needs a value." 2
                kernel=("$1" "$2")
                shift
                ;;
            -*) die "demo has no option '$1': ./scx help lists them." 2 ;;
            *) name=$1 ;;
        esac
        shift
    done
    scheduler_check "$name"

    prerequisites build vm
    prepare_vm "${kernel[@]}" || exit 1
    PROGRESS=maven_progress DIGEST=maven_errors step 'build' build \
        maven package -DskipTests -Dspotless.check.skip -pl "scx-$name,scx-kernel-vm" -am || exit 1

    say 'virtual machine'
    # Ctrl-C is for the guest's half, which then ends early but well. The others must outlive it: this shell by a trap
    # that does nothing (an ignored signal would stay ignored in the guest's driver), those that show output by ignoring it.
    trap : INT
    demo_guest "$name" "$seconds" "${kernel[@]}" 2>&1 </dev/null | (trap '' INT && aloud) || status=${PIPESTATUS[0]}
    if ((status != 0)); then
        die "the demo failed with status $status; what the guest said is above, its console is in scx-kernel-vm/target/vm/shell." "$status"
    fi
    demo_summary "$LOGS/demo.log"
}

# demo_guest NAME SECONDS [run-guest's options]: boots the guest, and in it runs the other half.
demo_guest() {
    local name=$1 seconds=$2
    shift 2
    mkdir -p "$LOGS"
    trap : INT
    "$VM_SCRIPTS/run-guest" "$@" --limit "$((seconds + 300))" -- \
        "$SCX_ROOT/build/demo-guest" "$seconds" "/out/$name.log" \
        java "@$SCX_ROOT/build/jvm-options" -XX:ErrorFile=/out/jvm-crash.log --module-path "$(scheduler_module_path "$name")" \
        --module "$(scheduler_module "$name")" --stats 1 | (trap '' INT && tee "$LOGS/demo.log")
}

# Once more, and alone, what the numbers of the scheduler's own report say.
demo_summary() {
    printf '\nSummary\n'
    grep -E '^(dispatched|latency from enqueue)|context switches in' "$1" | sed 's/^/  /'
    printf '  the whole took %d s; all output is in %s\n' "$SECONDS" "$1"
}
