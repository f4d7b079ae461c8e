package io.zitipekko.actors.fabric.terminator;

import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How one of several terminators is chosen; names and rules of protocol/03 section 8.3. */
public enum TerminatorStrategy {
    /** The cheapest. */
    SMARTROUTING,
    /** By chance among those of the best precedence, the cheaper the likelier. */
    WEIGHTED,
    /** By chance among those of the best precedence. */
    RANDOM,
    /** The one that the client had before, as long as it is of the best precedence; else the cheapest. */
    STICKY;

    /** Peer data key of the token that names the terminator which a client wants again. */
    public static final int STICKINESS_TOKEN = 1114;

    private static final long BAND = ((1L << 32) - 1) / 4;

    /**
     * A terminator that could be used.
     *
     * @param precedence in force now
     * @param unbiasedCost its own, dynamic and path cost
     */
    public record Candidate(Terminator terminator, Precedence precedence, long unbiasedCost) {
        /** What candidates are ordered by: precedence first, cost within. */
        public long biasedCost() {
            long base =
                    switch (precedence) {
                        case REQUIRED -> 0;
                        case DEFAULT -> BAND;
                        case FAILED -> 2 * BAND;
                    };
            return base + Math.max(0, Math.min(unbiasedCost, BAND - 1));
        }
    }

    /** @param peerData what goes to the client with it */
    public record Choice(Candidate candidate, Map<Integer, byte[]> peerData) {}

    /** By the name that a service carries; empty for an unknown one, which refuses the dial. */
    public static Optional<TerminatorStrategy> named(String name) {
        for (TerminatorStrategy s : values()) {
            if (s.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }

    /** Whether open circuits and failed dials make a terminator dearer. */
    public boolean hasDynamicCosts() {
        return this != RANDOM;
    }

    /**
     * @param candidates at least one
     * @param clientData the client's peer data
     */
    public Choice choose(List<Candidate> candidates, Map<Integer, byte[]> clientData, RandomGenerator random) {
        List<Candidate> ordered = new ArrayList<>(candidates);
        ordered.sort(Comparator.comparingLong(Candidate::biasedCost)
                .thenComparing(c -> c.terminator().id().value()));
        Candidate cheapest = ordered.get(0);
        List<Candidate> best = ordered.stream()
                .filter(c -> c.precedence() == cheapest.precedence())
                .toList();
        return switch (this) {
            case SMARTROUTING -> new Choice(cheapest, Map.of());
            case RANDOM -> new Choice(best.get(random.nextInt(best.size())), Map.of());
            case WEIGHTED -> new Choice(weighted(best, random), Map.of());
            case STICKY -> {
                byte[] token = clientData.get(STICKINESS_TOKEN);
                String wanted = token == null ? "" : new String(token, StandardCharsets.UTF_8);
                Candidate chosen = best.stream()
                        .filter(c -> c.terminator().id().value().equals(wanted))
                        .findFirst()
                        .orElse(cheapest);
                yield new Choice(
                        chosen,
                        Map.of(
                                STICKINESS_TOKEN,
                                chosen.terminator().id().value().getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private static Candidate weighted(List<Candidate> best, RandomGenerator random) {
        double total = best.stream().mapToDouble(Candidate::unbiasedCost).sum();
        if (best.size() == 1 || total == 0) {
            return best.get(random.nextInt(best.size()));
        }
        // Weights are 1 - cost/total, which sum up to size - 1.
        double at = random.nextDouble() * (best.size() - 1);
        for (Candidate c : best) {
            at -= 1 - c.unbiasedCost() / total;
            if (at < 0) {
                return c;
            }
        }
        return best.get(best.size() - 1);
    }
}
