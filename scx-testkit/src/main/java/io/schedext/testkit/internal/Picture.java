// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Draws what a [Recorder] has kept: a page of its own, which needs nothing else.
final class Picture {

    private static final String TEMPLATE = "timeline.html";
    private static final int STILL_WAITING = -1;

    private final Kernel kernel;
    private final Recorder recorder;
    private final TaskState loop;
    private final long epoch;
    private final List<TaskState> tasks = new ArrayList<>();
    private final Map<TaskState, Integer> numbers = new HashMap<>();
    private final StringBuilder runs = new StringBuilder();
    private long first = Long.MAX_VALUE;

    private Picture(Kernel kernel, Recorder recorder, TaskState loop, long epoch) {
        this.kernel = kernel;
        this.recorder = recorder;
        this.loop = loop;
        this.epoch = epoch;
    }

    /// @param facts a sentence below the title
    static String of(
            Kernel kernel,
            Recorder recorder,
            TaskState loop,
            TaskTable living,
            long epoch,
            String title,
            String facts) {
        return new Picture(kernel, recorder, loop, epoch).html(living, title, facts);
    }

    private String html(TaskTable living, String title, String facts) {
        numberAll(living);
        recorder.read(this::run);
        for (CpuState c : kernel.cpus) {
            if (c.current != null) {
                long began = recorder.began(c.id);
                run(c.id, c.current, began, kernel.now(), c.current.measured.lastWaitNs());
            }
        }
        living.all()
                .filter(task -> task.measured.presentWaitNs(kernel.now()) > 0)
                .forEach(task -> {
                    long wait = task.measured.presentWaitNs(kernel.now());
                    run(STILL_WAITING, task, kernel.now(), kernel.now(), wait);
                });
        return template()
                .replace("__TITLE__", escapedForHtml(title))
                .replace("__DATA__", data(facts));
    }

    private String data(String facts) {
        StringBuilder names = new StringBuilder();
        long worst = 0;
        for (TaskState task : tasks) {
            long longest = task.measured.longestWaitNs(kernel.now());
            long began = task.measured.longestWaitBegan(kernel.now());
            worst = task == loop ? worst : Math.max(worst, longest);
            names.append(names.isEmpty() ? "" : ",")
                    .append('[')
                    .append(task.pid)
                    .append(',')
                    .append(quoted(task.name))
                    .append(',')
                    .append(task.weight)
                    .append(',')
                    .append(began - epoch)
                    .append(',')
                    .append(task == loop ? 0 : longest)
                    .append(']');
        }
        long from = runs.isEmpty() ? 0 : first - epoch;
        return "{\"cpus\":%d,\"loop\":%d,\"from\":%d,\"to\":%d,\"worst\":%d,\"facts\":%s,\"tasks\":[%s],\"runs\":[%s]}"
                .formatted(
                        kernel.cpus.length,
                        loop.pid,
                        from,
                        Math.max(from + 1, kernel.now() - epoch),
                        worst,
                        quoted(facts),
                        names,
                        runs);
    }

    /// The loop first, then all that can be seen in the order of their ids.
    private void numberAll(TaskTable living) {
        Set<TaskState> seen = living.all().collect(Collectors.toSet());
        recorder.read((_, task, _, _, _) -> seen.add(task));
        seen.add(loop);
        seen.stream().sorted(Comparator.comparingInt(task -> task.pid)).forEach(tasks::add);
        for (int i = 0; i < tasks.size(); i++) {
            numbers.put(tasks.get(i), i);
        }
    }

    private void run(int cpu, TaskState task, long from, long to, long waited) {
        first = Math.min(first, from - waited);
        runs.append(runs.isEmpty() ? "" : ",")
                .append('[')
                .append(cpu)
                .append(',')
                .append(numbers.get(task))
                .append(',')
                .append(from - epoch)
                .append(',')
                .append(to - epoch)
                .append(',')
                .append(task == loop ? 0 : waited)
                .append(']');
    }

    private static String template() {
        try (InputStream in = Picture.class.getResourceAsStream(TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As JavaScript has it, within an element of HTML.
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c == '<' || c > '~') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String escapedForHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
