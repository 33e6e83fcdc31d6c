# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx run NAME [options]: on this machine's own kernel. What can be wrong there (no root, no sched_ext, ...) the
# program itself says, with an exit status for each.

. "$SCX_ROOT/build/scheduler.sh"

run_main() {
    local name=${1:-}
    scheduler_check "$name"
    shift
    scheduler_build "$name"
    scheduler_spare
    exec "$JAVA_HOME/bin/java" "@$SCX_ROOT/build/jvm-options" --illegal-native-access=deny \
        --module-path "$(scheduler_module_path "$name")" --module "$(scheduler_module "$name")" "$@"
}
