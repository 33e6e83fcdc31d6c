// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/// Schedulers as services of systemd.
package io.schedext.it.guest.service;
