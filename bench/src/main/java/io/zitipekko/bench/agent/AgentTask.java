package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One thing that an agent can do. */
@FunctionalInterface
public interface AgentTask {
    /** @param answer what the bench gets to know; empty at first */
    void run(JsonNode arguments, ObjectNode answer) throws Exception;
}
