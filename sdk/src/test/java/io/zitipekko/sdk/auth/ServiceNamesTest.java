package io.zitipekko.sdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceNamesTest {
    private final List<String> filters = new ArrayList<>();
    private final List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
    private final ServiceNames names = new ServiceNames(filter -> {
        filters.add(filter);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    });

    @Test
    void aNameIsAskedForAtOnce() {
        CompletionStage<Optional<ServiceDetail>> found = names.find("a \"b\" \\");

        answers.get(0).complete(services("a \"b\" \\"));

        assertThat(filters).containsExactly("name=\"a \\\"b\\\" \\\\\"");
        assertThat(found.toCompletableFuture()).isCompletedWithValueMatching(Optional::isPresent);
    }

    @Test
    void whatIsAskedForMeanwhileGoesTogetherAndEachIsAnswered() {
        names.find("first");
        CompletionStage<Optional<ServiceDetail>> second = names.find("second");
        CompletionStage<Optional<ServiceDetail>> none = names.find("none");
        CompletionStage<Optional<ServiceDetail>> again = names.find("second");

        answers.get(0).complete(services("first"));
        answers.get(1).complete(services("second"));

        assertThat(filters).containsExactly("name=\"first\"", "name in [\"second\",\"none\"]");
        for (CompletionStage<Optional<ServiceDetail>> found : List.of(second, again)) {
            assertThat(found.toCompletableFuture())
                    .isCompletedWithValueMatching(s -> s.orElseThrow().name().equals("second"));
        }
        assertThat(none.toCompletableFuture()).isCompletedWithValueMatching(Optional::isEmpty);
    }

    @Test
    void neitherTooManyNamesNorTooLongOnesGoTogether() {
        names.find("first");
        IntStream.range(0, 40).forEach(i -> names.find("n" + i));
        Stream.of("x", "y", "z").forEach(c -> names.find(c.repeat(400)));

        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).complete(services());
        }

        assertThat(filters).extracting(f -> f.split(",").length).containsExactly(1, 32, 10, 1);
    }

    @Test
    void aNameThatIsRefusedDoesNotFailTheOthers() {
        names.find("first");
        CompletionStage<Optional<ServiceDetail>> good = names.find("good");
        CompletionStage<Optional<ServiceDetail>> bad = names.find("bad");

        answers.get(0).complete(services("first"));
        answers.get(1).completeExceptionally(refusal(400));
        answers.get(2).complete(services("good"));
        answers.get(3).completeExceptionally(refusal(400));

        assertThat(good.toCompletableFuture()).isCompletedWithValueMatching(Optional::isPresent);
        assertThatThrownBy(() -> bad.toCompletableFuture().join()).hasCauseInstanceOf(ApiException.class);
    }

    @Test
    void aFailureIsToldToAllAndTheNextAreAskedForAllTheSame() {
        names.find("first");
        CompletionStage<Optional<ServiceDetail>> second = names.find("second");
        CompletionStage<Optional<ServiceDetail>> third = names.find("third");

        answers.get(0).completeExceptionally(refusal(503));
        answers.get(1).completeExceptionally(refusal(503));
        CompletionStage<Optional<ServiceDetail>> later = names.find("later");
        answers.get(2).complete(services("later"));

        assertThat(second.toCompletableFuture()).isCompletedExceptionally();
        assertThat(third.toCompletableFuture()).isCompletedExceptionally();
        assertThat(later.toCompletableFuture()).isCompletedWithValueMatching(Optional::isPresent);
    }

    private static ApiException refusal(int status) {
        return new ApiException("GET", URI.create("https://controller/services"), status, "CODE", "refused");
    }

    private static JsonNode services(String... found) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String name : found) {
            list.addObject().put("id", "id-of-" + name).put("name", name);
        }
        return list;
    }
}
