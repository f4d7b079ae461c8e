package io.zitipekko.command.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.pki.PkiFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge create KIND …}: one class for each kind, with the options that OpenZiti's own command line has for it. */
@Command(
        name = "create",
        description = "Create an entity.",
        subcommands = {
            CreateCommand.Identity.class,
            CreateCommand.EdgeRouter.class,
            CreateCommand.Service.class,
            CreateCommand.Config.class,
            CreateCommand.ConfigType.class,
            CreateCommand.ServicePolicy.class,
            CreateCommand.EdgeRouterPolicy.class,
            CreateCommand.ServiceEdgeRouterPolicy.class,
            CreateCommand.Terminator.class
        })
final class CreateCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CreateCommand() {}

    static final class Named {
        @Parameters(index = "0", paramLabel = "NAME", description = "Name of the new entity.")
        String name = "";
    }

    static final class Attributes {
        @Option(
                names = {"-a", "--role-attributes"},
                split = ",",
                description = "Role attributes.")
        List<String> attributes = List.of();
    }

    static final class JwtFile {
        @Option(
                names = {"-o", "--jwt-output-file"},
                description = "Write the enrolment token to this file.")
        Path file = Path.of("");

        void write(String jwt) {
            if (!file.toString().isEmpty() && !jwt.isEmpty()) {
                PkiFolder.write(file, jwt, "rw-------");
                System.out.println("enrolment token written to " + file);
            }
        }
    }

    private static ManagementClient client() {
        return SavedLogin.load().client();
    }

    private static ArrayNode texts(List<String> items) {
        ArrayNode out = JSON.createArrayNode();
        items.forEach(out::add);
        return out;
    }

    private static ObjectNode object(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new CommandFailure("not JSON: " + e.getOriginalMessage(), e);
        }
        throw new CommandFailure("a JSON object is expected, e.g. {\"port\": 80}");
    }

    private static String create(String collection, ObjectNode body) {
        String id = client().create(collection, body).path("id").asText();
        System.out.println("created " + collection + " " + body.path("name").asText("") + " with id " + id);
        return id;
    }

    /** Roles written by name ({@code @name}) become ids, as the API wants them. */
    private static ArrayNode roles(ManagementClient client, String collection, List<String> roles) {
        return texts(roles.stream()
                .map(r -> r.startsWith("@") ? "@" + client.resolve(collection, r.substring(1)) : r)
                .toList());
    }

    @Command(name = "identity", description = "An identity, with a one-time enrolment token.")
    static final class Identity implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Attributes attributes = new Attributes();

        @Mixin
        JwtFile jwt = new JwtFile();

        @Option(
                names = {"-A", "--admin"},
                description = "May administer the network.")
        boolean admin;

        @Option(
                names = "--updb",
                paramLabel = "USER",
                description = "Enrols with a user name and a password instead of a certificate.")
        String user = "";

        @Override
        public void run() {
            ObjectNode body = JSON.createObjectNode()
                    .put("name", named.name)
                    .put("type", "Default")
                    .put("isAdmin", admin);
            body.set("roleAttributes", texts(attributes.attributes));
            if (user.isEmpty()) {
                body.putObject("enrollment").put("ott", true);
            } else {
                body.putObject("enrollment").put("updb", user);
            }
            String id = create("identities", body);
            JsonNode enrollment = client().get("identities/" + id).path("enrollment");
            jwt.write(
                    enrollment.path(user.isEmpty() ? "ott" : "updb").path("jwt").asText());
        }
    }

    @Command(name = "edge-router", description = "An edge router, with a one-time enrolment token.")
    static final class EdgeRouter implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Attributes attributes = new Attributes();

        @Mixin
        JwtFile jwt = new JwtFile();

        @Option(
                names = {"-t", "--tunneler-enabled"},
                description = "May run a tunneler.")
        boolean tunneler;

        @Option(names = "--cost", description = "Added to every path through it.")
        int cost;

        @Option(names = "--no-traversal", description = "Only a path's first or last router.")
        boolean noTraversal;

        @Override
        public void run() {
            ObjectNode body = JSON.createObjectNode()
                    .put("name", named.name)
                    .put("isTunnelerEnabled", tunneler)
                    .put("cost", cost)
                    .put("noTraversal", noTraversal)
                    .put("disabled", false);
            body.set("roleAttributes", texts(attributes.attributes));
            String id = create("edge-routers", body);
            jwt.write(client().get("edge-routers/" + id).path("enrollmentJwt").asText());
        }
    }

    @Command(name = "service", description = "A service.")
    static final class Service implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Attributes attributes = new Attributes();

        @Option(
                names = {"-c", "--configs"},
                split = ",",
                description = "Names or ids of configs.")
        List<String> configs = List.of();

        @Option(
                names = {"-e", "--encryption"},
                paramLabel = "on|off",
                description = "End-to-end encryption (default: on).")
        String encryption = "on";

        @Option(names = "--terminator-strategy", description = "smartrouting, weighted, random or sticky.")
        String strategy = "smartrouting";

        @Override
        public void run() {
            ManagementClient client = client();
            if (!List.of("on", "off").contains(encryption.toLowerCase(Locale.ROOT))) {
                throw new CommandFailure("--encryption: '" + encryption + "' (expected: on or off)");
            }
            ObjectNode body = JSON.createObjectNode()
                    .put("name", named.name)
                    .put("encryptionRequired", encryption.equalsIgnoreCase("on"))
                    .put("terminatorStrategy", strategy);
            body.set("roleAttributes", texts(attributes.attributes));
            body.set(
                    "configs",
                    texts(configs.stream()
                            .map(c -> client.resolve("configs", c))
                            .toList()));
            create("services", body);
        }
    }

    @Command(name = "config", description = "A config of a type, from JSON.")
    static final class Config implements Runnable {
        @Mixin
        Named named = new Named();

        @Parameters(index = "1", paramLabel = "TYPE", description = "Config type, e.g. intercept.v1.")
        String type = "";

        @Parameters(index = "2", paramLabel = "JSON", description = "Its data.")
        String data = "";

        @Override
        public void run() {
            ObjectNode body = JSON.createObjectNode()
                    .put("name", named.name)
                    .put("configTypeId", client().resolve("config-types", type));
            body.set("data", object(data));
            create("configs", body);
        }
    }

    @Command(name = "config-type", description = "A config type, from a JSON schema.")
    static final class ConfigType implements Runnable {
        @Mixin
        Named named = new Named();

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "SCHEMA",
                description = "JSON schema; none accepts everything.")
        String schema = "";

        @Override
        public void run() {
            ObjectNode body = JSON.createObjectNode().put("name", named.name);
            if (!schema.isEmpty()) {
                body.set("schema", object(schema));
            }
            create("config-types", body);
        }
    }

    static final class Semantic {
        @Option(
                names = {"-s", "--semantic"},
                description = "AnyOf or AllOf (default: AnyOf).")
        String semantic = "AnyOf";
    }

    @Command(name = "service-policy", description = "Who may dial or bind which services.")
    static final class ServicePolicy implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Semantic semantic = new Semantic();

        @Parameters(index = "1", paramLabel = "Dial|Bind", description = "What it allows.")
        String type = "";

        @Option(names = "--identity-roles", split = ",", description = "e.g. #clients,@alice")
        List<String> identities = List.of();

        @Option(names = "--service-roles", split = ",", description = "e.g. #all")
        List<String> services = List.of();

        @Override
        public void run() {
            ManagementClient client = client();
            ObjectNode body = JSON.createObjectNode()
                    .put("name", named.name)
                    .put("type", type)
                    .put("semantic", semantic.semantic);
            body.set("identityRoles", roles(client, "identities", identities));
            body.set("serviceRoles", roles(client, "services", services));
            body.set("postureCheckRoles", JSON.createArrayNode());
            create("service-policies", body);
        }
    }

    @Command(name = "edge-router-policy", description = "Who may use which edge routers.")
    static final class EdgeRouterPolicy implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Semantic semantic = new Semantic();

        @Option(names = "--identity-roles", split = ",", description = "e.g. #clients")
        List<String> identities = List.of();

        @Option(names = "--edge-router-roles", split = ",", description = "e.g. #all")
        List<String> routers = List.of();

        @Override
        public void run() {
            ManagementClient client = client();
            ObjectNode body = JSON.createObjectNode().put("name", named.name).put("semantic", semantic.semantic);
            body.set("identityRoles", roles(client, "identities", identities));
            body.set("edgeRouterRoles", roles(client, "edge-routers", routers));
            create("edge-router-policies", body);
        }
    }

    @Command(name = "service-edge-router-policy", description = "Over which edge routers services may be reached.")
    static final class ServiceEdgeRouterPolicy implements Runnable {
        @Mixin
        Named named = new Named();

        @Mixin
        Semantic semantic = new Semantic();

        @Option(names = "--service-roles", split = ",", description = "e.g. #all")
        List<String> services = List.of();

        @Option(names = "--edge-router-roles", split = ",", description = "e.g. #all")
        List<String> routers = List.of();

        @Override
        public void run() {
            ManagementClient client = client();
            ObjectNode body = JSON.createObjectNode().put("name", named.name).put("semantic", semantic.semantic);
            body.set("serviceRoles", roles(client, "services", services));
            body.set("edgeRouterRoles", roles(client, "edge-routers", routers));
            create("service-edge-router-policies", body);
        }
    }

    @Command(name = "terminator", description = "A way out of the network for a service.")
    static final class Terminator implements Runnable {
        @Parameters(index = "0", paramLabel = "SERVICE", description = "Name or id.")
        String service = "";

        @Parameters(index = "1", paramLabel = "ROUTER", description = "Name or id.")
        String router = "";

        @Parameters(index = "2", paramLabel = "ADDRESS", description = "e.g. tcp:localhost:80")
        String address = "";

        @Option(names = "--binding", description = "How the router dials it (default: transport).")
        String binding = "transport";

        @Option(
                names = {"-c", "--cost"},
                description = "0 to 65535.")
        int cost;

        @Option(
                names = {"-p", "--precedence"},
                description = "default, required or failed.")
        String precedence = "default";

        @Override
        public void run() {
            ManagementClient client = client();
            create(
                    "terminators",
                    JSON.createObjectNode()
                            .put("service", client.resolve("services", service))
                            .put("router", client.resolve("edge-routers", router))
                            .put("binding", binding)
                            .put("address", address)
                            .put("cost", cost)
                            .put("precedence", precedence));
        }
    }
}
