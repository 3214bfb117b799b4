package io.fluxcore.adapters.in.nexmark;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;

/**
 * Makes the events of the Nexmark benchmark: of each 50 one person who joins an auction site, three
 * auctions that open, and 46 bids. Proportions, hot keys and sizes are those of nexmark/nexmark.
 */
public final class NexmarkSourceConnector implements SourceConnector {
  private static final String NAME = "nexmark";
  private static final Duration LONGEST_DELAY = Duration.ofDays(1);
  private static final long HIGHEST_RATE = 1_000_000_000;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Makes the persons, auctions and bids of the Nexmark benchmark.",
          List.of(
              OptionSpec.optional(
                  "count",
                  OptionSpec.Type.LONG,
                  null,
                  "Events after which the source ends; endless if absent."),
              OptionSpec.optional(
                  "seed", OptionSpec.Type.LONG, "42", "The same seed gives the same events."),
              OptionSpec.optional(
                  "splits",
                  OptionSpec.Type.LONG,
                  "1",
                  "Parts that are read independently, 1 to 1,024; event i belongs to part i mod"
                      + " splits."),
              OptionSpec.optional(
                  "startTime",
                  OptionSpec.Type.STRING,
                  "2026-01-01T00:00:00Z",
                  "Event time of the first event, an ISO-8601 instant."),
              OptionSpec.optional(
                  "eventRate",
                  OptionSpec.Type.LONG,
                  "10000",
                  "Events per second of event time; they are made as fast as they are taken."),
              OptionSpec.optional(
                  "outOfOrder",
                  OptionSpec.Type.DOUBLE,
                  "0.1",
                  "Fraction of events, 0 to 1, whose event time lies back by up to `maxDelay`."),
              OptionSpec.optional(
                  "maxDelay",
                  OptionSpec.Type.DURATION,
                  "3s",
                  "How far event times lie back at most.")),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public NexmarkSourceConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    long count = options.has("count") ? options.integer("count") : Long.MAX_VALUE;
    problems.range("count", count, 0, Long.MAX_VALUE);
    problems.range("splits", options.integer("splits"), 1, 1024);
    problems.range("eventRate", options.integer("eventRate"), 1, HIGHEST_RATE);
    problems.range("outOfOrder", options.number("outOfOrder"), 0, 1);
    if (options.duration("maxDelay").compareTo(LONGEST_DELAY) > 0) {
      problems.add("maxDelay", options.duration("maxDelay") + " is too long", "give at most 1d");
    }
    long start = start(options.string("startTime"), problems);
    problems.throwIfAny();
    return new NexmarkSource(
        new NexmarkTimes(
            start,
            options.integer("eventRate"),
            options.number("outOfOrder"),
            options.duration("maxDelay").toMillis()),
        options.integer("seed"),
        count,
        (int) options.integer("splits"));
  }

  /** Milliseconds since the epoch. */
  private static long start(String text, OptionProblems problems) {
    try {
      Instant start = Instant.parse(text);
      if (!start.isBefore(Instant.EPOCH) && start.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) {
        return start.toEpochMilli();
      }
      problems.add("startTime", start + " is out of range", "give a year from 1970 to 9998");
    } catch (DateTimeParseException e) {
      problems.add(
          "startTime", "'" + text + "' is not an instant", "write it as 2026-01-01T00:00:00Z");
    }
    return 0;
  }
}
