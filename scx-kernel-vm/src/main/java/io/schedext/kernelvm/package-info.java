// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// A virtual machine that runs a kernel with sched_ext, and a command channel into it.
///
/// [io.schedext.kernelvm.KernelVmContainer] is a Testcontainers container around QEMU: hardware
/// virtualisation where it really works, emulation elsewhere. Commands run in the guest through an
/// agent of real-time class, so they still run and report while the scheduler under test
/// misbehaves. One container boots one guest once.
///
/// Containers and channels may be used by any thread; one [io.schedext.kernelvm.GuestProcess] by
/// one thread at a time.
package io.schedext.kernelvm;
