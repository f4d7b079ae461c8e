package io.zitipekko.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.overlay.TemporaryFolder;
import io.zitipekko.quickstart.FreePorts;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One network for all scenarios: a controller, router A for clients and router B for hosts, so that every payload crosses the link
 * between them; OpenZiti's Java SDK hosts two services in a process of its own, and ours hosts a third one here. Every host echoes.
 * Tests leave it as they found it.
 */
final class SharedNetwork implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    /** Hosted by the Java SDK, encrypted from end to end. */
    static final String SECRET = "secret";

    /** Hosted by the Java SDK, not encrypted. */
    static final String OPEN = "open";

    /** Hosted by our SDK, encrypted from end to end. */
    static final String OURS = "ours";

    /** Hosted by nobody. The clients see it, because they may bind it; they may not dial it. */
    static final String FORBIDDEN = "forbidden";

    static final int CLIENT_ROUTER = 0;
    static final int HOST_ROUTER = 1;
    private static final Duration START = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TemporaryFolder folder;
    private final LocalNetwork network;
    private final ZitiIdentityFile ourClient;
    private final OurSdk ours;
    private JavaSdkProcess javaHost;

    private SharedNetwork() {
        folder = TemporaryFolder.create("ziti-pekko-interop-");
        NetworkHome home = new NetworkHome(folder.path().resolve("network"), FreePorts.neighbours(3), 2);
        network = new LocalNetwork(home);
        home.prepare();
        network.init("admin", "interop-admin");
        network.startController();
        network.login("admin", "interop-admin");
        for (int router : List.of(CLIENT_ROUTER, HOST_ROUTER)) {
            network.enrollRouter(router);
            network.startRouter(router);
        }
        network.createService(SECRET, true, "dialable");
        network.createService(OPEN, false, "dialable");
        network.createService(OURS, true, "dialable");
        network.createService(FORBIDDEN, true, "forbidden");
        network.createPolicy("service-policies", "dial", "Dial", List.of("#clients"), List.of("#dialable"));
        network.createPolicy("service-policies", "bind", "Bind", List.of("#hosts"), List.of("#dialable"));
        network.createPolicy("service-policies", "seen", "Bind", List.of("#clients"), List.of("#forbidden"));
        network.createPolicy("edge-router-policies", "clients", "", List.of("#clients"), List.of("#a"));
        network.createPolicy("edge-router-policies", "hosts", "", List.of("#hosts"), List.of("#b"));
        network.createPolicy("service-edge-router-policies", "all", "", List.of("#all"), List.of("#all"));
        enrollJavaSdk("java-client", "clients");
        enrollJavaSdk("java-host", "hosts");
        ourClient = network.enrollIdentity("our-client", "clients");
        network.awaitMesh();
        ours = new OurSdk();
        ours.host(network.enrollIdentity("our-host", "hosts"), OURS);
        javaHost = startJavaHost();
    }

    private JavaSdkProcess startJavaHost() {
        JavaSdkProcess host = JavaSdkProcess.start("host", store("java-host"), SECRET, OPEN);
        host.awaitLines("@hosting", 2, START);
        return host;
    }

    /** The Java SDK does not bind again by itself when its router was away; an application starts it anew. */
    void restartJavaHost() {
        javaHost.close();
        javaHost = startJavaHost();
    }

    /** The address of a JVM of the Java SDK, enrolled with a token that our controller issued. */
    private void enrollJavaSdk(String name, String attribute) {
        ObjectNode body =
                JSON.createObjectNode().put("name", name).put("type", "Default").put("isAdmin", false);
        body.putArray("roleAttributes").add(attribute);
        body.putObject("enrollment").put("ott", true);
        String id = network.management().create("identities", body).path("id").asText();
        String token = network.management()
                .get("identities/" + id)
                .path("enrollment")
                .path("ott")
                .path("jwt")
                .asText();
        Path file = folder.path().resolve(name + ".jwt");
        try {
            Files.writeString(file, token);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        try (JavaSdkProcess enrolling = JavaSdkProcess.start("enroll", file.toString(), store(name))) {
            enrolling.awaitLine("@enrolled", START);
            enrolling.awaitLine("@done", START);
        }
    }

    private String store(String name) {
        return folder.path().resolve(name + ".p12").toString();
    }

    LocalNetwork network() {
        return network;
    }

    /** Whether the service has a terminator now. */
    boolean isHosted(String service) {
        String filter = "service.name=\"" + service + "\"";
        return !network.management().list("terminators", filter).path("data").isEmpty();
    }

    /** Our SDK, in this JVM. */
    OurSdk ours() {
        return ours;
    }

    /** An identity for {@link #ours()} that may dial. */
    ZitiIdentityFile ourClient() {
        return ourClient;
    }

    /** The process that hosts {@link #SECRET} and {@link #OPEN}. */
    JavaSdkProcess javaHost() {
        return javaHost;
    }

    /** Starts a process of the Java SDK that dials, with a command of the driver and what follows the store. */
    JavaSdkProcess javaClient(String command, String... rest) {
        String[] line = new String[rest.length + 2];
        line[0] = command;
        line[1] = store("java-client");
        System.arraycopy(rest, 0, line, 2, rest.length);
        return JavaSdkProcess.start(line);
    }

    @Override
    public void close() {
        javaHost.close();
        ours.close();
        network.close();
        folder.close();
    }

    /** Gives tests the one network, and stops it after the last of them. */
    static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SharedNetwork.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(SharedNetwork.class))
                    .getOrComputeIfAbsent("network", key -> new SharedNetwork(), SharedNetwork.class);
        }
    }
}
