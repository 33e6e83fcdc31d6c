// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm.internal;

import io.schedext.kernelvm.Acceleration;
import io.schedext.kernelvm.GuestCommand;
import io.schedext.kernelvm.GuestException;
import io.schedext.kernelvm.GuestHungException;
import io.schedext.kernelvm.GuestProcess;
import io.schedext.kernelvm.GuestResult;
import io.schedext.kernelvm.KernelVmContainer;
import io.schedext.kernelvm.OutputListener;
import io.schedext.kernelvm.VmOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Boots a guest, runs one command in it with its output live, passes its exit status on.
///
/// `VmShell [--kernel 6.18] [--cpus N] [--nodes N] [--memory MIB] [--accel auto|kvm|tcg|tcg-multi]
/// [--mount FOLDER]... [--out FOLDER] [--limit SECONDS] [--quiet] -- command...`
///
/// Exit status: the command's; 2 for wrong usage, 124 when the time is up, 125 when there is no
/// guest to run it in. Ctrl-C is passed on to the command as SIGINT; a second one ends the guest.
public final class VmShell {
    private static final int USAGE = 2;
    private static final int TIME_IS_UP = 124;
    private static final int NO_GUEST = 125;

    private Path output = Path.of("target", "vm", "shell");
    private Duration limit = Duration.ofMinutes(30);
    private boolean quiet;
    private boolean control;
    private final List<String> command = new ArrayList<>();

    private VmShell() {}

    /// @param arguments as the class comment says
    public static void main(String[] arguments) {
        System.exit(new VmShell().run(arguments));
    }

    private int run(String[] arguments) {
        long start = System.nanoTime();
        try {
            VmOptions options = parse(arguments);
            Files.createDirectories(output);
            try (var vm = KernelVmContainer.create(options, line -> tell(start, line))) {
                vm.start();
                return finish(vm, GuestCommand.of(command.toArray(String[]::new)).withJdk());
            }
        } catch (IllegalArgumentException e) {
            System.err.println("vm: " + e.getMessage());
            return USAGE;
        } catch (GuestException | IOException e) {
            System.err.println("vm: " + e.getMessage());
            return NO_GUEST;
        }
    }

    private int finish(KernelVmContainer vm, GuestCommand words) {
        try (GuestProcess process = vm.launch(words, OutputListener.PRINT)) {
            if (control) {
                Thread.ofPlatform().daemon().name("control").start(() -> obey(process));
            }
            GuestResult result = process.waitFor(limit);
            if (result.timedOut()) {
                System.err.println(
                        "vm: the command did not end within " + limit.toSeconds() + " s");
                return TIME_IS_UP;
            }
            return result.status();
        } catch (GuestHungException e) {
            System.err.println("vm: the guest's console ends with:\n" + vm.consoleTail());
            throw e;
        }
    }

    private static void obey(GuestProcess process) {
        var requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                process.signal(line.equals("int") ? GuestProcess.SIGINT : GuestProcess.SIGKILL);
            }
        } catch (IOException e) {
            // As its end.
        }
        process.signal(GuestProcess.SIGKILL);
    }

    private void tell(long start, String line) {
        if (!quiet) {
            System.err.printf("vm: %5.1f s  %s%n", (System.nanoTime() - start) / 1e9, line);
        }
    }

    private VmOptions parse(String[] arguments) {
        var words = List.of(arguments).iterator();
        String kernel = VmOptions.DEFAULT_KERNEL;
        int cpus = 4;
        int nodes = 0;
        int memory = 3072;
        Acceleration acceleration = Acceleration.fromEnvironment();
        List<Path> mounts = new ArrayList<>();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--" -> words.forEachRemaining(command::add);
                case "--quiet" -> quiet = true;
                case "--control" -> control = true;
                case "--kernel" -> kernel = value(word, words);
                case "--cpus" -> cpus = Integer.parseInt(value(word, words));
                case "--nodes" -> nodes = Integer.parseInt(value(word, words));
                case "--memory" -> memory = Integer.parseInt(value(word, words));
                case "--accel" -> acceleration = Acceleration.parse(value(word, words));
                case "--mount" -> mounts.add(Path.of(value(word, words)));
                case "--out" -> output = Path.of(value(word, words));
                case "--limit" -> limit = Duration.ofSeconds(Long.parseLong(value(word, words)));
                default -> throw new IllegalArgumentException("unknown option " + word);
            }
        }
        if (command.isEmpty()) {
            throw new IllegalArgumentException(
                    "usage: run-guest [--kernel 6.18] [--cpus N] [--nodes N]"
                            + " [--memory MIB] [--accel auto|kvm|tcg|tcg-multi] [--mount FOLDER]... [--out FOLDER]"
                            + " [--limit SECONDS] [--quiet] -- command...");
        }
        VmOptions options =
                VmOptions.defaults(output)
                        .withKernel(kernel)
                        .withCpus(cpus, nodes == 0 ? (cpus % 2 == 0 ? 2 : 1) : nodes)
                        .withMemoryMib(memory)
                        .withAcceleration(acceleration);
        for (Path mount : mounts) {
            options = options.withMount(mount);
        }
        return options;
    }

    private static String value(String option, java.util.Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.next();
    }
}
