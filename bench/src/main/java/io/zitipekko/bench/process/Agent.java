package io.zitipekko.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A process that uses the network, told what to do by lines of JSON: one command in, one answer out. Blocking; not thread-safe. */
public final class Agent implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningProcess process;
    private final Writer commands;
    private final BufferedReader answers;

    Agent(RunningProcess process) {
        this.process = process;
        this.commands = process.process().outputWriter(StandardCharsets.UTF_8);
        this.answers = process.process().inputReader(StandardCharsets.UTF_8);
    }

    public RunningProcess process() {
        return process;
    }

    public static ObjectNode arguments() {
        return JSON.createObjectNode();
    }

    /** Sends a command and waits for the answer. @throws BenchException with the agent's reason when it failed */
    public JsonNode call(String command, ObjectNode arguments) {
        try {
            commands.write(arguments.put("do", command) + "\n");
            commands.flush();
            String line = answers.readLine();
            if (line == null) {
                throw process.died(new IOException("no answer"));
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw new BenchException(process.role() + ": " + command + ": "
                        + answer.path("error").asText());
            }
            return answer;
        } catch (IOException e) {
            throw process.died(e);
        }
    }

    /** As {@link #call}, of an answer with {@code nanos}: these, in milliseconds. */
    public double[] millis(String command, ObjectNode arguments) {
        return millis(call(command, arguments));
    }

    /** The {@code nanos} of an answer in milliseconds. */
    public static double[] millis(JsonNode answer) {
        JsonNode nanos = answer.path("nanos");
        double[] millis = new double[nanos.size()];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = nanos.path(i).asLong() / 1e6;
        }
        return millis;
    }

    @Override
    public void close() {
        process.close();
    }
}
