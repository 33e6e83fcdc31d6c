// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.testkit;

import io.schedext.core.Policy;
import io.schedext.core.SchedulerOptions;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Makes the simulations of a JUnit test, and when the test fails says by which seed it can be
/// repeated and leaves a picture of each.
///
/// ```java
/// @ExtendWith(Simulations.Extension.class)
/// class MyPolicyTest {
///     @Test
///     void isFair(Simulations simulations) {
///         Simulation simulation = simulations.of(Machine.of(4), new MyPolicy());
/// ```
///
/// The seed is 1, or the system property `scx.testkit.seed`; pictures go to `target/scx-testkit`,
/// or where `scx.testkit.pictures` says.
public final class Simulations {

    static final String SEED = "scx.testkit.seed";
    private static final String PICTURES = "scx.testkit.pictures";
    private static final String USUAL_FOLDER = "target/scx-testkit";

    private final long seed = Long.getLong(SEED, 1);
    private final List<Simulation> made = new ArrayList<>();

    private Simulations() {}

    /// A simulation with the usual options.
    ///
    /// @param machine what is simulated
    /// @param policy what decides; a new one for each simulation
    /// @return at time 0, without tasks
    public Simulation of(Machine machine, Policy policy) {
        return of(machine, policy, SchedulerOptions.builder().name("simulated").build());
    }

    /// A simulation.
    ///
    /// @param machine what is simulated
    /// @param policy what decides; a new one for each simulation
    /// @param options of the scheduler
    /// @return at time 0, without tasks
    public Simulation of(Machine machine, Policy policy, SchedulerOptions options) {
        Simulation simulation = Simulation.of(machine, policy, options, seed);
        made.add(simulation);
        return simulation;
    }

    static String repeat(long seed) {
        return "-D" + SEED + "=" + seed + " repeats it";
    }

    private List<Path> draw(String name) throws IOException {
        Path folder = Path.of(System.getProperty(PICTURES, USUAL_FOLDER));
        Files.createDirectories(folder);
        List<Path> pictures = new ArrayList<>();
        for (Simulation simulation : made) {
            String number = made.size() == 1 ? "" : "-" + (pictures.size() + 1);
            Path picture = folder.resolve(name + number + ".html");
            Files.writeString(picture, simulation.timeline(name + number));
            pictures.add(picture);
        }
        return pictures;
    }

    /// What a failed test should tell besides its failure; it has no stack of its own.
    static final class Note extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        Note(String text) {
            super(text, null, false, false);
        }
    }

    /// Gives a test its [Simulations].
    public static final class Extension
            implements ParameterResolver, TestExecutionExceptionHandler {

        private static final ExtensionContext.Namespace NAMESPACE =
                ExtensionContext.Namespace.create(Simulations.class);

        /// For JUnit.
        public Extension() {}

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Simulations.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return of(context);
        }

        private static Simulations of(ExtensionContext context) {
            return context.getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            context.getUniqueId(), _ -> new Simulations(), Simulations.class);
        }

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            Simulations simulations = of(context);
            if (!simulations.made.isEmpty()) {
                failure.addSuppressed(new Note(simulations.note(context)));
            }
            throw failure;
        }
    }

    private String note(ExtensionContext context) {
        String test =
                context.getRequiredTestClass().getSimpleName()
                        + "."
                        + context.getRequiredTestMethod().getName();
        try {
            return repeat(seed) + "; pictures: " + draw(test);
        } catch (IOException e) {
            return repeat(seed) + "; no picture: " + e;
        }
    }
}
