// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.guest.comparison;

import java.util.Map;

/// A load that runs for a while under whatever scheduler there is.
@FunctionalInterface
interface Measurement {

    /// Runs it once.
    ///
    /// @return what came of it, by name; of each number less is better
    Map<String, Double> run() throws Exception;
}
