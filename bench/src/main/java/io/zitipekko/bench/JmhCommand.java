package io.zitipekko.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench jmh [OPTION …] [PATTERN …]}: the microbenchmarks, with JMH's own options. */
@Command(name = "jmh", description = "The microbenchmarks; what follows goes to JMH.")
final class JmhCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "JMH's own, e.g. a pattern, -f 1, -prof gc.")
    List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException {
        org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
