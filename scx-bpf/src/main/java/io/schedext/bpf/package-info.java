// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// libbpf for Java: objects, maps, programs, links, BTF and both ring buffers.
///
/// Begin with [io.schedext.bpf.Libbpf]; type information and rings over plain memory need no
/// libbpf. Nothing here knows about scheduling.
///
/// Any thread may use an object, map, program or link, and any thread may close one: uses under way
/// end first, later ones are an [IllegalStateException]. A ring has one thread on this side, which
/// neither allocates, waits nor enters the kernel. What the kernel, libbpf or the machine refuses
/// is a [io.schedext.bpf.BpfException].
package io.schedext.bpf;
