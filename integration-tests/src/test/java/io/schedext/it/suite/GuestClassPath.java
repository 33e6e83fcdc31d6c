// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.suite;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// This JVM's class path, copied to one folder that the guest can mount: jars only, uncompressed
/// where they are ours, and without what only the host needs. Fewer and larger files are faster to
/// read from inside the guest.
final class GuestClassPath {
    private static final Pattern HOST_ONLY =
            Pattern.compile(
                    "(testcontainers|docker-java|duct-tape|jna|commons-|jackson-|annotations-|surefire|plexus|maven-).*\\.jar");

    private final Path folder;

    private final List<Path> jars;

    private GuestClassPath(Path folder, List<Path> jars) {
        this.folder = folder;
        this.jars = jars.stream().map(Path::toAbsolutePath).toList();
    }

    /// Copies to a folder, which is emptied first.
    static GuestClassPath stage(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> old = Files.list(folder)) {
                    for (Path file : old.toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.createDirectories(folder);
            List<Path> jars = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                Path source = Path.of(entry).toAbsolutePath();
                Path target =
                        folder.resolve("%02d-%s".formatted(jars.size(), source.getFileName()));
                if (Files.isDirectory(source)) {
                    target = target.resolveSibling(target.getFileName() + ".jar");
                    pack(source, target);
                    jars.add(target);
                } else if (Files.isRegularFile(source)
                        && !HOST_ONLY.matcher(source.getFileName().toString()).matches()) {
                    Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
                    jars.add(target);
                }
            }
            return new GuestClassPath(folder.toAbsolutePath(), List.copyOf(jars));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the guest's class path to " + folder, e);
        }
    }

    /// The folder to mount.
    Path folder() {
        return folder;
    }

    /// The value of `-cp`. Tests start programs of their own from the JVM's `java.class.path`: it
    /// must name every jar.
    String value() {
        return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> paths = Files.walk(classes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Path path : paths.sorted().toList()) {
                String name = classes.relativize(path).toString();
                if (Files.isRegularFile(path)) {
                    store(zip, name, Files.readAllBytes(path));
                } else if (!name.isEmpty()) {
                    store(zip, name + "/", new byte[0]);
                }
            }
        }
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
