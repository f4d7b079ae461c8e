package io.zitipekko.bench.process;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A process of the measured network, and what it uses. Closing it stops it as a user would, by SIGTERM. */
public final class RunningProcess implements AutoCloseable {
    // USER_HZ: what /proc counts CPU time in, on every Linux.
    private static final double TICKS_PER_MILLI = 0.1;
    private static final int STOP_SECONDS = 12;
    private static final int LONGEST_RUN_SECONDS = 180;

    private final String role;
    private final Process process;
    private final Path log;

    RunningProcess(String role, Process process, Path log) {
        this.role = role;
        this.process = process;
        this.log = log;
    }

    public String role() {
        return role;
    }

    Process process() {
        return process;
    }

    /** CPU time of all its threads so far, user and system. */
    public double cpuMillis() {
        return cpuMillis(read("stat"));
    }

    /** The same of each thread that there is now, by its id. */
    public Map<Long, Double> threadCpuMillis() {
        Map<Long, Double> spent = new TreeMap<>();
        String[] threads = proc("task").toFile().list();
        for (String thread : threads == null ? new String[0] : threads) {
            OptionalDouble millis = threadMillis(thread);
            if (millis.isPresent()) {
                spent.put(Long.valueOf(thread), millis.getAsDouble());
            }
        }
        return spent;
    }

    private OptionalDouble threadMillis(String thread) {
        try {
            return OptionalDouble.of(cpuMillis(Files.readString(proc("task", thread, "stat"))));
        } catch (IOException ended) {
            // Since it was listed; what it has spent nobody can say any more.
            return OptionalDouble.empty();
        }
    }

    private static double cpuMillis(String stat) {
        // After the name, which may hold anything, fields 14 and 15 of proc(5).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_MILLI;
    }

    /** Memory that it holds in RAM. */
    public long residentKib() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new BenchException(role + " is gone"));
    }

    private String read(String file) {
        try {
            return Files.readString(proc(file));
        } catch (IOException e) {
            throw died(e);
        }
    }

    private Path proc(String... file) {
        return Path.of("/proc/" + process.pid(), file);
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    BenchException died(Throwable cause) {
        return new BenchException(role + " ended before its time: " + lastWords(), cause);
    }

    /** @throws BenchException when it has ended */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException(role + " ended before its time: " + lastWords());
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return (lines.isEmpty() ? "it logged nothing" : lines.get(lines.size() - 1)) + " (" + log + ")";
        } catch (IOException e) {
            return "its log " + log + " cannot be read: " + e.getMessage();
        }
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; SIGKILL when it does not end. */
    @Override
    public void close() {
        process.destroy();
        if (!awaitEnd()) {
            kill();
        }
    }

    /** Waits until it ends by itself. */
    public int awaitCode() {
        try {
            if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException(role + " does not end: " + lastWords());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return true;
        }
    }
}
