// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// Sees what happens on the simulated machine; each looks at what it needs.
interface Observer {

    default void wakes(long time, TaskState task) {}

    /// Its affinity or weight, while it waits.
    default void changes(long time, TaskState task) {}

    default void starts(long time, int cpu, TaskState task) {}

    default void stops(long time, int cpu, TaskState task) {}

    /// Two that see the same.
    record Both(Observer first, Observer second) implements Observer {

        @Override
        public void wakes(long time, TaskState task) {
            first.wakes(time, task);
            second.wakes(time, task);
        }

        @Override
        public void changes(long time, TaskState task) {
            first.changes(time, task);
            second.changes(time, task);
        }

        @Override
        public void starts(long time, int cpu, TaskState task) {
            first.starts(time, cpu, task);
            second.starts(time, cpu, task);
        }

        @Override
        public void stops(long time, int cpu, TaskState task) {
            first.stops(time, cpu, task);
            second.stops(time, cpu, task);
        }
    }
}
