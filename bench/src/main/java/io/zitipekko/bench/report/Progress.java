package io.zitipekko.bench.report;

import java.io.PrintStream;
import java.util.Locale;

/** What a person who waits sees, on standard error: each step on a line of its own, with the time since the start. */
public final class Progress {
    private final PrintStream out;
    private final long began = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    public void say(String format, Object... arguments) {
        out.printf(
                Locale.ROOT,
                "[%6.1f s] %s%n",
                (System.nanoTime() - began) / 1e9,
                String.format(Locale.ROOT, format, arguments));
    }
}
