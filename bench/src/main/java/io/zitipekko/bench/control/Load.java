package io.zitipekko.bench.control;

import io.zitipekko.bench.BenchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Callers that each do one operation after the other over a connection of their own. The first failure ends the load. */
public final class Load implements AutoCloseable {
    /** One operation. */
    @FunctionalInterface
    public interface Operation {
        /** @param index counts all operations of the load, from 0 */
        void run(ApiConnection connection, int index);
    }

    /**
     * @param seconds from the first operation to the end of the last
     * @param millis that each operation took
     */
    public record Result(double seconds, double[] millis) {
        public double rate() {
            return millis.length / seconds;
        }
    }

    private final List<ApiConnection> connections = new ArrayList<>();
    private final ExecutorService threads;
    private final AtomicInteger next = new AtomicInteger();

    public Load(int callers, Supplier<ApiConnection> connect) {
        this.threads = Executors.newFixedThreadPool(callers);
        for (int i = 0; i < callers; i++) {
            connections.add(connect.get());
        }
    }

    /** As many as the time allows. */
    public Result during(Duration time, Operation operation) {
        return run(operation, Integer.MAX_VALUE, System.nanoTime() + time.toNanos());
    }

    /** So many. */
    public Result times(int count, Operation operation) {
        return run(operation, count, Long.MAX_VALUE);
    }

    private Result run(Operation operation, int count, long until) {
        AtomicInteger left = new AtomicInteger(count);
        long began = System.nanoTime();
        List<Future<List<Long>>> running = connections.stream()
                .map(connection -> threads.submit(() -> {
                    List<Long> nanos = new ArrayList<>();
                    while (left.getAndDecrement() > 0 && System.nanoTime() < until) {
                        long start = System.nanoTime();
                        operation.run(connection, next.getAndIncrement());
                        nanos.add(System.nanoTime() - start);
                    }
                    return nanos;
                }))
                .toList();
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> one : running) {
            all.addAll(result(one));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Result(
                seconds, all.stream().mapToDouble(nanos -> nanos / 1e6).toArray());
    }

    private static List<Long> result(Future<List<Long>> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw new BenchException(String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        connections.forEach(ApiConnection::close);
    }
}
