package io.zitipekko.api.management.identity;

import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.api.http.ApiErrors;

/** Lengths of user names and passwords. protocol/06 section 6.9. */
final class Usernames {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 100;

    private Usernames() {}

    static void check(String field, String username) {
        if (username.length() < SHORTEST || username.length() > LONGEST) {
            throw ApiErrors.couldNotValidate(
                    field, field + " in body should be " + SHORTEST + " to " + LONGEST + " characters long", username);
        }
    }

    /** The answer does not repeat the password. */
    static void checkPassword(String password) {
        if (password.length() < PasswordHashing.SHORTEST || password.length() > PasswordHashing.LONGEST) {
            throw ApiErrors.couldNotValidate(
                    "password",
                    "password in body should be " + PasswordHashing.SHORTEST + " to " + PasswordHashing.LONGEST
                            + " characters long",
                    password.length() + " characters");
        }
    }
}
