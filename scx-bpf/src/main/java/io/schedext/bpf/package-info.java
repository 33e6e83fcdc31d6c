// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0

/// libbpf for Java: objects, maps, programs, struct_ops links, BTF queries and both ring buffers.
package io.schedext.bpf;
