package io.zitipekko.actors.router.dial;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.control.RouteErrorCode;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Sorts failed TCP dials into the codes of a route result; the first rule that fits wins (protocol/03 section 8.4). */
final class DialFailures {
    private DialFailures() {}

    static RouteException classify(TransportAddress address, Throwable failure) {
        String texts = texts(failure);
        String told = "cannot connect to " + address + ": " + deepest(failure);
        return new RouteException(code(failure, texts), told, failure);
    }

    private static RouteErrorCode code(Throwable failure, String texts) {
        if (texts.contains("connection refused")) {
            return RouteErrorCode.CONNECTION_REFUSED;
        }
        if (texts.contains("too many open files") || texts.contains("no buffer space")) {
            return RouteErrorCode.RESOURCES_NOT_AVAILABLE;
        }
        if (has(failure, UnknownHostException.class)
                || texts.contains("unknownhost")
                || texts.contains("no such host")
                || texts.contains("unresolved")
                || texts.contains("server misbehaving")) {
            return RouteErrorCode.DNS_RESOLUTION_FAILED;
        }
        if (has(failure, TimeoutException.class) || texts.contains("timeout") || texts.contains("timed out")) {
            return RouteErrorCode.DIAL_TIMED_OUT;
        }
        if (texts.contains("not in allowed port ranges")) {
            return RouteErrorCode.PORT_NOT_ALLOWED;
        }
        if (texts.contains("rejected by application")) {
            return RouteErrorCode.REJECTED_BY_APPLICATION;
        }
        return RouteErrorCode.GENERIC;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    /** All texts of the chain: the stream layer wraps the socket's own error in a text. */
    private static String texts(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            all.append(t).append('\n');
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }

    private static String deepest(Throwable failure) {
        Throwable t = failure;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t instanceof ConnectException || t instanceof SocketException || t.getMessage() == null
                ? t.toString()
                : t.getMessage();
    }
}
