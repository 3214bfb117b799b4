package io.fluxcore.adapters.in.kafka;

import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.RegexProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Topics of a Kafka cluster; splits are partitions, named {@code topic-partition}. */
final class KafkaSource implements Source {
  private static final System.Logger LOG = System.getLogger(KafkaSource.class.getName());
  private static final int ANSWER_MILLIS = 15_000;
  private static final Map<String, DataType> PART_TYPES =
      Map.of(
          "timestamp", DataType.TIMESTAMP_TZ, "partition", DataType.LONG, "offset", DataType.LONG);

  private final KafkaSettings settings;
  private final RecordFormat format;
  private final MessageFields fields;
  private final Map<String, String> topicIds = new ConcurrentHashMap<>();

  /** Splits that were there when the source was first asked; null before. */
  private volatile @Nullable Set<String> firstSplits;

  /** Whether a reader was given a position: then what has none was made later. */
  private volatile boolean resumed;

  private volatile boolean saidThatNothingMatches;

  KafkaSource(KafkaSettings settings, RecordFormat format, MessageFields fields) {
    this.settings = settings;
    this.format = format;
    this.fields = fields;
  }

  KafkaSettings settings() {
    return settings;
  }

  RecordFormat format() {
    return format;
  }

  MessageFields fields() {
    return fields;
  }

  @Override
  public @Nullable Schema schema() {
    return fields.added(format.schema(), PART_TYPES);
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return settings.bounded();
  }

  @Override
  public @Nullable Duration discoveryInterval() {
    return settings.discovery();
  }

  @Override
  public void check() {
    partitions();
  }

  @Override
  public List<Split> discoverSplits() {
    List<Split> splits = partitions().stream().map(p -> new Split(p.toString())).toList();
    if (firstSplits == null) {
      Set<String> first = new HashSet<>();
      splits.forEach(split -> first.add(split.id()));
      firstSplits = first;
    }
    return splits;
  }

  /** All that are to be read, by topic and number. */
  private List<TopicPartition> partitions() {
    return asking(
        "list partitions of " + topicsInWords(),
        admin -> {
          Collection<String> names = topics(admin);
          Map<String, TopicDescription> found = new TreeMap<>();
          Set<String> missing = new TreeSet<>();
          for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
              admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
              found.put(topic.getKey(), topic.getValue().get());
            } catch (ExecutionException e) {
              if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                  && !(e.getCause() instanceof InvalidTopicException)) {
                throw e;
              }
              missing.add(topic.getKey());
            }
          }
          // One that matched the pattern may just have been deleted.
          if (!missing.isEmpty() && settings.pattern() == null) {
            throw noTopic(missing);
          }
          List<TopicPartition> partitions = new ArrayList<>();
          found.forEach(
              (name, topic) -> {
                topicIds.put(name, topic.topicId().toString());
                topic
                    .partitions()
                    .forEach(p -> partitions.add(new TopicPartition(name, p.partition())));
              });
          return partitions;
        });
  }

  private String topicsInWords() {
    RegexProgram pattern = settings.pattern();
    return pattern == null
        ? String.join(", ", settings.topics())
        : "topics like " + pattern.pattern();
  }

  private Collection<String> topics(Admin admin) throws ExecutionException, InterruptedException {
    RegexProgram pattern = settings.pattern();
    if (pattern == null) {
      return settings.topics();
    }
    List<String> names =
        admin.listTopics().names().get().stream().filter(pattern::matches).sorted().toList();
    if (names.isEmpty() && !saidThatNothingMatches) {
      saidThatNothingMatches = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "no topic at {0} matches {1}; topics that are made later are read",
          settings.servers(),
          pattern.pattern());
    }
    return names;
  }

  private FluxCoreException noTopic(Collection<String> names) {
    return KafkaErrors.user(
        KafkaErrors.NO_TOPIC,
        "topic",
        "there is no topic "
            + String.join(", ", names)
            + " at "
            + settings.servers()
            + ", or this user may not see it",
        "create it, or correct the name");
  }

  /** What is asked of the brokers. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  /** Asks on a connection of its own. */
  <T> T asking(String doing, Question<T> question) {
    Map<String, Object> properties = settings.client().settings();
    properties.putIfAbsent("default.api.timeout.ms", ANSWER_MILLIS);
    properties.putIfAbsent("request.timeout.ms", ANSWER_MILLIS / 2);
    try (Admin admin = Admin.create(properties)) {
      return question.ask(admin);
    } catch (ExecutionException e) {
      throw KafkaErrors.of(e.getCause() == null ? e : e.getCause(), doing, settings.servers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.external(
          KafkaErrors.NO_ANSWER, "bootstrapServers", "interrupted while asking", "try again", e);
    } catch (KafkaException e) {
      throw KafkaErrors.of(e, doing, settings.servers());
    }
  }

  /** The id of a topic, by which one of the same name that is made later is known. */
  String topicId(String topic) {
    String known = topicIds.get(topic);
    if (known == null) {
      known =
          asking(
              "describe topic " + topic,
              admin ->
                  admin
                      .describeTopics(List.of(topic))
                      .allTopicNames()
                      .get()
                      .values()
                      .iterator()
                      .next()
                      .topicId()
                      .toString());
      topicIds.put(topic, known);
    }
    return known;
  }

  /**
   * Whether a split without a position was made after the source had begun to be read, so that all
   * of it is new.
   */
  boolean isNew(String split) {
    Set<String> first = firstSplits;
    return resumed || (first != null && !first.contains(split));
  }

  void resumed() {
    resumed = true;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new KafkaReader(this, context);
  }

  static TopicPartition partition(Split split) {
    int dash = split.id().lastIndexOf('-');
    return new TopicPartition(
        split.id().substring(0, dash), Integer.parseInt(split.id().substring(dash + 1)));
  }

  @Override
  public SplitSeeking seeking() {
    return new Seeking();
  }

  /** By offset, and by the times of records. */
  private final class Seeking implements SplitSeeking {
    @Override
    public Set<SeekBy> by() {
      return EnumSet.of(SeekBy.POSITION, SeekBy.TIMESTAMP);
    }

    @Override
    public SplitPosition earliest(Split split) {
      return KafkaPosition.EARLIEST.toSplitPosition();
    }

    @Override
    public SplitPosition position(Split split, String text) {
      return KafkaPosition.parse(text).toSplitPosition();
    }

    /** The first record of that time or later, since earlier ones are not wanted. */
    @Override
    public SplitPosition at(Split split, Instant time) {
      TopicPartition partition = partition(split);
      return asking(
          "find the offset of " + time + " in " + partition,
          admin -> {
            ListOffsetsResultInfo found =
                admin
                    .listOffsets(Map.of(partition, OffsetSpec.forTimestamp(time.toEpochMilli())))
                    .partitionResult(partition)
                    .get();
            long offset =
                found.offset() >= 0
                    ? found.offset()
                    : admin
                        .listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get()
                        .offset();
            return KafkaPosition.at(offset, KafkaPosition.NO_END, topicId(partition.topic()))
                .toSplitPosition();
          });
    }
  }

  @Override
  public String toString() {
    return "kafka source of " + settings;
  }
}
