package io.zitipekko.transport.channel;

import java.util.Arrays;

/**
 * What a node says of its build in header 4 (protocol/01 section 5), as text {@code version|revision|buildDate|os|arch}.
 *
 * @param version optional {@code v}, dotted integers, optional {@code -pre}
 */
public record VersionInfo(String version, String revision, String buildDate, String os, String arch) {
    /** @throws IllegalArgumentException unless there are exactly five parts */
    public static VersionInfo parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException(
                    "version '" + text + "' has " + parts.length + " parts (expected: version|revision|date|os|arch)");
        }
        return new VersionInfo(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }

    /** Whether the version is at least {@code minimum}, e.g. {@code 1.6.6}. 0.0.0, a development build, is at least everything. */
    public boolean isAtLeast(String minimum) {
        int[] mine = numbers(version);
        int[] wanted = numbers(minimum);
        if (Arrays.stream(mine).allMatch(n -> n == 0)) {
            return true;
        }
        return Arrays.compare(mine, wanted) >= 0;
    }

    private static int[] numbers(String version) {
        String bare = version.startsWith("v") ? version.substring(1) : version;
        int dash = bare.indexOf('-');
        String[] parts = (dash < 0 ? bare : bare.substring(0, dash)).split("\\.", -1);
        int[] numbers = new int[Math.max(3, parts.length)];
        try {
            for (int i = 0; i < parts.length; i++) {
                numbers[i] = Integer.parseInt(parts[i]);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("version '" + version + "' (expected: like v2.1.0)", e);
        }
        return numbers;
    }

    @Override
    public String toString() {
        return String.join("|", version, revision, buildDate, os, arch);
    }
}
