package io.zitipekko.command.pki;

import io.zitipekko.pki.PkiFolder;
import io.zitipekko.transport.identity.SpiffeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pki create root|intermediate|server|client|node}: certificates for a network that has no other authority. */
@Command(
        name = "pki",
        description = "Make a root, intermediates, server and client certificates.",
        subcommands = {PkiCommand.Create.class})
public final class PkiCommand {
    @Command(
            name = "create",
            description = "Make an authority or a certificate.",
            subcommands = {Root.class, Intermediate.class, Server.class, Client.class, Node.class})
    static final class Create {}

    static final class Where {
        @Option(names = "--pki-root", required = true, description = "Folder of the authorities.")
        Path folder = Path.of("pki");

        PkiFolder open() {
            return new PkiFolder(folder);
        }
    }

    static final class Names {
        @Option(names = "--dns", split = ",", description = "DNS names of the certificate.")
        List<String> dns = List.of();

        @Option(names = "--ip", split = ",", description = "IP addresses of the certificate.")
        List<String> ips = List.of();
    }

    static final class Spiffe {
        @Option(names = "--spiffe-id", description = "URI SAN, e.g. spiffe://example/controller/ctrl1.")
        String spiffe = "";

        Optional<SpiffeId> id() {
            return spiffe.isEmpty() ? Optional.empty() : Optional.of(SpiffeId.parse(spiffe));
        }
    }

    @Command(name = "root", aliases = "ca", description = "Make a self-signed root authority.")
    static final class Root implements Runnable {
        @Mixin
        Where where = new Where();

        @Option(names = "--name", description = "Name of the authority (default: root-ca).")
        String name = "root-ca";

        @Option(
                names = "--trust-domain",
                required = true,
                description = "Trust domain of the network, without spiffe://.")
        String trustDomain = "";

        @Override
        public void run() {
            where.open().createRoot(name, trustDomain);
            System.out.println(where.open().chainFile(name, name));
        }
    }

    @Command(name = "intermediate", description = "Make an authority below another.")
    static final class Intermediate implements Runnable {
        @Mixin
        Where where = new Where();

        @Option(names = "--ca-name", description = "The issuing authority (default: root-ca).")
        String issuer = "root-ca";

        @Option(names = "--name", description = "Name of the new authority (default: intermediate-ca).")
        String name = "intermediate-ca";

        @Option(
                names = "--trust-domain",
                required = true,
                description = "Trust domain of the network, without spiffe://.")
        String trustDomain = "";

        @Override
        public void run() {
            where.open().createIntermediate(issuer, name, trustDomain);
            System.out.println(where.open().chainFile(name, name));
        }
    }

    /** What the three kinds of leaf have in common. */
    abstract static class Leaf implements Runnable {
        @Mixin
        Where where = new Where();

        @Mixin
        Spiffe spiffe = new Spiffe();

        @Option(names = "--ca-name", description = "The issuing authority (default: intermediate-ca).")
        String issuer = "intermediate-ca";

        @Option(names = "--name", required = true, description = "Common name: the id of the node.")
        String name = "";

        @Option(names = "--file", description = "File name without extension (default: the common name).")
        String file = "";

        String file() {
            return file.isEmpty() ? name : file;
        }
    }

    @Command(name = "server", description = "Make a server certificate.")
    static final class Server extends Leaf {
        @Mixin
        Names names = new Names();

        @Override
        public void run() {
            System.out.println(where.open().createServer(issuer, file(), name, names.dns, names.ips, spiffe.id()));
        }
    }

    @Command(name = "client", description = "Make a client certificate.")
    static final class Client extends Leaf {
        @Override
        public void run() {
            System.out.println(where.open().createClient(issuer, file(), name, spiffe.id()));
        }
    }

    @Command(name = "node", description = "Make a certificate for both roles, as a controller uses it.")
    static final class Node extends Leaf {
        @Mixin
        Names names = new Names();

        @Override
        public void run() {
            System.out.println(where.open().createNode(issuer, file(), name, names.dns, names.ips, spiffe.id()));
        }
    }
}
