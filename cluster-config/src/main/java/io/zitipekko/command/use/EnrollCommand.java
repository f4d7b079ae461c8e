package io.zitipekko.command.use;

import io.zitipekko.command.CommandFailure;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.sdk.enroll.Enrollment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code enroll TOKEN.jwt}: a one-time token becomes an identity file. */
@Command(name = "enroll", description = "Turn a one-time token into an identity file.")
public final class EnrollCommand implements Runnable {
    @Parameters(paramLabel = "TOKEN.jwt", description = "File with the token.")
    Path token = Path.of("");

    @Option(
            names = {"-o", "--out"},
            description = "Identity file to write (default: the token's name with .json).")
    Path out = Path.of("");

    @Option(names = "--username", description = "For tokens of method updb: the user name.")
    String user = "";

    @Option(names = "--password", description = "For tokens of method updb: the password to set.")
    String password = "";

    @Override
    public void run() {
        Path file = out.toString().isEmpty()
                ? token.resolveSibling(token.getFileName().toString().replaceFirst("\\.jwt$", "") + ".json")
                : out;
        if (Files.exists(file)) {
            throw new CommandFailure(
                    file + " exists: choose another with -o, or remove it; it may be somebody's only key");
        }
        try {
            String jwt = Files.readString(token).strip();
            ZitiIdentityFile identity = user.isEmpty()
                    ? Enrollment.withOneTimeToken(jwt)
                    : Enrollment.withPassword(jwt, new Credentials.Password(user, password));
            identity.write(file);
            System.out.println("enrolled; the identity is in " + file);
        } catch (IOException e) {
            throw new CommandFailure(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }
}
