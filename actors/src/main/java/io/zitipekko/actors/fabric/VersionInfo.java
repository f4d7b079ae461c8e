package io.zitipekko.actors.fabric;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What header 4 of a hello says: five fields joined by vertical bars (protocol/03 section 6.1).
 *
 * @param version with a leading {@code v}, e.g. {@code v2.1.0}; {@code v0.0.0} is a development build
 * @param revision commit
 * @param buildDate as text
 * @param os operating system
 * @param arch processor architecture
 */
public record VersionInfo(String version, String revision, String buildDate, String os, String arch) {
    private static final int MAX_LENGTH = 1024;
    private static final Pattern SEMVER = Pattern.compile("v?(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})([-+].*)?");

    /** Reads the five fields; empty when there are not exactly five or the version is no semantic version. */
    public static Optional<VersionInfo> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String[] parts = text.split("\\|", -1);
        if (parts.length != 5 || !SEMVER.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        return Optional.of(new VersionInfo(parts[0], parts[1], parts[2], parts[3], parts[4]));
    }

    /** Whether this is at least {@code major.minor.patch}; a development build is newer than everything. */
    public boolean atLeast(int major, int minor, int patch) {
        Matcher m = SEMVER.matcher(version);
        if (!m.matches()) {
            return false;
        }
        int[] own = {Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))};
        return own[0] == 0 && own[1] == 0 && own[2] == 0
                || java.util.Arrays.compare(own, new int[] {major, minor, patch}) >= 0;
    }

    /** The wire form. */
    public String toHeader() {
        return String.join("|", version, revision, buildDate, os, arch);
    }
}
