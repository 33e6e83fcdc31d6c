// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.osgi;

/// The names by which bundles with policies, and whoever configures the framework, speak to this
/// bundle.
///
/// A policy is a service of the type [io.schedext.core.Policy], of prototype scope: a scheduler
/// asks for a new one to rehearse with, and for one each time it is attached. Of several, the one
/// with the highest `service.ranking` schedules the machine. When that changes, because bundles
/// come, go or are updated, the policy of the running kernel is swapped, without detaching; without
/// any, the kernel side schedules by itself.
///
/// A bundle need not register anything itself. With this header in its manifest it is done for it,
/// as long as it is active:
///
/// ```
/// Scx-Policy: org.example.MyPolicy;ranking=10
/// ```
///
/// The class is public, implements [io.schedext.core.Policy] and has a public constructor without
/// parameters. Several are separated by commas; the ranking is 0 if it is left out.
public final class SchedulerBundle {

    /// The header of a bundle's manifest that names its policies.
    public static final String POLICY_HEADER = "Scx-Policy";

    /// A framework or system property: what the kernel shows as the scheduler's name (`osgi`).
    public static final String NAME = "io.schedext.osgi.name";

    /// A framework or system property, `true` or `false` (`false`): only tasks of the class
    /// `SCHED_EXT` are scheduled, as [io.schedext.core.SchedulerOptions#partial()] says.
    public static final String PARTIAL = "io.schedext.osgi.partial";

    /// A framework or system property: the default slice in microseconds, above 0 (20000).
    public static final String SLICE_US = "io.schedext.osgi.slice-us";

    /// A framework or system property: after how long the kernel ends a scheduler that leaves a
    /// task waiting, in milliseconds (5000); as
    /// [io.schedext.core.SchedulerOptions#watchdogTimeout()].
    public static final String TIMEOUT_MS = "io.schedext.osgi.timeout-ms";

    private SchedulerBundle() {}
}
