package io.zitipekko.bench.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.floor.FloorTasks;
import io.zitipekko.node.NodeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench agent ROLE}: a process of the bench, told what to do by lines on its standard input; ends with it. */
@Command(name = "agent", hidden = true, description = "A process of the bench; started by it.")
public final class AgentCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "ROLE", description = "Its name, for process lists.")
    String role = "";

    @Override
    public Integer call() throws IOException {
        Map<String, AgentTask> tasks = new LinkedHashMap<>();
        Application application = new Application();
        tasks.put(
                "connect",
                (arguments, answer) ->
                        application.connect(Path.of(arguments.path("identity").asText())));
        tasks.putAll(new HostTasks(application).byName());
        tasks.putAll(new TrafficTasks(application).byName());
        tasks.putAll(new HoldTasks(application).byName());
        tasks.putAll(new FloorTasks().byName());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(answer(tasks, JSON.readTree(line)));
        }
        // Whatever still runs has nobody left to report to.
        System.exit(0);
        return 0;
    }

    private static ObjectNode answer(Map<String, AgentTask> tasks, JsonNode command) {
        ObjectNode answer = JSON.createObjectNode();
        String name = command.path("do").asText();
        AgentTask task = tasks.get(name);
        if (task == null) {
            return answer.put("error", "'" + name + "' is no task (expected: one of " + tasks.keySet() + ")");
        }
        try {
            task.run(command, answer);
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return answer.put("error", "interrupted");
        } catch (Exception e) {
            return answer.put("error", NodeException.rootMessage(NodeException.unwrapped(e)));
        }
    }
}
