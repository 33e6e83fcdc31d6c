// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.bpf.Btf;
import io.schedext.core.DispatchedTask;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Law 5: what Java believes about the memory it shares with the BPF program is what the compiled
/// program says.
class LayoutTest {

    private static final Map<Class<?>, String> STRUCTS =
            Map.of(
                    Layout.Queued.class, "queued_task",
                    Layout.Dispatched.class, "dispatched_task",
                    Layout.Config.class, "scheduler_config",
                    Layout.Cpu.class, "cpu_state",
                    Layout.State.class, "scheduler_state",
                    Layout.Exit.class, "exit_record",
                    Layout.Rehearse.class, "rehearse_args",
                    Layout.SelectCpu.class, "select_cpu_args");

    /// Java has a constant for each member of these: a record is read and written whole, and no
    /// counter is left out.
    private static final Map<Class<?>, List<String>> COMPLETE =
            Map.of(
                    Layout.Queued.class, List.of("queued_task"),
                    Layout.Dispatched.class, List.of("dispatched_task"),
                    Layout.Cpu.class, List.of("cpu_counters"));

    @Test
    void everyClassNamesItsStruct() {
        assertThat(Layout.class.getDeclaredClasses())
                .containsExactlyInAnyOrderElementsOf(STRUCTS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyConstantIsTheProgramsOwn() {
        return STRUCTS.keySet().stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(constant -> !constant.isSynthetic())
                .map(constant ->
                        DynamicTest.dynamicTest(
                                constant.getDeclaringClass().getSimpleName()
                                        + "."
                                        + constant.getName(),
                                () -> assertProgramsOwn(constant)));
    }

    private static void assertProgramsOwn(Field constant) throws IllegalAccessException {
        assertThat(((Number) constant.get(null)).longValue())
                .as("%s.%s", constant.getDeclaringClass().getSimpleName(), constant.getName())
                .isEqualTo(valueInProgram(constant));
    }

    /// `BYTES` is the size of the struct, an int is a constant of the program, all else is the
    /// offset of a member.
    private static long valueInProgram(Field constant) {
        CStruct struct = CStruct.of(STRUCTS.get(constant.getDeclaringClass()));
        if (constant.getName().equals("BYTES")) {
            return struct.size();
        }
        if (constant.getType() == int.class) {
            return CStruct.constant("wire_constants", constant.getName());
        }
        return offsetIn(constant.getDeclaringClass(), struct, constant);
    }

    private static long offsetIn(Class<?> type, CStruct struct, Field constant) {
        String name = constant.getName().toLowerCase(Locale.ROOT);
        if (type == Layout.Cpu.class) {
            CStruct counters = CStruct.of("cpu_counters");
            if (has(counters, name)) {
                return struct.member("counters").offset() + counters.member(name).offset();
            }
        }
        return struct.member(name).offset();
    }

    private static boolean has(CStruct struct, String member) {
        return struct.members().stream().anyMatch(each -> each.name().equals(member));
    }

    @TestFactory
    Stream<DynamicTest> everyMemberHasAConstant() {
        return COMPLETE.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream()
                                .map(struct ->
                                        DynamicTest.dynamicTest(
                                                struct,
                                                () -> assertComplete(entry.getKey(), struct))));
    }

    private static void assertComplete(Class<?> type, String struct) {
        Set<String> constants =
                Arrays.stream(type.getDeclaredFields())
                        .map(Field::getName)
                        .collect(Collectors.toSet());
        assertThat(CStruct.of(struct).members())
                .extracting(member -> member.name().toUpperCase(Locale.ROOT))
                .isNotEmpty()
                .isSubsetOf(constants);
    }

    @Test
    void theArraysHaveTheLengthJavaReads() {
        assertThat(CStruct.of("scheduler_state").member("latency").size())
                .isEqualTo((long) Layout.State.LATENCY_BUCKETS * Long.BYTES);
        assertThat(CStruct.of("exit_record").member("reason").size())
                .isEqualTo(Layout.Exit.REASON_BYTES);
        assertThat(CStruct.of("exit_record").member("message").size())
                .isEqualTo(Layout.Exit.MESSAGE_BYTES);
        assertThat(CStruct.of("queued_task").member("comm").size())
                .isEqualTo(Layout.Queued.BYTES - Layout.Queued.COMM);
    }

    /// Members that Java reads as one width and the program writes as another would only be found
    /// by values that need the upper half.
    @Test
    void theMembersHaveTheWidthJavaReads() {
        assertThat(sizes("scheduler_config", "builtin_idle", "numa_local", "debug"))
                .containsOnly((long) Byte.BYTES);
        assertThat(sizes("scheduler_config", "dump_bytes")).containsOnly((long) Integer.BYTES);
        assertThat(
                        sizes(
                                "scheduler_config",
                                "slice_ns",
                                "max_slice_ns",
                                "overdue_ns",
                                "timer_ns",
                                "silent_after_ns",
                                "heartbeat_ns"))
                .containsOnly((long) Long.BYTES);
        assertThat(sizes("scheduler_state", "online_cpus", "loop_pid", "ring_error"))
                .containsOnly((long) Integer.BYTES);
        assertThat(sizes("scheduler_state", "pending", "submitted", "progress"))
                .containsOnly((long) Long.BYTES);
        assertThat(sizes("cpu_state", "online", "running")).containsOnly((long) Integer.BYTES);
        assertThat(CStruct.of("cpu_counters").members())
                .extracting(Btf.Member::size)
                .containsOnly((long) Long.BYTES);
        assertThat(sizes("exit_record", "kind")).containsOnly((long) Integer.BYTES);
        assertThat(sizes("exit_record", "code")).containsOnly((long) Long.BYTES);
        assertThat(sizes("select_cpu_args", "pid", "prev_cpu", "cpu"))
                .containsOnly((long) Integer.BYTES);
        assertThat(sizes("rehearse_args", "tasks")).containsOnly((long) Integer.BYTES);
        assertThat(sizes("select_cpu_args", "flags")).containsOnly((long) Long.BYTES);
    }

    private static List<Long> sizes(String struct, String... members) {
        return Arrays.stream(members)
                .map(member -> CStruct.of(struct).member(member).size())
                .toList();
    }

    /// Java writes these and the kernel side those: on one cache line each write would slow the
    /// other side's reads.
    @Test
    void whatEachSideWritesHasCacheLinesOfItsOwn() {
        CStruct state = CStruct.of("scheduler_state");
        assertThat(state.member("progress").offset() / 64)
                .isLessThan(state.member("loop_pid").offset() / 64);
        assertThat(CStruct.of("cpu_state").size() % 64).isZero();
    }

    @Test
    void theConstantsOfDecisionsAreTheProgramsOwn() {
        assertThat(DispatchedTask.ANY_CPU).isEqualTo(CStruct.constant("wire_constants", "ANY_CPU"));
        assertThat(DispatchedTask.PREEMPT)
                .isEqualTo(CStruct.constant("decision_flags", "DECISION_PREEMPT"));
    }
}
