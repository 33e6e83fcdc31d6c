// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedext.it.guest.support.Cpus;
import io.schedext.it.guest.support.LoadProgram;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a scheduler is judged by: shares, latencies, throughput, periods that were missed.
final class Measurements {

    /// By nice value, the weights that sched_ext tells a scheduler: the kernel's, in hundredths of
    /// that of nice 0, rounded.
    private static final Map<Integer, Integer> WEIGHTS =
            Map.of(-15, 2847, -10, 932, -5, 305, 0, 100, 5, 33, 10, 11, 15, 4);

    /// The result of [#pipe].
    static final String PIPE = "perf bench sched pipe, s";

    private static final Pattern BUCKET = Pattern.compile("(?m)^(\\d{6}) (\\d+)$");
    private static final Pattern SECONDS = Pattern.compile("(?:Time:|Total time:)\\s*([0-9.]+)");

    /// Of [Cpus#idleTicks()].
    private static final double TICK_NS = 10e6;

    private Measurements() {}

    /// How much of all CPUs was idle meanwhile, which with enough tasks that always compute is what
    /// a scheduler wasted.
    static Measurement idle(String during, Measurement measurement) {
        return () -> {
            long before = idleTicks();
            long start = System.nanoTime();
            Map<String, Double> measured = new LinkedHashMap<>(measurement.run());
            double cpuTime = (System.nanoTime() - start) * (double) Cpus.COUNT;
            measured.put(
                    "idle " + during + ", %", 100 * (idleTicks() - before) * TICK_NS / cpuTime);
            return measured;
        };
    }

    private static long idleTicks() throws IOException {
        return Cpus.idleTicks().values().stream().mapToLong(ticks -> ticks).sum();
    }

    /// Hogs, one of each nice value.
    ///
    /// @param cpus how many they may use, the last ones of all
    /// @return for each what it got, in parts of a hundred of what it is due: [#share(int)]
    static Measurement shares(int cpus, double seconds, int... nices) {
        return () -> {
            List<String> words = new ArrayList<>(List.of("shares", seconds + ""));
            IntStream.of(nices).forEach(nice -> words.add(nice + ""));
            List<String> onCpus =
                    List.of("taskset", "-c", Cpus.COUNT - cpus + "-" + (Cpus.COUNT - 1));
            try (var load = LoadProgram.startBy(onCpus, words.toArray(String[]::new))) {
                List<Long> used = load.numbers();
                double all = used.stream().mapToLong(us -> us).sum();
                double[] due = due(nices, cpus);
                Map<String, Double> shares = new LinkedHashMap<>();
                for (int i = 0; i < nices.length; i++) {
                    shares.put(share(nices[i]), 100 * used.get(i) / all / due[i]);
                }
                return shares;
            }
        };
    }

    /// What is said of the hog of a nice value.
    static String share(int nice) {
        return "of what nice " + nice + " is due, %";
    }

    /// By weight, but nobody can use more than one CPU: what is over goes to the others.
    ///
    /// @return of all CPU time that is used
    private static double[] due(int[] nices, int cpus) {
        double[] due = new double[nices.length];
        double left = cpus;
        double weights = IntStream.of(nices).map(WEIGHTS::get).sum();
        for (int i :
                IntStream.range(0, nices.length).boxed().sorted(heaviestFirst(nices)).toList()) {
            double weight = WEIGHTS.get(nices[i]);
            due[i] = Math.min(1, left * weight / weights);
            left -= due[i];
            weights -= weight;
        }
        double all = DoubleStream.of(due).sum();
        return DoubleStream.of(due).map(share -> share / all).toArray();
    }

    private static Comparator<Integer> heaviestFirst(int[] nices) {
        return Comparator.comparingInt(i -> nices[i]);
    }

