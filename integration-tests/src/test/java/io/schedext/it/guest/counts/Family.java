// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.it.guest.support.Load;
import io.schedext.it.guest.support.SchedCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Some processes of the class SCHED_EXT, children of one that waits for a word: they are born
/// under the scheduler that is attached by then, all of their lives are seen, and none of them ever
/// changes class, CPUs or nice value.
final class Family {

    private final Process parent;

    private Family(Process parent) {
        this.parent = parent;
    }

    /// Starts the parent; it sleeps, and is past its own start, in which it wakes up and runs too.
    ///
    /// @param cpu the CPU they may use, or -1 for any
    /// @param children how many
    /// @param life what each child does, in perl; then it exits
    static Family of(Load load, int cpu, int children, String life) throws IOException {
        String script =
                """
                <STDIN>;
                for (1..%d) { next if fork; %s; exit 0 }
                1 while wait > 0;
                """
                        .formatted(children, life);
        Process parent = load.start(cpu, "perl", "-e", script);
        Load.awaitReading(parent, "perl");
        return new Family(parent);
    }

    /// Sleeps and runs shortly, so often.
    static Family sleepers(Load load, int cpu, int children, int times) throws IOException {
        return of(load, cpu, children, "select undef,undef,undef,0.004 for 1.." + times);
    }

    /// Counts, never sleeps.
    static Family hogs(Load load, int cpu, int children, int rounds) throws IOException {
        return of(load, cpu, children, "1 for 1.." + rounds);
    }

    /// Gives them a nice value; before the word.
    Family nice(int value) {
        check(SchedCalls.setNice(parent.pid(), value));
        return this;
    }

    /// Lets them use these CPUs only; before the word.
    ///
    /// @param mask bit n for CPU n
    Family allow(long mask) {
        check(SchedCalls.setAffinity(parent.pid(), mask));
        return this;
    }

    private static void check(int errno) {
        if (errno != 0) {
            throw new AssertionError("a family cannot be changed: errno " + errno);
        }
    }

    /// The first child; waits until it is born.
    int child() throws InterruptedException {
        while (true) {
            var child = parent.children().mapToLong(ProcessHandle::pid).min();
            if (child.isPresent()) {
                return Math.toIntExact(child.getAsLong());
            }
            if (!parent.isAlive()) {
                throw new AssertionError("the family has gone");
            }
            Thread.sleep(5);
        }
    }

    /// Whether any of them lives.
    boolean isAlive() {
        return parent.isAlive();
    }

    /// The word.
    void go() throws IOException {
        try (var word = parent.getOutputStream()) {
            word.write("go\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
