package io.zitipekko.bench.path;

import java.time.Duration;

/** Two TUN devices with this process between them, for kernels that are built without {@code netem}. */
final class RelayedWire implements Wire {
    private final TunDevice near = new TunDevice(NEAR_DEVICE);
    private final TunDevice far = new TunDevice(FAR_DEVICE);
    private final Direction there = new Direction(near, far);
    private final Direction back = new Direction(far, near);

    @Override
    public void begin() {
        there.start();
        back.start();
    }

    @Override
    public void set(Duration oneWay, double loss) {
        there.set(oneWay.toNanos(), loss);
        back.set(oneWay.toNanos(), loss);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
