// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.bpf.Btf;
import io.schedext.it.guest.support.SchedObserver.Event;
import io.schedext.it.guest.support.SchedObserver.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where the fields of `struct event` of observer.bpf.c are, looked up once: there are many events.
final class EventLayout {

    private static final Type[] TYPES = Type.values();

    /// Before each record of a ring.
    private static final int HEADER_BYTES = 8;

    private final long bytes;
    private final long ns;
    private final long pid;
    private final long cpu;
    private final long type;
    private final long blocked;
    private final long otherPid;
    private final long otherPrio;
    private final long slice;
    private final long local;
    private final long unasked;
    private final long born;

    EventLayout(Btf.Struct event) {
        bytes = event.size();
        ns = offset(event, "ns");
        pid = offset(event, "pid");
        cpu = offset(event, "cpu");
        type = offset(event, "type");
        blocked = offset(event, "blocked");
        otherPid = offset(event, "other_pid");
        otherPrio = offset(event, "other_prio");
        slice = offset(event, "slice");
        local = offset(event, "local");
        unasked = offset(event, "unasked");
        born = offset(event, "born");
    }

    static long offset(Btf.Struct struct, String member) {
        return struct.member(member).orElseThrow().offset();
    }

    /// What an event takes in the ring.
    long span() {
        return HEADER_BYTES + bytes;
    }

    Event read(MemorySegment data, long at) {
        return new Event(
                data.get(ValueLayout.JAVA_LONG, at + ns),
                data.get(ValueLayout.JAVA_INT, at + pid),
                data.get(ValueLayout.JAVA_INT, at + cpu),
                TYPES[data.get(ValueLayout.JAVA_INT, at + type) - 1],
                !flag(data, at + blocked),
                data.get(ValueLayout.JAVA_INT, at + otherPid),
                data.get(ValueLayout.JAVA_INT, at + otherPrio),
                data.get(ValueLayout.JAVA_LONG, at + slice),
                flag(data, at + local),
                flag(data, at + unasked),
                flag(data, at + born));
    }

    private static boolean flag(MemorySegment data, long at) {
        return data.get(ValueLayout.JAVA_INT, at) != 0;
    }
}
