package io.zitipekko.bench.floor;

import io.zitipekko.bench.Sizes;
import io.zitipekko.bench.report.Figure;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** What one password hash costs, with OpenZiti's parameters of Argon2id: the floor of a log-in by password. */
public final class PasswordHashSpeed {
    public static final String FIGURE = "floor.argon2id";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int HASHES = 20;

    private PasswordHashSpeed() {}

    /** CPU milliseconds of a hash on one core. */
    public static Figure measure(Sizes sizes) {
        long until = System.nanoTime() + sizes.laterWarmup().toNanos();
        do {
            hash();
        } while (System.nanoTime() < until);
        List<Double> runs = new ArrayList<>();
        for (int i = 0; i < sizes.rounds(); i++) {
            long began = THREADS.getCurrentThreadCpuTime();
            for (int j = 0; j < HASHES; j++) {
                hash();
            }
            runs.add((THREADS.getCurrentThreadCpuTime() - began) / 1e6 / HASHES);
        }
        return Figure.of(FIGURE, "ms", runs);
    }

    private static void hash() {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(1)
                .withMemoryAsKB(3072)
                .withParallelism(4)
                .withSalt(new byte[32])
                .build());
        argon2.generateBytes(new byte[16], new byte[32]);
    }
}
