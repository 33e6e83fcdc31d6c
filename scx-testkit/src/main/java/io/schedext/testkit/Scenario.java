// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import io.schedext.testkit.Behaviour.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// A random machine with a random load, all of which follows from a seed: to try a policy on what
/// nobody thought of.
///
/// ```java
/// Scenario.forEach(100, scenario -> scenario.check(MyPolicy::new));
/// ```
///
/// @param seed everything follows from it
public record Scenario(long seed) {

    private static final Duration LENGTH = Duration.ofSeconds(2);
    private static final Duration OVERDUE = Duration.ofMillis(500);

    private static final Duration WATCHDOG = Duration.ofSeconds(2);

    /// What is found overdue, at the latest a timer's period after it is, waits for those who were
    /// before it, as long again at most; and no slice, whatever a policy says, is longer than a
    /// quarter of the watchdog's timeout.
    private static final Duration LONGEST_WAIT =
            OVERDUE.multipliedBy(2).plus(WATCHDOG.dividedBy(4));

    /// Does something with scenarios of successive seeds. The first seed is 1, or the system
    /// property `scx.testkit.seed`.
    ///
    /// @param count how many
    /// @param action what is done; what it throws gets a note that tells the seed
    public static void forEach(int count, Consumer<Scenario> action) {
        long first = Long.getLong(Simulations.SEED, 1);
        for (int i = 0; i < count; i++) {
            Scenario scenario = new Scenario(first + i);
            try {
                action.accept(scenario);
            } catch (RuntimeException | AssertionError e) {
                e.addSuppressed(
                        new Simulations.Note(scenario + ": " + Simulations.repeat(scenario.seed)));
                throw e;
            }
        }
    }

    /// What should be true of every policy: no task is lost, none waits for much longer than twice
    /// the time after which the kernel side takes it, the scheduler is not ended, and the same seed
    /// gives the same run.
    ///
    /// @param policies gives a new policy each time
    public void check(Supplier<? extends Policy> policies) {
        Simulation simulation = run(policies.get());
        SimulationAssert.assertThat(simulation)
                .as("%s", this)
                .wasNotEvicted()
                .lostNoTask()
                .letNobodyWaitLongerThan(LONGEST_WAIT);
        String first = simulation.fingerprint();
        String second = run(policies.get()).fingerprint();
        if (!first.equals(second)) {
            throw new AssertionError(
                    "%s ran differently the second time: the policy depends on more than the kernel tells it%n%s%n%s"
                            .formatted(this, first, second));
        }
    }

    /// Runs it for two seconds of simulated time.
    ///
    /// @param policy a new one
    /// @return what has run
    public Simulation run(Policy policy) {
        RandomGenerator random = new SplittableRandom(seed);
        Machine machine = machine(random);
        SchedulerOptions options =
                SchedulerOptions.builder()
                        .name("scenario")
                        .watchdogTimeout(WATCHDOG)
                        .overdueAfter(OVERDUE)
                        .builtinIdle(random.nextBoolean())
                        .numaLocal(random.nextInt(4) == 0)
                        .build();
        Simulation simulation = Simulation.of(machine, policy, options, random.nextLong());
        load(simulation, random);
        for (int pauses = random.nextInt(3); pauses > 0; pauses--) {
            simulation.pauseLoop(
                    Duration.ofMillis(random.nextInt(1_500)),
                    Duration.ofMillis(1 + random.nextInt(300)));
        }
        changes(simulation, random);
        return simulation;
    }

    private static Machine machine(RandomGenerator random) {
        int[] sizes = {1, 2, 3, 4, 8, 16};
        int cpus = sizes[random.nextInt(sizes.length)];
        Machine machine = Machine.of(cpus);
        if (random.nextBoolean() && cpus % 2 == 0) {
            machine = machine.threadsPerCore(2);
        }
        if (random.nextBoolean() && cpus % 4 == 0) {
            machine = machine.cpusPerCache(cpus / 2).cpusPerNode(cpus / 2);
        }
        if (random.nextInt(3) == 0) {
            machine = machine.speed(random.nextInt(cpus), 0.25 + random.nextDouble());
        }
        return machine;
    }

    private static void load(Simulation simulation, RandomGenerator random) {
        int cpus = simulation.machine().cpus();
        int hogs = random.nextInt(2 * cpus + 1);
        simulation.spawn(hogs, "hog", Behaviour.hog());
        int sleepers = random.nextInt(4 * cpus + 2);
        simulation.spawn(
                sleepers,
                "sleeper",
                Behaviour.random(
                        Duration.ofNanos(10_000 + random.nextInt(1_000_000)),
                        Duration.ofNanos(100_000 + random.nextInt(20_000_000))));
        simulation.spawn(
                random.nextInt(3),
                "game",
                Behaviour.periodic(
                        Duration.ofMillis(16), Duration.ofMillis(1 + random.nextInt(8))));
        for (int pairs = random.nextInt(3); pairs > 0; pairs--) {
            pair(simulation, pairs);
        }
        if (random.nextBoolean()) {
            simulation.spawn("parent", parent());
        }
        simulation.spawnKernelThread(
                "kworker", Behaviour.random(Duration.ofNanos(50_000), Duration.ofMillis(10)));
    }

    /// Two that wake each other.
    private static void pair(Simulation simulation, int number) {
        Step sleep = new Step.Sleep(Long.MAX_VALUE);
        Step run = new Step.Run(30_000);
        SimulatedTask[] other = new SimulatedTask[1];
        SimulatedTask pong =
                simulation.spawn(
                        "pong-" + number,
                        _ -> {
                            int[] next = {0};
                            return _ ->
                                    switch (next[0]++ % 3) {
                                        case 0 -> sleep;
                                        case 1 -> run;
                                        default -> new Step.Wake(other[0]);
                                    };
                        });
        other[0] =
                simulation.spawn(
                        "ping-" + number, Behaviour.repeat(run, new Step.Wake(pong), sleep));
    }

    /// One that starts children, which change their nice value and affinity, and end.
    private static Behaviour parent() {
        return random ->
                new Behaviour.Script() {
                    private int next;

                    @Override
                    public Step next(SimulatedTask self) {
                        return switch (next++ % 3) {
                            case 0 -> new Step.Run(200_000);
                            case 1 ->
                                    new Step.Fork(
                                            "child",
                                            Behaviour.steps(
                                                    new Step.Run(1 + random.nextInt(2_000_000)),
                                                    new Step.Nice(random.nextInt(-20, 20)),
                                                    new Step.Yield(),
                                                    new Step.Run(1 + random.nextInt(2_000_000))));
                            default -> new Step.Sleep(5_000_000);
                        };
                    }
                };
    }

    /// Lets the two seconds pass, and changes tasks meanwhile.
    private static void changes(Simulation simulation, RandomGenerator random) {
        int cpus = simulation.machine().cpus();
        int pieces = 1 + random.nextInt(40);
        for (int piece = 0; piece < pieces; piece++) {
            simulation.run(LENGTH.dividedBy(pieces));
            List<SimulatedTask> living = new ArrayList<>(simulation.tasks());
            living.removeIf(SimulatedTask::exited);
            SimulatedTask task = living.get(random.nextInt(living.size()));
            if (random.nextBoolean()) {
                int[] some = IntStream.range(0, cpus).filter(_ -> random.nextBoolean()).toArray();
                task.cpus(some.length > 0 ? some : new int[] {random.nextInt(cpus)});
            } else {
                task.nice(random.nextInt(-20, 20));
            }
        }
    }

    @Override
    public String toString() {
        return "scenario " + seed;
    }
}
