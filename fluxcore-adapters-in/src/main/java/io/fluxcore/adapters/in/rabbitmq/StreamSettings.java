package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is read.
 *
 * @param start where a first start begins
 */
record StreamSettings(StreamPosition start, LostOffsets lostOffsets) {
  static final String STREAM = "stream";

  /** What fields may be made of beside key, timestamp and headers. */
  static final String OFFSET = "offset";

  private static final String START_FROM = "startFrom";
  private static final String START_TIMESTAMP = "startTimestamp";
  private static final String START_OFFSET = "startOffset";
  private static final String LOST_OFFSETS = "onLostOffsets";
  private static final String QUEUE_TYPE = "x-queue-type";
  private static final long MAX_OFFSET = 999_999_999_999_999_999L;
  private static final String NO_STREAM = "it is for streams, and 'stream' is not set";
  private static final String SET_STREAM = "set stream: true, or leave it out";

  /** What happens when the next messages are not there any more. */
  enum LostOffsets {
    FAIL,
    EARLIEST,
    LATEST
  }

  static OptionSpec spec() {
    return OptionSpec.optional(
        STREAM,
        OptionSpec.Type.BOOLEAN,
        "false",
        "Whether the queue is a stream (`x-queue-type: stream`), which is read by offset and can be"
            + " read again: checkpoints hold the offset, and nothing is acknowledged.");
  }

  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.oneOf(
            START_FROM,
            List.of("earliest", "latest", "timestamp", "offset"),
            "earliest",
            "Stream: where a start without a checkpoint begins: with the oldest message, with the"
                + " next one, at `startTimestamp` or at `startOffset`."),
        OptionSpec.optional(
            START_TIMESTAMP,
            OptionSpec.Type.STRING,
            null,
            "For `startFrom: timestamp`: an instant such as `2026-01-31T10:00:00Z`, or epoch"
                + " milliseconds, by the second; reading begins with the messages that the server"
                + " took then, and may give some from shortly before."),
        OptionSpec.optional(
            START_OFFSET,
            OptionSpec.Type.LONG,
            null,
            "For `startFrom: offset`: the offset of the first message that is read."),
        OptionSpec.oneOf(
            LOST_OFFSETS,
            List.of("fail", "earliest", "latest"),
            "fail",
            "Stream: what happens when the next messages were deleted before they were read, or the"
                + " stream was made anew: the job fails, or reading goes on with the oldest or the"
                + " next message, and a warning says how many are lost."));
  }

  /** What the options ask for; null where the queue is no stream. */
  static @Nullable StreamSettings of(ConnectorOptions options, OptionProblems problems) {
    String start = options.string(START_FROM);
    onlyFor(START_TIMESTAMP, "timestamp", start, options, problems);
    onlyFor(START_OFFSET, "offset", start, options, problems);
    if (!options.bool(STREAM)) {
      if (!start.equals("earliest")) {
        problems.add(START_FROM, NO_STREAM, SET_STREAM);
      }
      if (!options.string(LOST_OFFSETS).equals("fail")) {
        problems.add(LOST_OFFSETS, NO_STREAM, SET_STREAM);
      }
      if (isStream(options)) {
        problems.add("arguments", "they declare a stream", SET_STREAM);
      }
      return null;
    }
    refuse("spool", options.has("spool"), problems);
    refuse("acknowledge", options.string("acknowledge").equals("checkpoint"), problems);
    refuse("requireId", options.bool("requireId"), problems);
    if (options.bool("declare")) {
      checkDeclared(options, problems);
    }
    return new StreamSettings(
        switch (start) {
          case "latest" -> StreamPosition.LATEST;
          case "timestamp" -> StreamPosition.atTime(timestamp(options, problems));
          case "offset" -> StreamPosition.at(offset(options, problems));
          default -> StreamPosition.EARLIEST;
        },
        LostOffsets.valueOf(options.string(LOST_OFFSETS).toUpperCase(Locale.ROOT)));
  }

  private static void onlyFor(
      String option,
      String start,
      String given,
      ConnectorOptions options,
      OptionProblems problems) {
    boolean isNeeded = given.equals(start);
    if (isNeeded && !options.has(option)) {
      problems.add(option, "startFrom is '" + start + "', and it is missing", "give it");
    } else if (!isNeeded && options.has(option)) {
      problems.add(option, "it is for startFrom: " + start, "set that, or leave the option out");
    }
  }

  private static void refuse(String option, boolean isGiven, OptionProblems problems) {
    if (isGiven) {
      problems.add(
          option,
          "a stream keeps its messages, and checkpoints hold the offset: nothing is acknowledged,"
              + " and nothing comes twice",
          "leave it out, or set stream: false for a queue that is no stream");
    }
  }

  private static void checkDeclared(ConnectorOptions options, OptionProblems problems) {
    if (!options.bool("durable")) {
      problems.add("durable", "a stream outlives the server", "leave it out");
    }
    Object type = options.map("arguments").get(QUEUE_TYPE);
    if (type != null && !isStream(options)) {
      problems.add(
          "arguments",
          "they declare a queue of type '" + type + "', and 'stream' is set",
          "leave " + QUEUE_TYPE + " out, or set stream: false");
    }
  }

  private static boolean isStream(ConnectorOptions options) {
    return STREAM.equals(options.map("arguments").get(QUEUE_TYPE));
  }

  /** With which arguments a stream is declared. */
  static Map<String, Object> declared(Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put(QUEUE_TYPE, STREAM);
    return Map.copyOf(all);
  }

  private static long timestamp(ConnectorOptions options, OptionProblems problems) {
    String text = options.optionalString(START_TIMESTAMP);
    if (text == null) {
      return 0; // told already
    }
    try {
      return text.matches("\\d{1,15}") ? Long.parseLong(text) : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      problems.add(
          START_TIMESTAMP,
          "'" + text + "' is no time",
          "write an instant such as 2026-01-31T10:00:00Z, or epoch milliseconds");
      return 0;
    }
  }

  private static long offset(ConnectorOptions options, OptionProblems problems) {
    if (!options.has(START_OFFSET)) {
      return 0; // told already
    }
    long offset = options.integer(START_OFFSET);
    problems.range(START_OFFSET, offset, 0, MAX_OFFSET);
    return offset;
  }
}
