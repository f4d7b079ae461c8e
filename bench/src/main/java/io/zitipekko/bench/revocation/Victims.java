package io.zitipekko.bench.revocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import java.util.ArrayList;
import java.util.List;

/** Victims that are connected at the same time, all of them in the client's process. */
final class Victims {
    private final BenchNetwork network;
    private final List<Victim> all;
    private List<String> sessions = List.of();

    Victims(BenchNetwork network, List<Victim> all) {
        this.network = network;
        this.all = all;
    }

    List<String> services() {
        return all.stream().map(Victim::service).toList();
    }

    /** Each logs in and dials. */
    void connect() {
        ObjectNode arguments = Agent.arguments();
        ArrayNode members = arguments.putArray("members");
        all.forEach(victim -> {
            ObjectNode member = members.addObject()
                    .put("identity", victim.file().toString())
                    .put("service", victim.service());
            victim.shown().ifPresent(shown -> member.put("shown", shown.toString()));
        });
        List<String> fresh = new ArrayList<>();
        network.client().call("join", arguments).path("sessions").forEach(session -> fresh.add(session.asText()));
        sessions = fresh;
    }

    /**
     * Ends the right of each and waits for the end of its circuit.
     *
     * @param byItself the right ends without a call, so that no circuit may have ended before it
     * @return milliseconds from the one to the other; 0 for one that was closed before the answer was here
     */
    List<Double> end(boolean byItself) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            long ending = all.get(i).ending().run(sessions.get(i));
            JsonNode ended = network.client()
                    .call("ended", Agent.arguments().put("index", i).put("millis", RevocationBench.PATIENCE_MILLIS));
            if (ended.path("at").isNull()) {
                throw new BenchException("circuit " + (i + 1) + " of " + all.size() + " was still open after "
                        + RevocationBench.PATIENCE_MILLIS + " ms");
            }
            double took = (ended.path("at").asLong() - ending) / 1e6;
            if (took < 0 && byItself) {
                throw new BenchException("circuit " + (i + 1) + " of " + all.size() + " was closed " + -took
                        + " ms before its right ended");
            }
            millis.add(Math.max(0, took));
        }
        return millis;
    }

    /** Each dials so many circuits more, in place of one that has ended; the last counts. */
    void dialAgain(int circuits) {
        network.client().call("dial-again", Agent.arguments().put("circuits", circuits));
    }

    /** All who are connected in the client's process close and log out. */
    static void leave(BenchNetwork network) {
        network.client().call("leave", Agent.arguments());
    }
}
