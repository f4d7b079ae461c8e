package io.zitipekko.overlay;

/** Tells when nothing has come over a connection for several looks in a row. */
final class Standstill {
    private static final int LOOKS = 5;

    private final EchoTraffic traffic;
    private long last = -1;
    private int same;

    Standstill(EchoTraffic traffic) {
        this.traffic = traffic;
    }

    /** One look. */
    boolean reached() {
        long now = traffic.received();
        same = now == last ? same + 1 : 0;
        last = now;
        return same >= LOOKS;
    }
}
