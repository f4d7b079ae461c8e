package io.zitipekko.transport.refusal;

/** What may be told of what a peer sent. */
public final class PlainText {
    private static final int MAX_TEXT = 300;

    private PlainText() {}

    /** One short line, whatever it quotes: what could forge another line is taken out. */
    public static String of(String text) {
        int end = Math.min(text.length(), MAX_TEXT);
        StringBuilder out = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean harmless = !Character.isISOControl(c)
                    && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
                    && Character.getType(c) != Character.FORMAT;
            out.append(harmless ? c : '?');
        }
        return end < text.length() ? out + "…" : out.toString();
    }
}
