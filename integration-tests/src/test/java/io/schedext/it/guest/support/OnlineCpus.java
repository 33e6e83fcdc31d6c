// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.support;

import java.io.IOException;

/// Takes CPUs off line, and brings them back when it is closed. A scheduler must be attached and
/// detached within: a change under it ends it.
public final class OnlineCpus implements AutoCloseable {

    private final int count;

    private OnlineCpus(int count) {
        this.count = count;
    }

    /// Leaves the first CPUs on line.
    ///
    /// @param count how many, 1 to all
    public static OnlineCpus first(int count) throws IOException {
        OnlineCpus cpus = new OnlineCpus(count);
        try {
            cpus.setOthers(false);
        } catch (IOException e) {
            cpus.close();
            throw e;
        }
        return cpus;
    }

    public int count() {
        return count;
    }

    private void setOthers(boolean online) throws IOException {
        if (!online && count < Cpus.COUNT) {
            MapsBeingFreed.await();
        }
        for (int cpu = count; cpu < Cpus.COUNT; cpu++) {
            if (Cpus.isOnline(cpu) != online) {
                Cpus.online(cpu, online);
            }
        }
    }

    @Override
    public void close() throws IOException {
        setOthers(true);
    }
}
