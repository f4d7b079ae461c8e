package io.zitipekko.bench;

import java.util.List;

/** A family of figures that are measured together. To add one: implement it and put it on {@link Benches}' list. */
public interface Bench {
    /** What it is called on the command line. */
    String name();

    /** One line for people. */
    String description();

    /** The figures that it must deliver; one that is absent afterwards could not be taken. */
    List<String> figures(Setting setting);

    /** Measures. Figures go to the report as soon as they are known. Whatever it throws ends this bench only. */
    void run(Setting setting) throws Exception;
}
