package io.zitipekko.command.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge login|list|create|delete}: administration over the management API. */
@Command(
        name = "edge",
        description = "Administer the network: log in, create, list, delete.",
        subcommands = {
            EdgeCommand.Login.class,
            EdgeCommand.ListEntities.class,
            CreateCommand.class,
            EdgeCommand.Delete.class
        })
public final class EdgeCommand {
    private EdgeCommand() {}

    @Command(name = "login", description = "Log in to a controller and remember the session.")
    static final class Login implements Runnable {
        @Parameters(paramLabel = "HOST:PORT", description = "API address of the controller, with or without https://.")
        String host = "";

        @Option(
                names = {"-u", "--username"},
                required = true,
                description = "User name.")
        String user = "";

        @Option(
                names = {"-p", "--password"},
                description = "Password; asked for when absent.")
        String password = "";

        @Option(
                names = "--ca",
                description = "PEM file of authorities to trust; else the host is asked and you confirm.")
        Path ca = Path.of("");

        @Option(
                names = {"-y", "--yes"},
                description = "Trust the authorities that the host names, without asking.")
        boolean yes;

        @Override
        public void run() {
            String url = (host.startsWith("https://") ? host : "https://" + host).replaceFirst("/+$", "");
            if (password.isEmpty()) {
                Console console = System.console();
                if (console == null) {
                    throw new CommandFailure("no password given and no terminal to ask at: add -p PASSWORD");
                }
                password = new String(console.readPassword("password of %s: ", user));
            }
            String ca = authorities(url);
            new SavedLogin(url, ManagementClient.login(url, ca, user, password), ca).save();
            System.out.println("logged in to " + url + " as " + user + "; remembered in " + SavedLogin.file());
        }

        private String authorities(String url) {
            if (!ca.toString().isEmpty()) {
                try {
                    return Files.readString(ca);
                } catch (IOException e) {
                    throw new CommandFailure("--ca " + ca + " cannot be read: " + e.getMessage(), e);
                }
            }
            List<X509Certificate> found = ManagementClient.fetchAuthorities(url);
            if (!yes) {
                confirm(url, found);
            }
            return Pem.write(found);
        }

        private static void confirm(String url, List<X509Certificate> found) {
            System.err.println(url + " says that its certificates come from:");
            found.forEach(c -> System.err.println("  " + c.getSubjectX500Principal() + "  SHA-1 " + Fingerprint.of(c)));
            Console console = System.console();
            if (console == null) {
                throw new CommandFailure(
                        "cannot ask whether to trust them without a terminal: add --ca FILE, or --yes");
            }
            if (!"y".equalsIgnoreCase(console.readLine("trust them? [y/N] ").strip())) {
                throw new CommandFailure("not trusted, not logged in");
            }
        }
    }

    @Command(name = "list", description = "List entities, e.g. identities, services, edge-routers.")
    static final class ListEntities implements Runnable {
        @Parameters(index = "0", paramLabel = "TYPE", description = "Collection of the management API.")
        String type = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "FILTER",
                description = "e.g. 'name contains \"web\" limit 20'.")
        String filter = "";

        @Option(
                names = {"-j", "--output-json"},
                description = "Print JSON.")
        boolean json;

        @Override
        public void run() {
            JsonNode answer = SavedLogin.load().client().list(type, filter);
            if (json) {
                System.out.println(answer.toPrettyString());
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("ID", "NAME", "MORE"));
            for (JsonNode e : answer.path("data")) {
                rows.add(List.of(e.path("id").asText(), e.path("name").asText(""), summary(e)));
            }
            print(rows);
            JsonNode page = answer.path("meta").path("pagination");
            long shown = answer.path("data").size();
            long offset = page.path("offset").asLong();
            System.out.printf(
                    "results: %d-%d of %d%n",
                    shown == 0 ? 0 : offset + 1,
                    offset + shown,
                    page.path("totalCount").asLong());
        }

        /** The few fields that tell entities apart, whatever kind they are. */
        private static String summary(JsonNode e) {
            List<String> out = new ArrayList<>();
            for (String field : List.of(
                    "type",
                    "isAdmin",
                    "isOnline",
                    "isVerified",
                    "hostname",
                    "roleAttributes",
                    "semantic",
                    "identityRoles",
                    "serviceRoles",
                    "edgeRouterRoles",
                    "encryptionRequired",
                    "binding",
                    "address",
                    "method",
                    "username")) {
                JsonNode v = e.path(field);
                if (v.isObject()) {
                    v = v.path("name");
                }
                if (v.isArray()) {
                    List<String> items = new ArrayList<>();
                    for (Iterator<JsonNode> i = v.elements(); i.hasNext(); ) {
                        items.add(i.next().asText());
                    }
                    if (!items.isEmpty()) {
                        out.add(field + "=" + String.join(",", items));
                    }
                } else if (!v.isMissingNode() && !v.isNull() && !v.asText().isEmpty()) {
                    out.add(field + "=" + v.asText());
                }
            }
            return String.join(" ", out);
        }

        private static void print(List<List<String>> rows) {
            int[] width = new int[rows.get(0).size()];
            rows.forEach(r -> {
                for (int i = 0; i < width.length; i++) {
                    width[i] = Math.max(width[i], r.get(i).length());
                }
            });
            rows.forEach(r -> {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < width.length; i++) {
                    line.append(r.get(i)).append(" ".repeat(width[i] - r.get(i).length() + 2));
                }
                System.out.println(line.toString().stripTrailing());
            });
        }
    }

    @Command(name = "delete", description = "Delete entities by name or id.")
    static final class Delete implements Runnable {
        @Parameters(
                index = "0",
                paramLabel = "TYPE",
                description = "e.g. identity or identities, service, service-policy.")
        String type = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "Names or ids.")
        List<String> names = List.of();

        @Override
        public void run() {
            ManagementClient client = SavedLogin.load().client();
            String collection = Collections.of(type);
            for (String name : names) {
                client.delete(collection, client.resolve(collection, name));
                System.out.println("deleted " + name);
            }
        }
    }
}
