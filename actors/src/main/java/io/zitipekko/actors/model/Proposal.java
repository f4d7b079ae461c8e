package io.zitipekko.actors.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wish to change the model, all or nothing, validated by the single writer against the whole model.
 *
 * @param changes in order; later ones see earlier ones
 * @param author who wants it, for the audit
 */
public record Proposal(List<Change> changes, Author author) {
    public Proposal {
        changes = List.copyOf(changes);
        Objects.requireNonNull(author, "author");
    }

    /**
     * @param type {@code identity}, {@code router}, {@code controller}
     * @param id of the author
     * @param name for people
     * @param source whence and by what call; null when the controller itself had reason to
     */
    public record Author(
            String type,
            String id,
            String name,
            @com.fasterxml.jackson.annotation.JsonInclude(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
                    @Nullable
                    Source source) {
        /** The node itself, e.g. sweeping expired sessions. */
        public static final Author CONTROLLER = new Author("controller", "controller", "controller");

        public Author(String type, String id, String name) {
            this(type, id, name, null);
        }

        /** The same, who came from there. */
        public Author by(Source call) {
            return new Author(type, id, name, call);
        }
    }

    /**
     * The call behind a change.
     *
     * @param type {@code rest} or {@code control.channel}
     * @param auth what proved who it was, e.g. {@code edge}
     * @param localAddress our end of the connection
     * @param remoteAddress the author's end
     * @param method e.g. {@code DELETE /edge/management/v1/identities/x}; without a query, which may hold secrets
     */
    public record Source(String type, String auth, String localAddress, String remoteAddress, String method) {}
}
