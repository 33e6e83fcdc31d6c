// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.vm;

import java.util.Locale;

/// How the guest's instructions are run.
public enum Acceleration {
    /// Hardware virtualisation when a kernel comes up with it, else emulation. Decided anew for
    /// each container.
    AUTO,
    /// Hardware virtualisation; the boot fails where it does not work.
    KVM,
    /// Emulation, everywhere, at a tenth of the speed or less.
    TCG;

    /// The value in the environment variable `SCX_ACCEL` (`auto`, `kvm`, `tcg`), or [#AUTO].
    public static Acceleration fromEnvironment() {
        String value = System.getenv("SCX_ACCEL");
        return value == null || value.isBlank() ? AUTO : parse(value);
    }

    /// @throws IllegalArgumentException for any word but the three
    public static Acceleration parse(String word) {
        for (Acceleration acceleration : values()) {
            if (acceleration.word().equalsIgnoreCase(word.strip())) {
                return acceleration;
            }
        }
        throw new IllegalArgumentException("acceleration is one of auto, kvm, tcg; not: " + word);
    }

    /// The word that [#parse] takes.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
