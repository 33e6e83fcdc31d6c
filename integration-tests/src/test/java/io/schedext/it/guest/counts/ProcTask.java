// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.counts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    static ProcTask of(int tgid, int pid) throws IOException {
        Path folder = Path.of("/proc/" + tgid + "/task/" + pid);
        String status = Files.readString(folder.resolve("status"));
        String stat = Files.readString(folder.resolve("stat"));
        // from the third on: the second is the name, which may contain anything
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcTask(
                Integer.parseInt(field(status, "Pid")),
                Integer.parseInt(field(status, "Tgid")),
                Files.readString(folder.resolve("comm")).strip(),
                fields[0].charAt(0),
                Integer.parseInt(fields[19 - 3]),
                Integer.parseInt(fields[39 - 3]),
                count(field(status, "Cpus_allowed_list")),
                Long.parseLong(Files.readString(folder.resolve("schedstat")).split(" ")[0]));
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /// How many CPUs a list such as 0-1,3 has.
    private static int count(String list) {
        int count = 0;
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}
