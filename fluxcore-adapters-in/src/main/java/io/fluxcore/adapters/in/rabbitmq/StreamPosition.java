package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.application.connector.SplitPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where reading goes on in a stream.
 *
 * @param start how the message is found
 * @param value the offset of the next message, or the time in epoch milliseconds
 */
record StreamPosition(Start start, long value) {
  static final StreamPosition EARLIEST = new StreamPosition(Start.EARLIEST, 0);
  static final StreamPosition LATEST = new StreamPosition(Start.LATEST, 0);

  private static final String AT_TIME = "timestamp ";
  private static final Pattern OFFSET = Pattern.compile("(?:offset )?(\\d{1,18})");

  /** How a message is found. */
  enum Start {
    EARLIEST,
    LATEST,
    TIMESTAMP,
    OFFSET
  }

  static StreamPosition at(long offset) {
    return new StreamPosition(Start.OFFSET, offset);
  }

  static StreamPosition atTime(long epochMillis) {
    return new StreamPosition(Start.TIMESTAMP, epochMillis);
  }

  boolean isOffset() {
    return start == Start.OFFSET;
  }

  SplitPosition toSplitPosition() {
    return new SplitPosition(
        switch (start) {
          case EARLIEST -> "earliest";
          case LATEST -> "latest";
          case TIMESTAMP -> AT_TIME + Instant.ofEpochMilli(value);
          case OFFSET -> "offset " + value;
        });
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException if it is no position
   */
  static StreamPosition parse(String text) {
    if (text.equals("earliest")) {
      return EARLIEST;
    }
    if (text.equals("latest")) {
      return LATEST;
    }
    try {
      if (text.startsWith(AT_TIME)) {
        return atTime(Instant.parse(text.substring(AT_TIME.length())).toEpochMilli());
      }
      Matcher found = OFFSET.matcher(text);
      if (found.matches()) {
        return at(Long.parseLong(found.group(1)));
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "a position in a stream is such as 'offset 4711', '4711', 'timestamp 2026-01-31T10:00:00Z',"
            + " 'earliest' or 'latest', not '"
            + text
            + "'");
  }

  /**
   * What the server is asked for. Before an offset it is the message that was read last, which
   * shows that this is the same stream still.
   */
  @SuppressWarnings("JavaUtilDate") // the client library takes no other
  Object argument() {
    return switch (start) {
      case EARLIEST -> "first";
      case LATEST -> "next";
      case TIMESTAMP -> new Date(value);
      case OFFSET -> Math.max(0, value - 1);
    };
  }
}
