package io.zitipekko.actors.fabric.terminator;

import java.time.Duration;
import java.time.Instant;

/**
 * The dynamic cost of one terminator (protocol/03 section 8.3): 2 for each open circuit, 20 for each failed dial, less 2 for each good one; failures are
 * forgiven by and by, faster the longer ago the last one was. Thread-safe.
 */
final class DialCost {
    static final int MAX = 65535;
    private static final int PER_CIRCUIT = 2;
    private static final int PER_FAILURE = 20;
    private static final int PER_SUCCESS = 2;
    private static final int LEAST_CREDIT = 10;
    private static final Duration CREDIT_EVERY = Duration.ofMinutes(1);
    private static final Duration DOUBLE_EVERY = Duration.ofMinutes(5);

    private int circuits;
    private int failureCost;
    private Instant lastFailure = Instant.EPOCH;
    private Instant credited = Instant.EPOCH;

    synchronized void circuitOpened() {
        circuits++;
    }

    synchronized void circuitClosed() {
        circuits = Math.max(0, circuits - 1);
    }

    synchronized void failed(Instant now) {
        credit(now);
        if (failureCost == 0) {
            credited = now;
        }
        failureCost = Math.min(MAX, failureCost + PER_FAILURE);
        lastFailure = now;
    }

    synchronized void succeeded(Instant now) {
        credit(now);
        failureCost = Math.max(0, failureCost - PER_SUCCESS);
    }

    /** 0..65535. */
    synchronized int value(Instant now) {
        credit(now);
        return (int) Math.min(MAX, (long) circuits * PER_CIRCUIT + failureCost);
    }

    /** Whether nothing is counted, so that it need not be kept. */
    synchronized boolean idle(Instant now) {
        return value(now) == 0;
    }

    private void credit(Instant now) {
        // At least 10 go each minute, so this ends after a few rounds however long ago it was.
        while (failureCost > 0 && !credited.plus(CREDIT_EVERY).isAfter(now)) {
            credited = credited.plus(CREDIT_EVERY);
            long doublings = Math.min(
                    20, Math.max(0, Duration.between(lastFailure, credited).dividedBy(DOUBLE_EVERY)));
            failureCost = Math.max(0, failureCost - (int) Math.max(LEAST_CREDIT, 1L << doublings));
        }
    }
}
