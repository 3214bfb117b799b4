package io.fluxcore.adapters.in.kafka;

import io.fluxcore.application.connector.SplitPosition;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far a reader is in one partition. Not thread-safe. */
final class Partition {
  final TopicPartition id;
  final String split;

  /** What was asked for, until it is known which offset that is. */
  final @Nullable KafkaPosition asked;

  /** Where reading ends. */
  long end = KafkaPosition.NO_END;

  private @Nullable String topicId;
  private boolean located;
  private boolean begun;
  private boolean ended;

  /** Up to here the host has it. */
  private long given;

  /** Up to here the consumer has handed it over. */
  private long fetchedTo;

  private List<ConsumerRecord<ByteBuffer, ByteBuffer>> fetched = List.of();
  private int next;

  Partition(String split, TopicPartition id, @Nullable KafkaPosition asked) {
    this.split = split;
    this.id = id;
    this.asked = asked;
  }

  /** Whether it is known where reading begins. */
  boolean isLocated() {
    return located;
  }

  /** Reading begins, or goes on after a gap, at an offset. */
  void locate(long offset, @Nullable String newTopicId) {
    topicId = newTopicId;
    located = true;
    given = offset;
    fetchedTo = offset;
    fetched = List.of();
    next = 0;
    begun = false;
  }

  /** Whether the host does not know of where reading begins; asked once. */
  boolean begins() {
    boolean begins = located && !begun;
    begun |= begins;
    return begins;
  }

  /** Takes what was fetched when the last was given. */
  void fetched(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    fetched = records;
    next = 0;
  }

  /** The consumer is so far, whether by records or by what lies between them. */
  void fetchedTo(long offset) {
    fetchedTo = offset;
  }

  /** The next record that is to be given; null if there is none at hand. */
  @Nullable ConsumerRecord<ByteBuffer, ByteBuffer> peek() {
    if (next < fetched.size() && fetched.get(next).offset() < end) {
      return fetched.get(next);
    }
    return null;
  }

  /** The record of {@link #peek} is given. */
  void take() {
    given = fetched.get(next++).offset() + 1;
  }

  /** Whether there is something to give: records, or a position after what lies between them. */
  boolean hasMore() {
    return peek() != null || Math.min(fetchedTo, end) > given;
  }

  /** What lies between records needs no giving. */
  void skipToFetched() {
    if (peek() == null) {
      given = Math.max(given, Math.min(fetchedTo, end));
      fetched = List.of();
      next = 0;
    }
  }

  /** Whether it is at its end, and the host does not know that; asked once. */
  boolean ends() {
    boolean ends = located && !ended && given >= end;
    ended |= ends;
    return ends;
  }

  boolean hasEnded() {
    return ended;
  }

  long given() {
    return given;
  }

  /** Records that the consumer has handed over, about. */
  long atHand() {
    return Math.max(0, fetchedTo - given);
  }

  SplitPosition position() {
    return KafkaPosition.at(given, end, topicId).toSplitPosition();
  }
}
