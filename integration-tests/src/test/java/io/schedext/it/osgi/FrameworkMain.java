// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.osgi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/// The program of [FrameworkProcess]: starts the framework of its class path, then does what it is
/// told, a line each, and answers with a line.
final class FrameworkMain {

    private static final Map<Integer, String> STATES =
            Map.of(
                    Bundle.INSTALLED, "INSTALLED",
                    Bundle.RESOLVED, "RESOLVED",
                    Bundle.STARTING, "STARTING",
                    Bundle.STOPPING, "STOPPING",
                    Bundle.ACTIVE, "ACTIVE");

    private final Framework framework;
    private final PrintStream answers;

    private FrameworkMain(Framework framework, PrintStream answers) {
        this.framework = framework;
        this.answers = answers;
    }

    /// @param args where it may keep its files
    public static void main(String[] args) throws Exception {
        // the answers have standard output for themselves
        PrintStream answers = System.out;
        System.setOut(System.err);
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        args[0],
                                        Constants.FRAMEWORK_STORAGE_CLEAN,
                                        "onFirstInit"));
        framework.start();
        new FrameworkMain(framework, answers).serve();
        framework.stop();
        framework.waitForStop(0);
        System.exit(0);
    }

    private void serve() throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = in.readLine()) != null && !line.equals("quit")) {
            answers.println(answer(line.split(" ")));
        }
    }

    private String answer(String[] words) {
        try {
            switch (words[0]) {
                case "install" -> install(Path.of(words[1]));
                case "resolve" -> resolve();
                case "start" -> bundle(words[1]).start();
                case "stop" -> bundle(words[1]).stop();
                case "update" -> bundle(words[1]).update();
                case "uninstall" -> bundle(words[1]).uninstall();
                case "load" -> bundle(words[1]).loadClass(words[2]);
                case "state" -> {
                    return STATES.get(bundle(words[1]).getState());
                }
                default -> throw new IllegalArgumentException("no such command");
            }
            return "ok";
        } catch (BundleException
                | ReflectiveOperationException
                | RuntimeException
                | IOException e) {
            e.printStackTrace();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return cause.toString().replace('\n', ' ');
        }
    }

    private void install(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            framework.getBundleContext().installBundle(jar.toUri().toString(), in);
        }
    }

    private void resolve() throws BundleException {
        framework.adapt(FrameworkWiring.class).resolveBundles(null);
        List<String> left = new ArrayList<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            if (bundle.getState() == Bundle.INSTALLED) {
                left.add(bundle.getSymbolicName());
            }
        }
        if (!left.isEmpty()) {
            throw new BundleException("not resolved: " + left);
        }
    }

    private Bundle bundle(String name) {
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new IllegalArgumentException("no bundle " + name);
    }
}
