# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx doctor: each thing needed, found or not, and what to do. Changes nothing.
# Status 0 when all that ./scx test and ./scx demo need is there.

. "$SCX_ROOT/build/prerequisites.sh"

# What the build, the image of the VM and the caches take, in GiB, with room to spare.
DOCTOR_DISK_GIB=6
DOCTOR_MISSING=0

doctor_main() {
    (($# == 0)) || die 'doctor has no options.' 2
    SCX_INSTALL=no # it looks, it does not touch
    echo 'To build, ./scx test --fast:'
    doctor_jdk
    doctor_need clang 'clang >= 18 that compiles BPF, llvm-strip'
    doctor_need maven 'Maven, or what fetches it'
    doctor_need readelf 'readelf, for images'
    echo 'For the virtual machine, ./scx test and ./scx demo:'
    doctor_engine
    doctor_need mmdebstrap 'mmdebstrap'
    doctor_kvm
    doctor_vm_image
    doctor_disk
    echo "For this machine's own kernel, ./scx run (not needed for the rest):"
    doctor_kernel
    doctor_libbpf
    echo
    if ((DOCTOR_MISSING > 0)); then
        echo "$DOCTOR_MISSING of the things that ./scx test and ./scx demo need are missing."
        exit 1
    fi
    echo 'All that ./scx test and ./scx demo need is there.'
}

# yes/no/note WHAT DETAIL
doctor_yes() { printf '  ok       %-46s %s\n' "$1" "$2"; }
doctor_note() { printf '  -        %-46s %s\n' "$1" "$2"; }
doctor_no() {
    printf '  MISSING  %-46s %s\n' "$1" "$2"
    DOCTOR_MISSING=$((DOCTOR_MISSING + 1))
}

# How ./scx test would go about something missing.
doctor_remedy() {
    if SCX_INSTALL=yes packages_may_install; then
        echo "./scx test installs $*"
    else
        echo "sudo apt-get install -y --no-install-recommends $*"
    fi
}

doctor_need() {
    if "have_$1"; then
        doctor_yes "$2" "$("doctor_detail_$1")"
    else
        doctor_no "$2" "$(doctor_remedy "$(packages_for "$1")")"
    fi
}

doctor_detail_clang() { echo "build/compile-bpf works"; }
doctor_detail_readelf() { command -v readelf || echo "clang's"; }
doctor_detail_mmdebstrap() { command -v mmdebstrap; }
doctor_detail_maven() {
    if mvnw_is_cached; then echo "the version that mvnw pins is cached"; else command -v mvn || echo "$MVNW_REPOURL"; fi
}

doctor_jdk() {
    local home
    home=$(jdk_find)
    if [[ -n $home ]]; then
        doctor_yes "JDK >= $JDK_NEEDED" "$home"
    elif packages_available "openjdk-$JDK_NEEDED-jdk-headless"; then
        doctor_no "JDK >= $JDK_NEEDED" "$(doctor_remedy "openjdk-$JDK_NEEDED-jdk-headless")"
    else
        doctor_no "JDK >= $JDK_NEEDED" "no package here: unpack one under /opt or /usr/lib/jvm, or set JAVA_HOME"
    fi
}

doctor_engine() {
    local version
    if version=$(timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null); then
        doctor_yes 'Docker engine' "$version answers"
    elif ! have_docker; then
        doctor_no 'Docker engine' "$(doctor_remedy "$(packages_for docker)")"
    elif ((EUID == 0)); then
        doctor_yes 'Docker engine' 'installed, not running: ./scx test starts it'
    else
        doctor_no 'Docker engine' "it does not answer $(id -un): start it, or join the group docker, or be root"
    fi
}

# Only a boot proves that KVM works (the VM falls back by itself), so this is no more than a hint at the pace.
doctor_kvm() {
    if [[ -r /dev/kvm && -w /dev/kvm ]]; then
        doctor_note 'KVM' '/dev/kvm is there; the VM tries it and falls back to emulation'
    else
        doctor_note 'KVM' 'no usable /dev/kvm: the VM is emulated, which is several times slower'
    fi
}

doctor_vm_image() {
    local tag
    if tag=$("$VM_SCRIPTS/build-image" --tag-only 2>/dev/null) && docker image inspect "$tag" >/dev/null 2>&1; then
        doctor_note 'image of the kernel VM' "$tag is built"
    else
        doctor_note 'image of the kernel VM' 'not built yet: the first ./scx test or demo does it, in a minute or two'
    fi
}

doctor_disk() {
    local free
    free=$(df -Pk "$SCX_ROOT" | awk 'NR == 2 { print int($4 / 1048576) }')
    if ((free >= DOCTOR_DISK_GIB)); then
        doctor_yes "$DOCTOR_DISK_GIB GiB of free disk" "$free GiB"
    else
        doctor_no "$DOCTOR_DISK_GIB GiB of free disk" "$free GiB are free at $SCX_ROOT: make room"
    fi
}

doctor_kernel() {
    local state=/sys/kernel/sched_ext/state
    if [[ -r $state ]]; then
        doctor_note 'sched_ext' "kernel $(uname -r), $(<"$state")"
    else
        doctor_note 'sched_ext' "kernel $(uname -r) has none: 6.12 or newer with CONFIG_SCHED_CLASS_EXT=y is needed"
    fi
}

doctor_libbpf() {
    local file version remedy='the package libbpf1 of Debian 13 or newer, of the backports in Debian 12'
    file=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | awk '/libbpf\.so\.1 / { file = $NF } END { print file }')
    if [[ -z $file ]]; then
        doctor_note 'libbpf >= 1.4' "not installed: $remedy"
        return
    fi
    version=$(basename "$(readlink -f "$file")")
    version=${version#libbpf.so.}
    if printf '1.4\n%s\n' "$version" | sort -CV; then
        doctor_note 'libbpf >= 1.4' "$version"
    else
        doctor_note 'libbpf >= 1.4' "$version is too old: $remedy"
    fi
}
