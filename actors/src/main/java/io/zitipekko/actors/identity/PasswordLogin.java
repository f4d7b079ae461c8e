package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.work.BoundedWork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Who a user name and a password log in (protocol/05 section 5.3). Unknown, locked and disabled users cost as much work as a wrong password.
 * Where a policy limits attempts, the identity's actor counts them.
 */
public final class PasswordLogin {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

    private final Model model;
    private final PasswordHashing passwords;
    private final ClusterSharding sharding;
    private final InstantSource clock;

    public PasswordLogin(Model model, PasswordHashing passwords, ClusterSharding sharding, InstantSource clock) {
        this.model = model;
        this.passwords = passwords;
        this.sharding = sharding;
        this.clock = clock;
    }

    /** Fails with {@link BoundedWork.Overloaded} when too many are hashing. */
    public CompletionStage<LoginCheck> check(String username, String password) {
        ModelView view = model.view();
        Optional<Authenticator> authenticator = view.find(Authenticators.TYPE, Authenticators.BY_USERNAME, username);
        Optional<Identity> identity = authenticator.flatMap(a -> view.get(Identities.TYPE, a.identityId()));
        if (authenticator.isEmpty()
                || identity.isEmpty()
                || !(authenticator.get().credential() instanceof Authenticator.Password stored)) {
            return refuse(password, new LoginCheck.Failed("there is no user of that name"));
        }
        if (identity.get().disabled(clock.instant())) {
            return refuse(
                    password,
                    new LoginCheck.Failed("identity " + identity.get().id() + " is disabled", authenticator.get()));
        }
        Optional<AuthPolicy> policy = view.get(AuthPolicies.TYPE, identity.get().authPolicyId());
        if (policy.isEmpty() || !policy.get().updbAllowed()) {
            return refuse(
                    password,
                    new LoginCheck.Failed(
                            "the authentication policy of identity "
                                    + identity.get().id() + " admits no passwords",
                            authenticator.get()));
        }
        LoginCheck passed = new LoginCheck.Passed(
                identity.get(), authenticator.get().id(), Optional.empty(), false, Optional.empty(), Optional.empty());
        if (policy.get().updbMaxAttempts() <= 0) {
            return passwords
                    .matches(Optional.of(stored), password)
                    .thenApply(right -> right ? passed : wrongPassword(identity.get(), authenticator.get()));
        }
        return counted(identity.get(), policy.get(), authenticator.get(), stored, password, passed);
    }

    private CompletionStage<LoginCheck> counted(
            Identity identity,
            AuthPolicy policy,
            Authenticator authenticator,
            Authenticator.Password stored,
            String password,
            LoginCheck passed) {
        EntityRef<IdentityActor.Command> actor =
                sharding.entityRefFor(IdentityActor.KEY, identity.id().value());
        CompletionStage<IdentityActor.Admission> admission =
                actor.ask(replyTo -> new IdentityActor.AdmitPassword(policy.updbMaxAttempts(), replyTo), ASK_TIMEOUT);
        return admission.thenCompose(answer -> {
            if (!answer.admitted()) {
                return refuse(
                        password,
                        new LoginCheck.Failed(
                                "identity " + identity.id() + " used up its log-in attempts", authenticator));
            }
            return passwords.matches(Optional.of(stored), password).handle((right, failure) -> {
                if (failure != null) {
                    actor.tell(new IdentityActor.PasswordNotChecked());
                    throw new CompletionException(BoundedWork.cause(failure));
                }
                if (right) {
                    actor.tell(new IdentityActor.PasswordRight());
                    return passed;
                }
                actor.tell(new IdentityActor.PasswordWrong(policy.updbMaxAttempts(), policy.updbLockoutMinutes()));
                return wrongPassword(identity, authenticator);
            });
        });
    }

    private CompletionStage<LoginCheck> refuse(String password, LoginCheck refused) {
        if (password.length() > PasswordHashing.LONGEST) {
            return CompletableFuture.completedFuture(refused);
        }
        return passwords.matches(Optional.empty(), password).thenApply(no -> refused);
    }

    private static LoginCheck wrongPassword(Identity identity, Authenticator authenticator) {
        return new LoginCheck.Failed("wrong password for identity " + identity.id(), authenticator);
    }
}
