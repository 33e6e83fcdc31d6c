# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# What must be there before something is built or a virtual machine is started.

. "$SCX_ROOT/build/packages.sh"
. "$SCX_ROOT/build/jdk.sh"
. "$SCX_ROOT/build/maven.sh"

VM_SCRIPTS=$SCX_ROOT/scx-kernel-vm/vm
# As VmOptions.DEFAULT_KERNEL.
# shellcheck disable=SC2034 # it is for those who source this
DEFAULT_KERNEL=6.18

# What to build needs, and what the virtual machine needs on top.
needs_of() {
    case $1 in
        build) echo clang maven libbpf readelf ;;
        vm) echo docker mmdebstrap ;;
    esac
}

# prerequisites WHAT...: a JDK and all that `build` or `vm` needs, installed where that is allowed; ends with one
# sentence otherwise.
prerequisites() {
    local started=$SECONDS what needs all=()
    say 'prerequisites'
    jdk_require
    for what in "$@"; do
        read -ra needs <<<"$(needs_of "$what")"
        all+=("${needs[@]}")
    done
    packages_require "${all[@]}"
    record 'prerequisites' "$started" ok
}

# prepare_vm [--kernel VERSION]: the engine and the image of the kernel VM; both are quick when they are there already.
prepare_vm() {
    PROGRESS=aloud step 'Docker engine' docker "$VM_SCRIPTS/ensure-docker" &&
        PROGRESS=aloud step 'image of the kernel VM' vm-image "$VM_SCRIPTS/build-image" "$@"
}

# prepare_kernel VERSION: the image of one more kernel.
prepare_kernel() {
    PROGRESS=aloud step "image with kernel $1" "vm-image-$1" "$VM_SCRIPTS/build-image" --kernel "$1"
}
