package io.zitipekko.bench.path;

import java.time.Duration;

/** What joins the two devices of a {@link DelayedPath}, and holds back and loses what goes from one to the other. */
sealed interface Wire extends AutoCloseable permits NetemWire, RelayedWire {
    String NEAR_DEVICE = "ztp-near";
    String FAR_DEVICE = "ztp-far";
    /** Of both devices, in bytes. */
    String LARGEST_PACKET = "9000";

    /** Both devices are up, the far one in its namespace: from now on packets go. */
    void begin();

    /**
     * @param oneWay how long each packet takes
     * @param loss share of the packets that are lost, each way
     */
    void set(Duration oneWay, double loss);

    /** Takes both devices away. */
    @Override
    void close();
}
