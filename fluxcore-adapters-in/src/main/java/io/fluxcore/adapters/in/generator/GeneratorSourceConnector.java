package io.fluxcore.adapters.in.generator;

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
 * Makes events up: for trying things out, for load, and for tests that need a known stream. Each
 * event is a pure function of the seed and its index, so that a stream can be repeated, split and
 * replayed from any position. Without any option it gives an endless stream of six fields.
 */
public final class GeneratorSourceConnector implements SourceConnector {
  private static final String NAME = "generator";
  private static final Duration MAX_STEP = Duration.ofDays(366);

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Makes events up, each a pure function of the seed and its index.",
          List.of(
              OptionSpec.optional(
                  "rate",
                  OptionSpec.Type.LONG,
                  "0",
                  "Events per second; 0 is as fast as possible."),
              OptionSpec.optional(
                  "count",
                  OptionSpec.Type.LONG,
                  null,
                  "Events after which the source ends; endless if absent."),
              OptionSpec.optional(
                  "seed",
                  OptionSpec.Type.LONG,
                  "42",
                  "The same seed and fields give the same events."),
              OptionSpec.optional(
                  "splits",
                  OptionSpec.Type.LONG,
                  "1",
                  "Parts that are read independently, 1 to 1,024; event i belongs to part i mod"
                      + " splits."),
              OptionSpec.optional(
                  "fields",
                  OptionSpec.Type.MAP,
                  null,
                  "Name and generator of each field; the fields `id`, `eventTime`, `key`, `type`,"
                      + " `value` and `importance` if absent."),
              OptionSpec.optional(
                  "startTime",
                  OptionSpec.Type.STRING,
                  "2026-01-01T00:00:00Z",
                  "Event time of the first event, an ISO-8601 instant."),
              OptionSpec.optional(
                  "step",
                  OptionSpec.Type.DURATION,
                  "1ms",
                  "Event time from one event to the next."),
              OptionSpec.optional(
                  "outOfOrder",
                  OptionSpec.Type.DOUBLE,
                  "0",
                  "Fraction of events, 0 to 1, whose event time lies back by up to `maxDelay`."),
              OptionSpec.optional(
                  "maxDelay",
                  OptionSpec.Type.DURATION,
                  "5s",
                  "How far event times lie back at most."),
              OptionSpec.optional(
                  "duplicates",
                  OptionSpec.Type.DOUBLE,
                  "0",
                  "Fraction of events, 0 to 0.9, that repeat one of the hundred before them.")),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public GeneratorSourceConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    long rate = options.integer("rate");
    problems.range("rate", rate, 0, 1_000_000_000);
    long count = options.has("count") ? options.integer("count") : Long.MAX_VALUE;
    problems.range("count", count, 0, Long.MAX_VALUE);
    problems.range("splits", options.integer("splits"), 1, 1024);
    problems.range("outOfOrder", options.number("outOfOrder"), 0, 1);
    problems.range("duplicates", options.number("duplicates"), 0, 0.9);
    if (options.duration("step").compareTo(MAX_STEP) > 0) {
      problems.add("step", options.duration("step") + " is too long", "give at most 366d");
    }
    if (options.duration("maxDelay").compareTo(MAX_STEP) > 0) {
      problems.add("maxDelay", options.duration("maxDelay") + " is too long", "give at most 366d");
    }
    Instant start = Instant.EPOCH;
    try {
      start = Instant.parse(options.string("startTime"));
      if (start.isBefore(Instant.parse("0001-01-01T00:00:00Z"))
          || start.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
        problems.add("startTime", start + " is out of range", "give a year from 1 to 9999");
        start = Instant.EPOCH;
      }
    } catch (DateTimeParseException e) {
      problems.add(
          "startTime",
          "'" + options.string("startTime") + "' is not an instant",
          "write it as 2026-01-01T00:00:00Z");
    }
    List<FieldGenerator> fields =
        new FieldSpecs(options.integer("seed"), problems)
            .parse(options.has("fields") ? options.map("fields") : FieldSpecs.DEFAULT);
    problems.throwIfAny();
    EventTimes times =
        new EventTimes(
            options.integer("seed"),
            start,
            options.duration("step"),
            options.number("outOfOrder"),
            options.duration("maxDelay"),
            options.number("duplicates"));
    return new GeneratorSource(
        fields, times, rate, count, (int) options.integer("splits"), Pace.system());
  }
}
