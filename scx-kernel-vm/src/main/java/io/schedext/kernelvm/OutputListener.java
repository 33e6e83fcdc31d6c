// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.kernelvm;

/// Gets each line of a command's output as it comes, in the thread that waits for the command.
public interface OutputListener {
    /// One line of standard output, without its end.
    void out(String line);

    /// One line of standard error, without its end.
    void err(String line);

    /// Ignores all: the result has the output too.
    OutputListener NONE =
            new OutputListener() {
                @Override
                public void out(String line) {}

                @Override
                public void err(String line) {}
            };

    /// Prints all to this JVM's own standard output and standard error.
    OutputListener PRINT =
            new OutputListener() {
                @Override
                public void out(String line) {
                    System.out.println(line);
                }

                @Override
                public void err(String line) {
                    System.err.println(line);
                }
            };
}