    /// A task that wakes up every 5 ms, beside hogs.
    ///
    /// @return microseconds from when it should have run to when it did
    static Measurement wakeUps(int hogs, int times) {
        return () -> {
            try (var _ = LoadProgram.start("hogs", hogs + "", "60")) {
                Thread.sleep(300); // the hogs have used up what new tasks are given
                String said =
                        output(
                                Path.of("/tmp"),
                                "cyclictest",
                                "--quiet",
                                "--policy=other",
                                "--interval=5000",
                                "--loops=" + times,
                                "--histogram=100000");
                List<long[]> buckets =
                        BUCKET.matcher(said)
                                .results()
                                .map(m ->
                                        new long[] {
                                            Long.parseLong(m.group(1)), Long.parseLong(m.group(2))
                                        })
                                .toList();
                return Map.of(
                        "wake-up p50, us", percentile(buckets, 0.5),
                        "wake-up p99, us", percentile(buckets, 0.99));
            }
        };
    }

    private static double percentile(List<long[]> buckets, double share) {
        long all = buckets.stream().mapToLong(bucket -> bucket[1]).sum();
        assertThat(all).as("wake-ups").isGreaterThan(50);
        long seen = 0;
        for (long[] bucket : buckets) {
            seen += bucket[1];
            if (seen >= share * all) {
                return bucket[0];
            }
        }
        throw new AssertionError("no percentile " + share + " of " + all);
    }

    /// @param how options: -p for pipes instead of sockets, -T for threads
    static Measurement hackbench(String what, int groups, int messages, String... how) {
        return () -> {
            List<String> words = new ArrayList<>(List.of("hackbench"));
            words.addAll(List.of(how));
            words.addAll(List.of("-g", groups + "", "-f", "10", "-l", messages + ""));
            return Map.of(what, seconds(output(Path.of("/tmp"), words.toArray(String[]::new))));
        };
    }

    /// Two tasks that wake each other.
    static Measurement pipe(int times) {
        return () ->
                Map.of(
                        PIPE,
                        seconds(
                                output(
                                        Path.of("/tmp"),
                                        "perf",
                                        "bench",
                                        "sched",
                                        "pipe",
                                        "-l",
                                        times + "")));
    }

    /// A C project is built, by twice as many compilers at once as there are CPUs.
    ///
    /// @param targets of its makefile
    static Measurement build(int jobs, String... targets) {
        return () -> {
            Path folder = Files.createTempDirectory("build");
            run(folder, "cp", "-r", "/opt/lua/src", "lua");
            List<String> make = new ArrayList<>(List.of("make", "-s", "-j" + jobs, "CFLAGS=-O0"));
            make.addAll(List.of(targets));
            long start = System.nanoTime();
            run(folder.resolve("lua"), make.toArray(String[]::new));
            double seconds = (System.nanoTime() - start) / 1e9;
            run(Path.of("/tmp"), "rm", "-r", folder.toString());
            return Map.of("build, s", seconds);
        };
    }

    /// A task that needs a CPU for 8 of every 16 ms, while everything compiles.
    static Measurement game(int jobs, double seconds) {
        return () -> {
            Path folder = Files.createTempDirectory("game");
            run(folder, "cp", "-r", "/opt/lua/src", "lua");
            Process make =
                    new ProcessBuilder("setsid", "make", "-s", "-j" + jobs, "CFLAGS=-O0", "a")
                            .directory(folder.resolve("lua").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start();
            try {
                Thread.sleep(500);
                try (var game = LoadProgram.start("game", "16000", "8000", seconds + "")) {
                    List<Long> periods = game.numbers();
                    assertThat(make.isAlive()).as("it still compiles").isTrue();
                    return Map.of("missed periods, %", 100.0 * periods.get(1) / periods.get(0));
                }
            } finally {
                run(Path.of("/tmp"), "pkill", "-g", make.pid() + "");
                make.waitFor();
                run(Path.of("/tmp"), "rm", "-rf", folder.toString());
            }
        };
    }

    private static double seconds(String said) {
        Matcher time = SECONDS.matcher(said);
        if (!time.find()) {
            throw new AssertionError("no time in: " + said);
        }
        return Double.parseDouble(time.group(1));
    }

    private static void run(Path folder, String... words) throws Exception {
        output(folder, words);
    }

    private static String output(Path folder, String... words) throws Exception {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said;
        try (InputStream out = process.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s, which said: %s", Stream.of(words).toList(), said)
                .isZero();
        return said;
    }
}
