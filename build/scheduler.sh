# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# A scheduler NAME is the folder scx-NAME, the module io.schedext.NAME (whose main class its jar names), and
# beside its jar the folder target/modules with all it needs at run time.

. "$SCX_ROOT/build/prerequisites.sh"

scheduler_check() {
    [[ -n ${1:-} ]] || die "which scheduler? One of: $(scheduler_names | paste -sd ' ')." 2
    scheduler_names | grep -xF -- "$1" >/dev/null ||
        die "there is no scheduler '$1'; there are: $(scheduler_names | paste -sd ' ')." 2
}

# Its own jar; nothing when it is not built.
scheduler_jar() {
    find "$SCX_ROOT/scx-$1/target" -maxdepth 1 -name "scx-$1-*.jar" -not -name '*-sources.jar' \
        -not -name '*-javadoc.jar' -not -name '*-tests.jar' 2>/dev/null | sed -n 1p
}

scheduler_module() {
    echo "io.schedext.$1"
}

# Locked memory makes a scheduler the fattest of all processes, and so the first that the kernel kills when memory runs
# out. This process and what it becomes is spared, where that may be asked for; it ends with the process.
scheduler_spare() {
    { echo -900 >"/proc/$$/oom_score_adj"; } 2>/dev/null || true
}

scheduler_module_path() {
    echo "$(scheduler_jar "$1"):$SCX_ROOT/scx-$1/target/modules"
}

# scheduler_image NAME LIBBPF FOLDER: its image, when it is built.
scheduler_image() {
    "$SCX_ROOT/build/make-image" --name "$1" --module "$(scheduler_module "$1")" \
        --module-path "$(scheduler_module_path "$1")" --libbpf "$2" --output "$3" --max-mib 60
}

# Whether the jar is missing, or older than something it may be made of.
scheduler_is_stale() {
    local jar
    jar=$(scheduler_jar "$1")
    [[ -n $jar && -d $SCX_ROOT/scx-$1/target/modules ]] || return 0
    [[ -n $(find "$SCX_ROOT/pom.xml" "$SCX_ROOT"/scx-*/{pom.xml,src/main} -newer "$jar" -print -quit) ]]
}

# Builds it, with what it depends on, unless it is up to date. Sets JAVA_HOME. Progress goes to standard error,
# because standard output belongs to the scheduler.
scheduler_build() {
    if ! scheduler_is_stale "$1"; then
        jdk_require >&2
        return
    fi
    prerequisites build >&2
    PROGRESS=maven_progress DIGEST=maven_errors step "build scx-$1" build \
        as_owner maven package -DskipTests -Dspotless.check.skip -pl "scx-$1" -am >&2 || exit 1
}

# as_owner COMMAND...: under sudo, as the user who called it, if the tree is theirs: a scheduler must run as root, but
# what its build leaves behind shall not belong to root. The command may be a function.
as_owner() {
    if ((EUID != 0 || ${SUDO_UID:-0} == 0)) || [[ $(stat -c %u "$SCX_ROOT") != "$SUDO_UID" ]]; then
        "$@"
        return
    fi
    chown -R "$SUDO_UID:$SUDO_GID" "$SCX_ROOT/target" # the logs so far
    # shellcheck disable=SC2016 # the inner shell expands it
    setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups \
        env HOME="$(getent passwd "$SUDO_UID" | cut -d : -f 6)" SCX_ROOT="$SCX_ROOT" bash -c \
        '. "$SCX_ROOT/build/maven.sh" && "$@"' as_owner "$@"
}
