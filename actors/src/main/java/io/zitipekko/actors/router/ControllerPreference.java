package io.zitipekko.actors.router;

import java.util.Objects;

/** Which of the connected controllers a message is for (protocol/03 section 6.8). */
public sealed interface ControllerPreference {
    /** Whichever answers fastest now. */
    ControllerPreference MOST_RESPONSIVE = new MostResponsive();
    /** The leader while it is known and responsive, else the most responsive: for writes. */
    ControllerPreference LEADER = new Leader();

    /** This controller and no other: the owner of a circuit, or of a legacy API session. */
    static ControllerPreference only(ControllerId controller) {
        return new Only(controller);
    }

    /** See {@link #MOST_RESPONSIVE}. */
    record MostResponsive() implements ControllerPreference {}

    /** See {@link #LEADER}. */
    record Leader() implements ControllerPreference {}

    /** See {@link #only}. */
    record Only(ControllerId controller) implements ControllerPreference {
        public Only {
            Objects.requireNonNull(controller, "controller");
        }
    }
}
