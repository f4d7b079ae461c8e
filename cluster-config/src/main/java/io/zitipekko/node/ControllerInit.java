package io.zitipekko.node;

import io.zitipekko.actors.controller.ControllerContext;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.config.ControllerFile;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes a controller's store and its first administrator, with the controller not running (protocol/07 section 17). */
public final class ControllerInit {
    /** Name of the administrator when none is given. */
    public static final String DEFAULT_NAME = "Default Admin";

    private ControllerInit() {}

    /** Fails with {@link NodeException} when the store has an administrator, or the texts are not 4 (password: 5) to 100 characters. */
    public static CompletionStage<Void> init(
            ControllerFile file, String user, String password, String name, Clock clock) {
        check(user, password, name);
        return ControllerSystem.start(file, clock).thenCompose(controller -> createAdministrator(
                        controller.running().context(), user, password, name)
                .handle((done, failure) -> controller
                        .stop()
                        .handle((d, f) -> d)
                        .thenCompose(d -> failure == null
                                ? CompletableFuture.<Void>completedFuture(null)
                                : CompletableFuture.<Void>failedFuture(failure)))
                .thenCompose(stage -> stage));
    }

    /** @throws NodeException when one is too short or too long */
    public static void check(String user, String password, String name) {
        check("user name", user, 4);
        check("password", password, 5);
        check("name", name, 4);
    }

    private static void check(String what, String text, int shortest) {
        if (text.length() < shortest || text.length() > 100) {
            throw new NodeException(what + " of " + text.length() + " characters (expected: " + shortest + " to 100)");
        }
    }

    /** Fails with {@link NodeException} when there is one. */
    static CompletionStage<Void> createAdministrator(ControllerContext c, String user, String password, String name) {
        if (c.model().view().all(Identities.TYPE).stream().anyMatch(Identity::defaultAdmin)) {
            return CompletableFuture.failedFuture(new NodeException(
                    "this controller is already initialized: its store has a default administrator; start it"
                            + " with 'controller run'"));
        }
        Instant now = c.clock().instant();
        TimeOrderedIds ids = new TimeOrderedIds(c.clock());
        IdentityId id = new IdentityId(ids.next());
        Identity admin = Identities.defaultAdministrator(id, Entity.Meta.created(now, Map.of()), name);
        return c.sessions()
                .passwords()
                .hash(user, password)
                .thenCompose(hashed -> c.model()
                        .propose(new Proposal(
                                List.of(
                                        new Change.Put<>(Identities.TYPE, admin, null),
                                        new Change.Put<>(
                                                Authenticators.TYPE,
                                                new Authenticator(
                                                        new AuthenticatorId(ids.next()),
                                                        Entity.Meta.created(now, Map.of()),
                                                        id,
                                                        hashed),
                                                null)),
                                Proposal.Author.CONTROLLER)))
                .thenApply(commit -> null);
    }
}
