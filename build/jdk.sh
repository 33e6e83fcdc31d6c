# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# Finds a JDK of at least the version the build needs. The default `java` of a machine is often older.

JDK_NEEDED=25

# jdk_version HOME: its major version; nothing when HOME is no JDK.
jdk_version() {
    [[ -x $1/bin/javac && -f $1/release ]] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the folder of a JDK that is new enough: JAVA_HOME if it is one, else in the usual folders the one
# nearest above the needed version. Prints nothing when there is none.
jdk_find() {
    local home version best='' best_version=1000
    for home in "${JAVA_HOME:-}" "$(jdk_on_path)"; do
        version=$(jdk_version "$home")
        if ((${version:-0} >= JDK_NEEDED)); then
            echo "$home"
            return
        fi
    done
    for home in /usr/lib/jvm/* /opt/* /opt/java/* /usr/local/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
        version=$(jdk_version "$home")
        if ((${version:-0} >= JDK_NEEDED && version < best_version)); then
            best=$home best_version=$version
        fi
    done
    [[ -z $best ]] || echo "$best"
}

jdk_on_path() {
    local java
    java=$(command -v javac) || return 0
    dirname "$(dirname "$(readlink -f "$java")")"
}

# Sets and exports JAVA_HOME, installing the distribution's package where it has one.
jdk_require() {
    local home
    home=$(jdk_find)
    if [[ -z $home ]] && packages_available "openjdk-$JDK_NEEDED-jdk-headless"; then
        packages_install "openjdk-$JDK_NEEDED-jdk-headless"
        home=$(jdk_find)
    fi
    [[ -n $home ]] || die "JDK $JDK_NEEDED or newer was not found and this system has no package of it: \
unpack one (Eclipse Temurin, for instance) under /opt or /usr/lib/jvm, or set JAVA_HOME."
    export JAVA_HOME=$home PATH=$home/bin:$PATH
}
