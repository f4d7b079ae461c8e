package io.zitipekko.pki;

import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * A folder of authorities and the certificates that they issued. Each authority has a folder of its own with {@code certs/} and
 * {@code keys/}; {@code NAME.cert} is one certificate, {@code NAME.chain.pem} the same with its issuers up to the root. Keys are
 * EC P-256, PKCS#8, readable by their owner only. A file is either there whole or not at all.
 */
public final class PkiFolder {
    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
    private static final Duration LEAF_VALIDITY = Duration.ofDays(365);

    private final Path root;

    public PkiFolder(Path root) {
        this.root = root;
    }

    /** Makes a self-signed root authority. @throws PkiException when one of that name exists */
    public CertificateAuthority createRoot(String name, String trustDomain) {
        requireAbsent(name);
        CertificateAuthority made =
                CertificateAuthority.selfSignedRoot(commonName(name), KeyPairs.p256(), trustDomain, AUTHORITY_VALIDITY);
        store(name, name, made.chain(), made.key());
        return made;
    }

    /** Makes an authority below {@code issuer}. @throws PkiException when one of that name exists, or the issuer does not */
    public CertificateAuthority createIntermediate(String issuer, String name, String trustDomain) {
        requireAbsent(name);
        CertificateAuthority made = authority(issuer)
                .issueIntermediate(commonName(name), KeyPairs.p256(), trustDomain, 1, AUTHORITY_VALIDITY);
        store(name, name, made.chain(), made.key());
        return made;
    }

    /** A server certificate for these host names and addresses. Returns the file of its chain. */
    public Path createServer(
            String issuer,
            String fileName,
            String commonName,
            List<String> dns,
            List<String> ips,
            Optional<SpiffeId> spiffe) {
        return createLeaf(issuer, fileName, commonName, dns, ips, spiffe, Kind.SERVER);
    }

    /** A client certificate. Returns the file of its chain. */
    public Path createClient(String issuer, String fileName, String commonName, Optional<SpiffeId> spiffe) {
        return createLeaf(issuer, fileName, commonName, List.of(), List.of(), spiffe, Kind.CLIENT);
    }

    /** A certificate that serves in both roles, as controllers use it. Returns the file of its chain. */
    public Path createNode(
            String issuer,
            String fileName,
            String commonName,
            List<String> dns,
            List<String> ips,
            Optional<SpiffeId> spiffe) {
        return createLeaf(issuer, fileName, commonName, dns, ips, spiffe, Kind.NODE);
    }

    /** Loads an authority. @throws PkiException when there is none of that name */
    public CertificateAuthority authority(String name) {
        if (!Files.exists(chainFile(name, name))) {
            throw new PkiException("no authority '" + name + "' under " + root
                    + ": make it first, e.g. ziti-pekko pki create root --pki-root " + root + " --name " + name);
        }
        try {
            return new CertificateAuthority(
                    Pem.certificates(Files.readString(chainFile(name, name))),
                    Pem.privateKey(Files.readString(keyFile(name, name))));
        } catch (IOException e) {
            throw new PkiException("authority '" + name + "' under " + root + " cannot be read: " + e.getMessage());
        }
    }

    public boolean hasAuthority(String name) {
        return Files.exists(chainFile(name, name));
    }

    public Path certFile(String authority, String name) {
        return root.resolve(authority).resolve("certs").resolve(name + ".cert");
    }

    public Path chainFile(String authority, String name) {
        return root.resolve(authority).resolve("certs").resolve(name + ".chain.pem");
    }

    public Path keyFile(String authority, String name) {
        return root.resolve(authority).resolve("keys").resolve(name + ".key");
    }

    private enum Kind {
        SERVER,
        CLIENT,
        NODE
    }

    private Path createLeaf(
            String issuer,
            String fileName,
            String commonName,
            List<String> dns,
            List<String> ips,
            Optional<SpiffeId> spiffe,
            Kind kind) {
        CertificateAuthority authority = authority(issuer);
        KeyPair keys = KeyPairs.p256();
        AlternativeNames names = new AlternativeNames(
                dns, ips, spiffe.map(SpiffeId::toString).map(List::of).orElse(List.of()), List.of());
        CertificateSubject subject = CertificateSubject.of(commonName, keys.getPublic(), names);
        X509Certificate leaf =
                switch (kind) {
                    case SERVER -> authority.issueServer(subject, LEAF_VALIDITY);
                    case CLIENT -> authority.issueClient(subject, LEAF_VALIDITY);
                    case NODE -> authority.issueNode(subject, LEAF_VALIDITY);
                };
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        chain.addAll(authority.chain());
        store(issuer, fileName, chain, keys.getPrivate());
        return chainFile(issuer, fileName);
    }

    private void store(String authority, String name, List<X509Certificate> chain, java.security.PrivateKey key) {
        write(keyFile(authority, name), Pem.write(key), "rw-------");
        write(certFile(authority, name), Pem.write(chain.get(0)), "rw-r--r--");
        write(chainFile(authority, name), Pem.write(chain), "rw-r--r--");
    }

    private void requireAbsent(String name) {
        if (hasAuthority(name)) {
            throw new PkiException(
                    "authority '" + name + "' exists under " + root + ": choose another name, or another --pki-root");
        }
    }

    private static X500Principal commonName(String name) {
        return new X500Principal("CN=" + name.replaceAll("([,+\"\\\\<>;=])", "\\\\$1"));
    }

    /** Writes a file whole: to a temporary neighbour first, then moved over. Also for other secrets of a node. */
    public static void write(Path file, String text, String permissions) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            boolean posix =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            Path part = posix
                    ? Files.createTempFile(
                            file.toAbsolutePath().getParent(),
                            ".part",
                            "",
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                    : Files.createTempFile(file.toAbsolutePath().getParent(), ".part", "");
            Files.writeString(part, text);
            if (posix) {
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(permissions));
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
