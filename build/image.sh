# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx image NAME: a folder that runs the scheduler on a machine without Java and libbpf, see make-image.

. "$SCX_ROOT/build/scheduler.sh"

image_main() {
    local name=${1:-} image libbpf
    scheduler_check "$name"
    image=$SCX_ROOT/target/image/$name
    scheduler_build "$name"

    libbpf=$("$SCX_ROOT/build/find-libbpf" "$SCX_ROOT/target/libbpf") || exit 1
    step "image of $name" image scheduler_image "$name" "$libbpf" "$image" || exit 1
    say "$(tail -n 1 "$LOGS/image.log")"
    say "start it as root: $image/bin/$name"
}
