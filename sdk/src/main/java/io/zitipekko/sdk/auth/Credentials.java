package io.zitipekko.sdk.auth;

import io.zitipekko.transport.identity.Identity;
import java.util.Objects;

/** What an application logs in with. */
public sealed interface Credentials {
    /** The client certificate of an identity. */
    record Certificate(Identity identity) implements Credentials {
        public Certificate {
            Objects.requireNonNull(identity, "identity");
        }
    }

    /** User name and password. The connections to routers then use a certificate that lives as long as the API session. */
    record Password(String username, String password) implements Credentials {
        public Password {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "Password[" + username + "]";
        }
    }
}
