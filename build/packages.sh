# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# What the build and the virtual machine need from the system, and installing it from Debian or Ubuntu packages.

# Newest first among those that compile what we write; the first that the distribution has is installed.
CLANG_VERSIONS=(19 20 21 18)

# ---- checks: each returns 0 when the need is met -------------------------------------------------------------

# The build's own compiler script is the truth about clang, its BPF target and llvm-strip.
have_clang() {
    local work status=0
    work=$(mktemp -d)
    echo 'int probe;' >"$work/probe.bpf.c"
    "$SCX_ROOT/build/compile-bpf" "$work/probe.bpf.c" "$work/probe.bpf.o" >/dev/null 2>&1 || status=1
    rm -rf "$work"
    return "$status"
}

# An engine that answers, or one that can be started.
have_docker() {
    command -v docker >/dev/null && { docker info >/dev/null 2>&1 || command -v dockerd >/dev/null; }
}

# Builds the base image where no registry can be reached.
have_mmdebstrap() {
    command -v mmdebstrap >/dev/null
}

# What an image carries of libbpf is looked into; clang's packages have one too.
have_readelf() {
    local version
    command -v readelf >/dev/null || command -v llvm-readelf >/dev/null && return
    for version in "${CLANG_VERSIONS[@]}"; do
        ! command -v "llvm-readelf-$version" >/dev/null || return 0
    done
    return 1
}

# A libbpf for images, or what it takes to download one from Debian.
have_libbpf() {
    [[ -f /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
        "$SCX_ROOT/build/find-libbpf" "$SCX_ROOT/target/libbpf" >/dev/null 2>&1
}

# Something that can fetch the Maven version that mvnw pins, or that version itself.
have_maven() {
    [[ -n ${MVNW_REPOURL:-} ]] || command -v mvn >/dev/null || mvnw_is_cached
}

mvnw_is_cached() {
    local version
    version=$(sed -n 's/^mavenVersion=//p' "$SCX_ROOT/.mvn/wrapper/maven-wrapper.properties")
    [[ -x ${MAVEN_USER_HOME:-$HOME/.m2}/wrapper/dists/apache-maven-$version/apache-maven-$version/bin/mvn ]]
}

# ---- packages ------------------------------------------------------------------------------------------------

# The packages that meet a need, as this distribution calls them.
packages_for() {
    local version
    case $1 in
        clang)
            for version in "${CLANG_VERSIONS[@]}"; do
                if packages_available "clang-$version"; then
                    echo "clang-$version llvm-$version"
                    return
                fi
            done
            # Unknown here; this is at least what to look for.
            echo "clang-${CLANG_VERSIONS[0]} llvm-${CLANG_VERSIONS[0]}"
            ;;
        docker) # Newer distributions have the client apart.
            if packages_available docker-cli; then echo docker.io docker-cli; else echo docker.io; fi
            ;;
        libbpf) echo debian-archive-keyring ;;
        readelf) echo binutils ;;
        *) echo "$1" ;;
    esac
}

packages_available() {
    packages_refresh
    command -v apt-cache >/dev/null && LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep 'Candidate: [^(]' >/dev/null
}

# How a command becomes root without asking; false when it cannot.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo -n "$@"
    fi
}

packages_may_install() {
    [[ ${SCX_INSTALL:-yes} != no ]] && command -v apt-get >/dev/null &&
        { ((EUID == 0)) || sudo -n true 2>/dev/null; }
}

# Once per run, and only where something is missing. A list that cannot be refreshed may still serve.
packages_refresh() {
    [[ -z ${PACKAGES_REFRESHED:-} ]] || return 0
    PACKAGES_REFRESHED=yes
    packages_may_install || return 0
    say '  refreshing the package lists'
    mkdir -p "$LOGS"
    as_root apt-get -q -o DPkg::Lock::Timeout=300 update >"$LOGS/apt-update.log" 2>&1 </dev/null ||
        say "  the package lists could not be refreshed ($LOGS/apt-update.log): going on with the old ones"
}

# packages_install PACKAGE...
packages_install() {
    if ! packages_may_install; then
        die "these packages are missing: $*. Install them: sudo apt-get install -y --no-install-recommends $*"
    fi
    packages_refresh
    say "  installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "$@" >"$LOGS/apt-install.log" 2>&1 </dev/null || {
        show_failure "installing $*" "$LOGS/apt-install.log"
        die "these packages could not be installed: $*."
    }
}

# packages_require NEED...: meets each need or ends with one sentence.
packages_require() {
    local need missing=() packages=() found
    for need in "$@"; do
        "have_$need" || missing+=("$need")
    done
    ((${#missing[@]} > 0)) || return 0
    packages_refresh
    for need in "${missing[@]}"; do
        read -ra found <<<"$(packages_for "$need")"
        packages+=("${found[@]}")
    done
    packages_install "${packages[@]}"
    for need in "${missing[@]}"; do
        "have_$need" || die "$need is still missing after installing ${packages[*]}: ./scx doctor tells more."
    done
}
