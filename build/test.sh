# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx test: the gate. .ci/run is nothing but this.

. "$SCX_ROOT/build/prerequisites.sh"

test_main() {
    local mode=gate only='' kernels='' plan failed=0 options=()
    while (($# > 0)); do
        case $1 in
            --fast | --full | --conformance) mode=${1#--} ;;
            --only | --kernels | --kernel)
                (($# > 1)) || die "$1 needs a value." 2
                if [[ $1 == --only ]]; then only=$2; else kernels=$2; fi
                shift
                ;;
            *) die "test has no option '$1': ./scx help lists them." 2 ;;
        esac
        shift
    done

    # Only reports of this run count; and what older sources have left behind proves nothing about these.
    if [[ -n $only || $mode == conformance ]]; then
        rm -rf "$SCX_ROOT"/*/target/{surefire,failsafe}-reports "$LOGS"
    else
        rm -rf "$SCX_ROOT"/*/target "$LOGS"
    fi

    if [[ $mode == fast ]]; then
        prerequisites build
    else
        prerequisites build vm
        # shellcheck disable=SC2119 # the default kernel
        prepare_vm || test_end 1
        plan=$(test_plan "$mode" "$only" "$kernels")
        test_images "$plan" || test_end 1
    fi

    mapfile -t options < <(test_options "$mode" "$only" "${plan:-}")
    PROGRESS=maven_progress DIGEST=maven_errors step 'build and tests' build maven verify --fail-at-end "${options[@]}" || failed=1
    # These look at what was built; after a failed build there is nothing to look at, and a part of the tests asks
    # for that part only.
    if ((failed == 0)) && [[ -z $only && $mode != conformance ]]; then
        local in_kernel=() quick=(--quick)
        [[ $mode != full ]] || quick=()
        [[ $mode == fast ]] || in_kernel=(--kernel)
        step 'documentation' javadoc "$SCX_ROOT/build/check-javadoc" || failed=1
        if step 'publication' publication "$SCX_ROOT/scx" publish; then
            step 'projects of users' user-projects "$SCX_ROOT/build/check-user-projects" "${in_kernel[@]}" || failed=1
            step 'reproducible publication' reproducible "$SCX_ROOT/build/check-reproducible" || failed=1
        else
            failed=1
        fi
        step "the documentation's commands" commands "$SCX_ROOT/build/check-docs" "${quick[@]}" || failed=1
        step 'image, the same twice' image-of-rlfifo test_image rlfifo || failed=1
    fi
    test_end "$failed"
}

# test_plan MODE ONLY KERNELS: which kernels are booted, as KernelSuiteIT takes it. Everything runs on one kernel; what
# every kernel has to pass runs on the oldest and on the newest one that are packaged too, or on all when all is asked for.
test_plan() {
    local mode=$1 only=$2 kernels=$3 list
    if [[ $kernels == all ]]; then
        "$VM_SCRIPTS/list-kernels" | paste -sd ,
    elif [[ -n $kernels ]]; then
        echo "$kernels"
    elif [[ $mode == conformance || -n $only ]]; then
        echo "$DEFAULT_KERNEL"
    else
        if [[ $mode == full ]]; then
            list=$("$VM_SCRIPTS/list-kernels")
        else
            list=$("$VM_SCRIPTS/list-kernels" --packaged | sed -n '1p;$p')
        fi
        { echo "$DEFAULT_KERNEL"; grep -vxF "$DEFAULT_KERNEL" <<<"$list" | sed 's/$/:conformance/'; } | paste -sd ,
    fi
}

# test_images PLAN: builds what is not there yet.
test_images() {
    local words word kernel
    IFS=, read -ra words <<<"$1"
    for word in "${words[@]}"; do
        kernel=${word%%:*}
        [[ $kernel == "$DEFAULT_KERNEL" ]] || prepare_kernel "$kernel" || return 1
    done
}

# test_options MODE ONLY PLAN: Maven's options, one per line.
test_options() {
    local word words modules patterns=() skip_jars=true skip_own=true
    case $1 in
        fast) echo -Dscx.vm=false ;;
        full | conformance) echo "-Dscx.tags=$1" ;;
    esac
    [[ -z $3 ]] || echo "-Dscx.kernels=$3"
    if [[ -z $2 ]]; then
        # Of the unit tests only the one of what chooses the guest's.
        [[ $1 != conformance ]] || printf '%s\n' -pl integration-tests -am -Dtest=GuestSelectionTest \
            -Dsurefire.failIfNoSpecifiedTests=false -Dscx.jars.skip=true -Dscx.own.skip=true
        return 0
    fi
    # The guest's tests are chosen by Class.method, unit tests by the class alone. What belongs in the guest, or after
    # packaging, is no unit test whatever it is called.
    echo "-Dscx.only=$2"
    IFS=, read -ra words <<<"$2"
    for word in "${words[@]}"; do
        patterns+=("*${word%%.*}*")
        [[ -z $(find "$SCX_ROOT"/integration-tests/src/test/java/io/schedext/it/{jars,image} -name "*${word%%.*}*.java" -name '*IT.java') ]] || skip_jars=false
        [[ OwnSchedulerIT != *"${word%%.*}"* ]] || skip_own=false
    done
    modules=$(test_modules "$1" "${patterns[@]}" | sort -u | paste -sd ,)
    [[ -z $modules ]] || printf '%s\n' -pl "$modules" -am
    printf '%s\n' "-Dtest=$(IFS=, && echo "${patterns[*]}"),!*IT,!io/schedext/it/guest/**" -Dsurefire.failIfNoSpecifiedTests=false
    echo "-Dscx.jars.skip=$skip_jars"
    # nothing else starts an image
    [[ $1 != fast || $skip_jars == false ]] || echo -Dscx.images.skip=true
    echo "-Dscx.own.skip=$skip_own"
}

# test_modules MODE PATTERN...: the modules where a chosen test may be, one per line; nothing else needs to be built
# but what these depend on. Which tests the guest has, only the module of the guest knows.
test_modules() {
    local mode=$1 pattern file
    shift
    [[ $mode == fast ]] || echo integration-tests
    for pattern; do
        while IFS= read -r file; do
            file=${file#"$SCX_ROOT/"}
            echo "${file%%/*}"
        done < <(find "$SCX_ROOT"/*/src/test -name "$pattern.java")
    done
}

# test_image NAME: what users get is what was tested, to the last byte; but for the training run's file, and the unit,
# which names its folder.
test_image() {
    "$SCX_ROOT/scx" image "$1" &&
        diff -r -x '*.aot' -x '*.service' "$SCX_ROOT/integration-tests/target/image/$1" "$SCX_ROOT/target/image/$1"
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
