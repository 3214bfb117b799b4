package io.fluxcore.adapters.in.kafka;

import io.fluxcore.adapters.in.kafka.KafkaPosition.Start;
import io.fluxcore.adapters.in.kafka.KafkaSettings.LostOffsets;
import io.fluxcore.adapters.in.kafka.KafkaSettings.StartFrom;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the offsets at which partitions are begun, and those at which reading goes on where the
 * next records are gone. Asks the brokers, and waits for their answer as long as {@link #ASK_WAIT};
 * what was not answered is asked again at the next call.
 */
final class PartitionStarts {
  private static final System.Logger LOG = System.getLogger(PartitionStarts.class.getName());
  private static final Duration ASK_WAIT = Duration.ofSeconds(2);

  private final KafkaSource source;
  private final KafkaSettings settings;
  private final KafkaConsumer<?, ?> consumer;

  PartitionStarts(KafkaSource source, KafkaConsumer<?, ?> consumer) {
    this.source = source;
    this.settings = source.settings();
    this.consumer = consumer;
  }

  /** Finds where these begin, and end. */
  void locate(List<Partition> partitions) {
    Map<TopicPartition, String> ids = new HashMap<>();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Set<TopicPartition> earliest = new HashSet<>();
    Set<TopicPartition> latest = new HashSet<>();
    Set<TopicPartition> byTime = new HashSet<>();
    Set<TopicPartition> committed = new HashSet<>();
    Set<TopicPartition> toEnd = new HashSet<>();
    for (Partition partition : partitions) {
      TopicPartition id = partition.id;
      ids.put(id, source.topicId(id.topic()));
      KafkaPosition asked = anew(partition, ids.get(id));
      if (asked == null) {
        switch (startOf(partition)) {
          case EARLIEST -> earliest.add(id);
          case LATEST -> latest.add(id);
          case TIMESTAMP -> byTime.add(id);
          case COMMITTED -> committed.add(id);
          case OFFSETS -> {
            Long offset = settings.offsets().get(partition.split);
            if (offset == null) {
              earliest.add(id);
            } else {
              offsets.put(id, offset);
            }
          }
        }
      } else if (asked.start() == Start.OFFSET) {
        offsets.put(id, asked.offset());
      } else {
        (asked.start() == Start.EARLIEST ? earliest : latest).add(id);
      }
      if (settings.bounded()) {
        if (asked != null && asked.end() != KafkaPosition.NO_END) {
          partition.end = asked.end();
        } else {
          toEnd.add(id);
        }
      }
    }
    if (!committed.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> found = consumer.committed(committed, ASK_WAIT);
      for (TopicPartition id : committed) {
        OffsetAndMetadata offset = found.get(id);
        if (offset == null) {
          earliest.add(id);
        } else {
          offsets.put(id, offset.offset());
        }
      }
    }
    if (!byTime.isEmpty()) {
      Map<TopicPartition, Long> times = new HashMap<>();
      byTime.forEach(id -> times.put(id, settings.timestampMillis()));
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, ASK_WAIT);
      for (TopicPartition id : byTime) {
        OffsetAndTimestamp offset = found.get(id);
        if (offset == null) {
          latest.add(id);
        } else {
          offsets.put(id, offset.offset());
        }
      }
    }
    offsets.putAll(ofEnds(earliest, true));
    offsets.putAll(ofEnds(latest, false));
    Map<TopicPartition, Long> ends = ofEnds(toEnd, false);
    for (Partition partition : partitions) {
      Long end = ends.get(partition.id);
      if (end != null) {
        partition.end = end;
      }
      Long offset = offsets.get(partition.id);
      if (offset == null) {
        throw new IllegalStateException("no offset was found for " + partition.id);
      }
      partition.locate(offset, ids.get(partition.id));
    }
  }

  private Map<TopicPartition, Long> ofEnds(Set<TopicPartition> partitions, boolean beginning) {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    return beginning
        ? consumer.beginningOffsets(partitions, ASK_WAIT)
        : consumer.endOffsets(partitions, ASK_WAIT);
  }

  /** As configured; what was made later is all new. */
  private StartFrom startOf(Partition partition) {
    return settings.startFrom() == StartFrom.LATEST && source.isNew(partition.split)
        ? StartFrom.EARLIEST
        : settings.startFrom();
  }

  /** Where it is to begin; if the topic is another one than that of the position, anew. */
  private @Nullable KafkaPosition anew(Partition partition, @Nullable String topicId) {
    KafkaPosition asked = partition.asked;
    if (asked == null || asked.topicId() == null || asked.topicId().equals(topicId)) {
      return asked;
    }
    String what =
        "topic "
            + partition.id.topic()
            + " was deleted and made anew since offset "
            + asked.offset()
            + " of "
            + partition.split
            + " was read";
    if (settings.lostOffsets() == LostOffsets.FAIL) {
      throw KafkaErrors.external(KafkaErrors.ANOTHER_TOPIC, partition.split, what, REMEDY, null);
    }
    boolean earliest = settings.lostOffsets() == LostOffsets.EARLIEST;
    LOG.log(
        Level.WARNING,
        "{0}; reading goes on with the {1} record of the new one",
        what,
        earliest ? "oldest" : "next");
    return earliest ? KafkaPosition.EARLIEST : KafkaPosition.LATEST;
  }

  private static final String REMEDY =
      "set onLostOffsets to earliest or latest to go on without them, or start anew";

  /**
   * Goes on where the next records are not there.
   *
   * @param lost by partition, the offset that is not there
   */
  void relocate(Map<TopicPartition, Long> lost, Function<TopicPartition, Partition> partitions) {
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(lost.keySet(), ASK_WAIT);
    Map<TopicPartition, Long> newest = consumer.endOffsets(lost.keySet(), ASK_WAIT);
    lost.forEach(
        (id, offset) -> {
          long from = oldest.getOrDefault(id, 0L);
          long to = newest.getOrDefault(id, 0L);
          boolean deleted = offset < from;
          String what =
              deleted
                  ? "records "
                      + offset
                      + " to "
                      + (from - 1)
                      + " of "
                      + id
                      + " were deleted before they were read"
                  : "there is no record "
                      + offset
                      + " of "
                      + id
                      + ", whose records are "
                      + from
                      + " to "
                      + (to - 1)
                      + ": it was cut off or made anew";
          if (settings.lostOffsets() == LostOffsets.FAIL) {
            throw KafkaErrors.external(KafkaErrors.LOST_OFFSETS, id.toString(), what, REMEDY, null);
          }
          long goesOn = settings.lostOffsets() == LostOffsets.EARLIEST ? from : to;
          LOG.log(
              Level.WARNING,
              "{0}; reading goes on with record {1}, so that {2} are lost",
              what,
              Long.toString(goesOn),
              Long.toString(Math.max(0, goesOn - offset)));
          Partition partition = partitions.apply(id);
          partition.locate(goesOn, source.topicId(id.topic()));
          consumer.seek(id, goesOn);
        });
  }
}
