// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import io.schedext.bpf.BpfLink;
import io.schedext.bpf.BpfObject;
import io.schedext.bpf.BpfProgram;
import io.schedext.bpf.Btf;
import io.schedext.bpf.Libbpf;
import io.schedext.bpf.OpenBpfObject;
import io.schedext.bpf.RingConsumer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the kernel's own tracepoints say about tasks of the class SCHED_EXT, the test's process
/// left out: the evidence that does not come from the scheduler under test.
public final class SchedObserver implements AutoCloseable {

    /// What happened.
    public enum Type {
        SWITCH_IN,
        SWITCH_OUT,
        WAKEUP,
        EXIT
    }

    /// One event, in the order the kernel reported them.
    ///
    /// @param ns when, CLOCK_MONOTONIC
    /// @param runnable at SWITCH_OUT: whether it still wants to run
    /// @param otherPid the task switched from or to
    /// @param otherPrio its priority; below 100 is a real-time class
    /// @param sliceLeft what is left of the slice, ns; at SWITCH_OUT without [#local()] it is the
    ///   next slice already
    /// @param local whether it waits in its CPU's local queue: put back there with slice left, or
    ///   without having been shown to the scheduler
    /// @param unasked whether the kernel put it there without showing it to the scheduler (it
    ///   exits, or must not migrate now), by the slice it then gets: the schedulers under test give
    ///   other ones
    /// @param born at WAKEUP: whether it is the task's first
    public record Event(
            long ns,
            int pid,
            int cpu,
            Type type,
            boolean runnable,
            int otherPid,
            int otherPrio,
            long sliceLeft,
            boolean local,
            boolean unasked,
            boolean born) {}

    private final BpfObject object;
    private final List<BpfLink> links = new ArrayList<>();
    private final MemorySegment control;
    private final RingConsumer ring;
    private final EventLayout event;
    private final Btf.Struct observer;
    private final BpfProgram.Runner parked;
    private final long parkedResult;

    public SchedObserver() {
        byte[] elf = TestObject.elf("observer");
        Btf btf = Btf.ofElf(elf);
        event = new EventLayout(btf.struct("event").orElseThrow());
        observer = btf.struct("observer").orElseThrow();
        Btf.Struct args = btf.struct("parked_args").orElseThrow();
        parkedResult = EventLayout.offset(args, "parked");
        try (OpenBpfObject open = Libbpf.load(Optional.empty()).open("observer", elf)) {
            object = open.load();
        }
        control = object.map(".data.observer").memory();
        ring = RingConsumer.of(object.map("events"));
        parked = object.program("count_parked").runner((int) args.size());
        parked.context()
                .set(
                        ValueLayout.JAVA_INT,
                        EventLayout.offset(args, "cpus"),
                        Runtime.getRuntime().availableProcessors());
        for (String program : List.of("on_switch", "on_wakeup", "on_wakeup_new", "on_exit")) {
            links.add(object.attach(program));
        }
        int self = Math.toIntExact(ProcessHandle.current().pid());
        control.set(ValueLayout.JAVA_INT, EventLayout.offset(observer, "ignored_tgid"), self);
        control.set(ValueLayout.JAVA_INT, EventLayout.offset(observer, "enabled"), 1);
    }

    /// Takes what was reported so far.
    ///
    /// @throws AssertionError when events were lost: what follows from the rest would be wrong
    public List<Event> take() {
        List<Event> events = new ArrayList<>();
        MemorySegment data = ring.data();
        long at;
        // no more than were there at first: a machine under load reports faster than a slow one
        // reads
        for (long left = ring.pending() / event.span();
                left > 0 && (at = ring.next()) != RingConsumer.NONE;
                left--) {
            events.add(event.read(data, at));
        }
        ring.release();
        long lost = control.get(ValueLayout.JAVA_LONG, EventLayout.offset(observer, "lost"));
        if (lost != 0) {
            throw new AssertionError("the observer lost " + lost + " events");
        }
        return events;
    }

    /// How many tasks the attached scheduler has parked, by the kernel's own count of its queues.
    /// One system call, one thread at a time.
    public int parked() {
        parked.run();
        return parked.context().get(ValueLayout.JAVA_INT, parkedResult);
    }

    /// Stops reporting; what was reported can still be taken.
    public void stop() {
        control.set(ValueLayout.JAVA_INT, EventLayout.offset(observer, "enabled"), 0);
    }

    @Override
    public void close() {
        links.forEach(BpfLink::close);
        object.close();
    }
}
