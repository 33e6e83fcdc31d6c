// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GuestSelectionTest {
    @Test
    void theHostKnowsTheGuestsTests() {
        assertThat(selection("GuestSmoke", "gate").names())
                .hasSizeGreaterThanOrEqualTo(8)
                .contains("GuestSmokeTest.theLastCpuGoesOfflineAndComesBack")
                .allMatch(name -> name.startsWith("GuestSmokeTest."));
    }

    @Test
    void allIsMoreThanTheGateOrTheSame() {
        assertThat(selection("", "full").names()).containsAll(selection("", "gate").names());
        assertThat(selection("", "").names()).isEqualTo(selection("", "full").names());
    }

    @Test
    void whatEveryKernelHasToPassIsAPartOfTheGate() {
        assertThat(selection("", "conformance").names())
                .contains("AttachDetachTest.attachAndDetachTwice")
                .hasSizeGreaterThan(5)
                .hasSizeLessThan(selection("", "gate").names().size());
        assertThat(selection("", "gate").names()).containsAll(selection("", "conformance").names());
    }

    @Test
    void aNameThatIsNowhereSelectsNothing() {
        assertThat(selection("NoSuchTestAnywhere", "full").names()).isEmpty();
    }

    @Test
    void otherTagsAreRefused() {
        assertThatThrownBy(() -> selection("", "slow"))
                .hasMessageContaining("gate, full or conformance");
    }

    @Test
    void onTheHostNoLauncherRunsThem() {
        var request = selection("", "full").request(java.util.Set.of());
        var plan = org.junit.platform.launcher.core.LauncherFactory.create().discover(request);
        assertThat(plan.countTestIdentifiers(identifier -> identifier.isTest())).isZero();
    }

    private static GuestSelection selection(String only, String tags) {
        return new GuestSelection(only, tags, GuestSelection.DEFAULT_LIMIT);
    }
}
