package io.fluxcore.adapters.in.kafka;

import io.fluxcore.application.connector.SplitPosition;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where reading goes on in a partition.
 *
 * @param start how the offset is found
 * @param offset of the next record, where it is known
 * @param end the offset at which reading ends; {@link #NO_END} for none
 * @param topicId of the topic that the offset is of; null: not known
 */
record KafkaPosition(Start start, long offset, long end, @Nullable String topicId) {
  static final long NO_END = Long.MAX_VALUE;
  static final KafkaPosition EARLIEST = new KafkaPosition(Start.EARLIEST, 0, NO_END, null);
  static final KafkaPosition LATEST = new KafkaPosition(Start.LATEST, 0, NO_END, null);

  private static final Pattern TEXT =
      Pattern.compile("(?:offset )?(\\d{1,18})(?:, end (\\d{1,18}))?(?:, topic id ([\\w-]+))?");

  /** How an offset is found. */
  enum Start {
    EARLIEST,
    LATEST,
    OFFSET
  }

  static KafkaPosition at(long offset, long end, @Nullable String topicId) {
    return new KafkaPosition(Start.OFFSET, offset, end, topicId);
  }

  SplitPosition toSplitPosition() {
    return new SplitPosition(
        switch (start) {
          case EARLIEST -> "earliest";
          case LATEST -> "latest";
          case OFFSET ->
              "offset "
                  + offset
                  + (end == NO_END ? "" : ", end " + end)
                  + (topicId == null ? "" : ", topic id " + topicId);
        });
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException if it is no position
   */
  static KafkaPosition parse(String text) {
    if (text.equals("earliest")) {
      return EARLIEST;
    }
    if (text.equals("latest")) {
      return LATEST;
    }
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "a position in a partition is such as 'offset 4711', '4711', 'earliest' or 'latest', not"
              + " '"
              + text
              + "'");
    }
    String end = found.group(2);
    return at(
        Long.parseLong(found.group(1)), end == null ? NO_END : Long.parseLong(end), found.group(3));
  }
}
