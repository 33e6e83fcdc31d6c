// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.TaskFiles;

/// What /proc says of one thread, read at once.
///
/// @param pid the thread's id
/// @param tgid its process's id
/// @param comm its name
/// @param state a letter: R is runnable
/// @param nice its nice value
/// @param cpu the CPU it is on
/// @param allowedCpus how many CPUs it may use
/// @param runtimeNs how long it ran since it was born
record ProcTask(
        int pid,
        int tgid,
        String comm,
        char state,
        int nice,
        int cpu,
        int allowedCpus,
        long runtimeNs) {

    static ProcTask of(int tgid, int pid) {
        TaskFiles files = TaskFiles.of(tgid, pid);
        String status = files.status();
        String[] fields = files.stat();
        return new ProcTask(
                Integer.parseInt(field(status, "Pid")),
                Integer.parseInt(field(status, "Tgid")),
                files.comm(),
                fields[0].charAt(0),
                Integer.parseInt(fields[19 - 3]),
                Integer.parseInt(fields[39 - 3]),
                Cpus.parse(field(status, "Cpus_allowed_list")).size(),
                files.runtimeNs());
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
