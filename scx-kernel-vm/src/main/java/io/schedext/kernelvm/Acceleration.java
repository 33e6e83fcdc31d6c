// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

import java.util.Locale;

/// How the guest's instructions are run.
public enum Acceleration {
    /// Hardware virtualisation when a kernel comes up with it, else emulation. Decided anew for
    /// each container.
    AUTO,
    /// Hardware virtualisation; the boot fails where it does not work.
    KVM,
    /// Emulation, everywhere, at a tenth of the speed or less: one thread for all CPUs of the
    /// guest.
    TCG,
    /// The same with a thread for each CPU. They run at the same time then, as real ones do; but a
    /// CPU may run code that another is just changing as it was before, and a kernel that patches
    /// itself, as attaching and tracing make it do, dies of that sooner or later.
    TCG_MULTI;

    /// The value in the environment variable `SCX_ACCEL` (`auto`, `kvm`, `tcg`, `tcg-multi`), or
    /// [#AUTO].
    public static Acceleration fromEnvironment() {
        String value = System.getenv("SCX_ACCEL");
        return value == null || value.isBlank() ? AUTO : parse(value);
    }

    /// @throws IllegalArgumentException for any other word
    public static Acceleration parse(String word) {
        for (Acceleration acceleration : values()) {
            if (acceleration.word().equalsIgnoreCase(word.strip())) {
                return acceleration;
            }
        }
        throw new IllegalArgumentException(
                "acceleration is one of auto, kvm, tcg, tcg-multi; not: " + word);
    }

    /// Whether no hardware is asked to help.
    boolean isEmulation() {
        return this == TCG || this == TCG_MULTI;
    }

    /// The word that [#parse] takes.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
