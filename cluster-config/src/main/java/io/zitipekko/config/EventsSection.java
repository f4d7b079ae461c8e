package io.zitipekko.config;

import io.zitipekko.actors.event.output.EventOutputSettings;
import io.zitipekko.actors.event.output.EventSubscription;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The section {@code events} of a controller's file (protocol/07 section 8): each entry says which events go where. */
final class EventsSection {
    private static final int DEFAULT_MEGABYTES = 10;

    private final Section events;
    private final List<String> warnings = new ArrayList<>();

    EventsSection(Section events) {
        this.events = events;
    }

    /** @throws ConfigException when an entry cannot be used: an audit that is silently not written would be worse */
    List<EventOutputSettings> outputs() {
        List<EventOutputSettings> outputs = new ArrayList<>();
        for (String name : events.keys()) {
            Optional<Section> entry = entry(name);
            if (entry.isPresent()) {
                output(name, entry.get()).ifPresent(outputs::add);
            }
        }
        return outputs;
    }

    /** What has no effect. */
    List<String> warnings() {
        return warnings;
    }

    /** What is no map is skipped, as the reference does. */
    private Optional<Section> entry(String name) {
        try {
            return events.section(name);
        } catch (ConfigException notAMap) {
            warnings.add(events.at(name) + " has no effect (expected: a section)");
            return Optional.empty();
        }
    }

    private Optional<EventOutputSettings> output(String name, Section entry) {
        List<EventSubscription> subscriptions = new ArrayList<>();
        if (!entry.has("subscriptions")) {
            throw entry.missing("subscriptions");
        }
        for (Section wanted : entry.sections("subscriptions")) {
            EventSubscription subscription =
                    new EventSubscription(wanted.requiredText("type"), new LinkedHashSet<>(wanted.texts("include")));
            wanted.tolerate(
                    "propagateAlways", "includeParentEvents", "version", "interval", "sourceFilter", "metricFilter");
            if (subscription.isPublished()) {
                subscriptions.add(subscription);
            } else {
                warnings.add(wanted.at("type") + ": there are no events of type '" + subscription.type() + "' here");
            }
        }
        Section handler = entry.requiredSection("handler");
        return target(handler).map(target -> new EventOutputSettings(name, subscriptions, target));
    }

    private Optional<EventOutputSettings.Target> target(Section handler) {
        String type = handler.requiredText("type");
        handler.tolerate("bufferSize");
        switch (type) {
            case "file" -> {
                requireJson(handler);
                long megabytes = handler.integer("maxsizemb", 1, 1 << 20).orElse(DEFAULT_MEGABYTES);
                int backups =
                        handler.integer("maxbackups", 0, Integer.MAX_VALUE).orElse(0);
                return Optional.of(new EventOutputSettings.LogFile(path(handler), megabytes << 20, backups));
            }
            case "stdout" -> {
                requireJson(handler);
                return Optional.of(new EventOutputSettings.StandardOutput());
            }
            case "amqp", "servicebus" -> {
                handler.keys().forEach(handler::tolerate);
                warnings.add(handler.at("type") + ": '" + type
                        + "' is not supported, nothing is written (expected: file or stdout)");
                return Optional.empty();
            }
            default -> throw handler.wrong("type", type, "file or stdout");
        }
    }

    private static Path path(Section handler) {
        String path = handler.requiredText("path");
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw handler.wrong("path", path, "a file");
        }
    }

    private static void requireJson(Section handler) {
        String format = handler.requiredText("format");
        if (!format.equals("json")) {
            throw handler.wrong("format", format, "json");
        }
    }
}
