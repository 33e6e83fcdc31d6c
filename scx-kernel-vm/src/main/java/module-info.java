// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// A virtual machine with a sched_ext kernel, for the tests of a scheduler.
///
/// Testcontainers and docker-java have no `module-info`: their names come from a file name and a
/// manifest. Nothing of them shows in what this module exports, so whoever requires it needs no
/// automatic module.
@SuppressWarnings("requires-automatic")
module io.schedext.kernelvm {
    requires com.github.dockerjava.api;
    requires testcontainers;

    exports io.schedext.kernelvm;
}
