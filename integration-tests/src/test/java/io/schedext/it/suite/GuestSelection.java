// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Which guest tests to run, and how long each may take. Host and guest select by the same rules,
/// so the host knows what must come back before it boots anything.
///
/// @param only as [TestFilter]'s words
/// @param tags `gate` (all but those tagged `full`), `conformance` (those tagged so), or `full` or
///   nothing for all
/// @param limit time of a test that has no `@Timeout` of its own
public record GuestSelection(String only, String tags, Duration limit) {
    /// A minute is much for one test, even when it is emulated.
    public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

    /// Names the system property that makes tests be found and reported but not run.
    static final String DRY = "scx.dry";

    private static final String GATE = "gate";
    private static final String FULL = "full";

    /// What every kernel has to pass; some minutes.
    private static final String CONFORMANCE = "conformance";

    public GuestSelection {
        if (!Set.of(GATE, FULL, CONFORMANCE, "").contains(tags)) {
            throw new IllegalArgumentException("tags are gate, full or conformance; not: " + tags);
        }
    }

    /// From the system properties `scx.only`, `scx.tags` and `scx.test.limit` (seconds).
    public static GuestSelection fromProperties() {
        return new GuestSelection(
                System.getProperty("scx.only", ""),
                System.getProperty("scx.tags", GATE),
                Duration.ofSeconds(Long.getLong("scx.test.limit", DEFAULT_LIMIT.toSeconds())));
    }

    /// The same with other tags.
    public GuestSelection withTags(String other) {
        return new GuestSelection(only, other, limit);
    }

    /// The names of all selected test methods; a method that runs several times is one name.
    public List<String> names() {
        TestPlan plan = launcher().discover(request(Set.of()));
        List<String> names = new ArrayList<>();
        plan.getRoots().forEach(root -> collect(plan, root, names));
        return names;
    }

    /// A launcher that [GuestOnly] does not keep from the guest's tests.
    public static Launcher launcher() {
        return LauncherFactory.create(
                LauncherConfig.builder().enablePostDiscoveryFilterAutoRegistration(false).build());
    }

    private static void collect(TestPlan plan, TestIdentifier identifier, List<String> names) {
        if (identifier.getSource().orElse(null) instanceof MethodSource source) {
            names.add(TestNames.name(source));
        } else {
            plan.getChildren(identifier).forEach(child -> collect(plan, child, names));
        }
    }

    /// What JUnit is asked to run.
    ///
    /// @param skip names to leave out
    public LauncherDiscoveryRequest request(Set<String> skip) {
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectPackage("io.schedext.it.guest"))
                        .filters(includeClassNamePatterns(".*Test"), nameFilter(skip))
                        .configurationParameter(
                                "junit.jupiter.extensions.autodetection.enabled", "true")
                        .configurationParameter(
                                "junit.jupiter.execution.timeout.default",
                                limit.toSeconds() + " s");
        request.configurationParameter(
                "junit.platform.execution.dryRun.enabled",
                Boolean.toString(Boolean.getBoolean(DRY)));
        if (tags.equals(GATE)) {
            request.filters(TagFilter.excludeTags(FULL));
        } else if (tags.equals(CONFORMANCE)) {
            request.filters(TagFilter.includeTags(CONFORMANCE));
        }
        return request.build();
    }

    private PostDiscoveryFilter nameFilter(Set<String> skip) {
        TestFilter words = new TestFilter(only);
        return descriptor -> FilterResult.includedIf(included(descriptor, words, skip));
    }

    private static boolean included(TestDescriptor descriptor, TestFilter words, Set<String> skip) {
        if (descriptor.getSource().orElse(null) instanceof MethodSource source) {
            String name = TestNames.name(source);
            return words.matches(name) && !skip.contains(name);
        }
        return true;
    }
}
