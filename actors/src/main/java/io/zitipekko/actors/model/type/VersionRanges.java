package io.zitipekko.actors.model.type;

import java.util.regex.Pattern;

/**
 * The grammar of version ranges in posture checks: alternatives separated by {@code ||}, each a list of comparisons that must all hold, each
 * an operator and a semantic version whose last parts may be {@code x}. protocol/06 section 6.13.
 */
final class VersionRanges {
    private static final int MAX_LENGTH = 255;
    private static final String NUMBER = "(?:0|[1-9][0-9]{0,17})";
    private static final String WORDS = "[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+";
    private static final Pattern ALTERNATIVES = Pattern.compile("||", Pattern.LITERAL);
    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** Space between an operator and its version says nothing. */
    private static final Pattern SPACE_AFTER_OPERATOR = Pattern.compile("([<>=!])\\s+");

    private static final Pattern COMPARISON = Pattern.compile("(?:[<>]=?|==?|!=?)?(?:" + NUMBER + "\\.[xX](?:\\.[xX])?|"
            + NUMBER + "\\." + NUMBER + "\\.[xX]|" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-" + WORDS
            + ")?(?:\\+" + WORDS + ")?)");

    private VersionRanges() {}

    static boolean isRange(String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (String alternative : ALTERNATIVES.split(text, -1)) {
            String comparisons =
                    SPACE_AFTER_OPERATOR.matcher(alternative.strip()).replaceAll("$1");
            for (String comparison : SPACE.split(comparisons, -1)) {
                if (!COMPARISON.matcher(comparison).matches()) {
                    return false;
                }
            }
        }
        return true;
    }
}
