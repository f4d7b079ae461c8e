package io.zitipekko.actors.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.work.BoundedWork;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PasswordHashingTest {
    private final PasswordHashing passwords =
            new PasswordHashing(new BoundedWork(Runnable::run, 4, "password hashing"));

    @Test
    void theRightPasswordMatchesAndAnotherDoesNot() {
        Authenticator.Password stored = get(passwords.hash("anna", "correct horse"));

        assertThat(get(passwords.matches(Optional.of(stored), "correct horse"))).isTrue();
        assertThat(get(passwords.matches(Optional.of(stored), "correct horsf"))).isFalse();
        assertThat(get(passwords.matches(Optional.of(stored), ""))).isFalse();
    }

    @Test
    void equalPasswordsHaveDifferentHashes() {
        Authenticator.Password one = get(passwords.hash("anna", "same"));
        Authenticator.Password two = get(passwords.hash("anna", "same"));

        assertThat(one.hash()).isNotEqualTo(two.hash());
        assertThat(Base64.getDecoder().decode(one.hash())).hasSize(32);
    }

    @Test
    void nothingMatchesAUserWhoDoesNotExist() {
        assertThat(get(passwords.matches(Optional.empty(), "anything"))).isFalse();
    }

    @Test
    void theTextOfACredentialHidesItsHash() {
        Authenticator.Password stored = get(passwords.hash("anna", "secret"));

        assertThat(stored.toString()).contains("anna").doesNotContain(stored.hash());
    }

    @Test
    void moreWorkThanThereArePlacesIsRefusedAtOnceAndPlacesComeBack() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        BoundedWork work = new BoundedWork(waiting::add, 2, "password hashing");

        CompletionStage<Integer> first = work.run(() -> 1);
        CompletionStage<Integer> second = work.run(() -> 2);
        CompletionStage<Integer> third = work.run(() -> 3);

        assertThatThrownBy(() -> get(third)).hasCauseInstanceOf(BoundedWork.Overloaded.class);
        waiting.forEach(Runnable::run);
        waiting.clear();
        assertThat(get(first) + get(second)).isEqualTo(3);
        CompletionStage<Integer> fourth = work.run(() -> 4);
        waiting.forEach(Runnable::run);
        assertThat(get(fourth)).isEqualTo(4);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
