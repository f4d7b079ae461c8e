package io.zitipekko.actors.router.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.control.RouteErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DialFailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), RouteErrorCode.CONNECTION_REFUSED),
                Arguments.of(
                        new RuntimeException("Tcp command failed", new ConnectException("Connection refused")),
                        RouteErrorCode.CONNECTION_REFUSED),
                Arguments.of(new SocketException("Too many open files"), RouteErrorCode.RESOURCES_NOT_AVAILABLE),
                Arguments.of(new UnknownHostException("nowhere"), RouteErrorCode.DNS_RESOLUTION_FAILED),
                Arguments.of(new TimeoutException(), RouteErrorCode.DIAL_TIMED_OUT),
                Arguments.of(new IOException("Connection timed out"), RouteErrorCode.DIAL_TIMED_OUT),
                Arguments.of(
                        new IllegalStateException("port 80 not in allowed port ranges"),
                        RouteErrorCode.PORT_NOT_ALLOWED),
                Arguments.of(
                        new IllegalStateException("rejected by application"), RouteErrorCode.REJECTED_BY_APPLICATION),
                Arguments.of(new IOException("something else"), RouteErrorCode.GENERIC));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachKindOfFailureHasItsCode(Throwable failure, RouteErrorCode code) {
        RouteException sorted = DialFailures.classify(TransportAddress.parse("tcp:host:80"), failure);

        assertThat(sorted.error()).isEqualTo(code);
        assertThat(sorted.getMessage()).contains("tcp:host:80");
    }
}
