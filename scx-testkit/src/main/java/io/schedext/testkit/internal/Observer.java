// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

/// Sees what happens on the simulated machine.
interface Observer {

    void wakes(long time, TaskState task);

    void starts(long time, int cpu, TaskState task);

    void stops(long time, int cpu, TaskState task);

    void idles(long time, int cpu);
}
