# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx image NAME: a folder with a JVM that holds the scheduler's modules and nothing else, a launcher, and the
# same JVM options as ./scx run.

. "$SCX_ROOT/build/scheduler.sh"

image_main() {
    local name=${1:-} image
    scheduler_check "$name"
    image=$SCX_ROOT/target/image/$name
    scheduler_build "$name"

    rm -rf "$image"
    mkdir -p "$(dirname "$image")"
    # Named one by one, for jlink leaves out what is only found as a service: Logback, for instance.
    step "image of $name" image "$JAVA_HOME/bin/jlink" \
        --module-path "$(scheduler_module_path "$name")" --add-modules "$(image_modules "$name")" \
        --no-header-files --no-man-pages --output "$image" || exit 1

    mkdir -p "$image/conf"
    cp "$SCX_ROOT/build/jvm-options" "$image/conf/"
    cp "$SCX_ROOT/LICENSE" "$image/legal/"
    image_launcher "$(scheduler_module "$name")" >"$image/bin/$name"
    chmod 755 "$image/bin/$name"
    image_unit "$name" "$image" >"$image/$name.service"
    # A scheduler that cannot even say its version is no result.
    "$image/bin/$name" --version >"$LOGS/image-version.log" 2>&1 </dev/null || {
        show_failure "$name --version of the new image" "$LOGS/image-version.log"
        exit 1
    }
    say "$(du -sh --apparent-size "$image" | cut -f 1) in $image; start it as root: $image/bin/$name"
}

# The modules on the path, as jlink wants them.
image_modules() {
    local file
    for file in "$(scheduler_jar "$1")" "$SCX_ROOT/scx-$1/target/modules"/*.jar; do
        # The first line that is a module's name and version, then where it is.
        "$JAVA_HOME/bin/jar" --describe-module --file "$file" | sed -nE 's/^([a-z][A-Za-z0-9_.]*)(@[^ ]*)? jar:.*/\1/p' | sed -n 1p
    done | paste -sd ,
}

# As a service of systemd: not root, but with what a scheduler needs, which nothing can take away later, for
# capabilities belong to threads.
image_unit() {
    cat <<EOF
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# systemctl link $2/$1.service && systemctl start $1
[Unit]
Description=CPU scheduler $1 (sched_ext)
StartLimitIntervalSec=60
StartLimitBurst=3

[Service]
ExecStart=$2/bin/$1
DynamicUser=yes
# to load the BPF program, to let it read kernel memory, to lock memory, to attach with real-time priority
AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_IPC_LOCK CAP_SYS_NICE
CapabilityBoundingSet=CAP_BPF CAP_PERFMON CAP_IPC_LOCK CAP_SYS_NICE
LimitMEMLOCK=infinity
OOMScoreAdjust=-900
# evicted, or ended by something unforeseen: once more, but not for ever
Restart=on-failure
RestartPreventExitStatus=2 10 11 12 13 14 15 16 17

[Install]
WantedBy=multi-user.target
EOF
}

image_launcher() {
    cat <<EOF
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# Starts the scheduler with the JVM beside it; conf/jvm-options says how, and why.
# Spared when memory runs out, where that may be asked for: being locked makes it the fattest process of all.
{ echo -900 >"/proc/\$\$/oom_score_adj"; } 2>/dev/null || true
home=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
exec "\$home/bin/java" "@\$home/conf/jvm-options" --module $1 "\$@"
EOF
}
