package io.fluxcore.adapters.in.kafka;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexProgram;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is read, and from where on.
 *
 * @param topics their names; empty where there is a pattern
 * @param pattern of names, or null
 * @param group under which offsets are committed for others to see, or null
 * @param timestampMillis where reading begins by time
 * @param offsets by split, where reading begins by offsets
 * @param bounded whether reading ends at what is there when it begins
 * @param committedOnly whether records of transactions are read when these are committed, and only
 *     then
 * @param discovery how often new partitions are looked for
 */
record KafkaSettings(
    KafkaClient client,
    List<String> topics,
    @Nullable RegexProgram pattern,
    @Nullable String group,
    StartFrom startFrom,
    long timestampMillis,
    Map<String, Long> offsets,
    boolean bounded,
    boolean committedOnly,
    LostOffsets lostOffsets,
    KeyFormat keyFormat,
    Duration discovery) {
  /** What fields may be made of beside key, timestamp and headers. */
  static final List<String> PARTS = List.of("topic", "partition", "offset");

  /** Properties of the client that are set here. */
  static final Set<String> OWN_PROPERTIES =
      Set.of(
          "group.id",
          "key.deserializer",
          "value.deserializer",
          "enable.auto.commit",
          "auto.offset.reset",
          "isolation.level",
          "max.poll.records",
          "allow.auto.create.topics");

  private static final String TOPIC = "topic";
  private static final String TOPIC_PATTERN = "topicPattern";
  private static final String CONSUMER_GROUP = "consumerGroup";
  private static final String START_FROM = "startFrom";
  private static final String START_TIMESTAMP = "startTimestamp";
  private static final String START_OFFSETS = "startOffsets";
  private static final String BOUNDED = "bounded";
  private static final String ISOLATION = "isolation";
  private static final String LOST_OFFSETS = "onLostOffsets";
  private static final String KEY_FORMAT = "keyFormat";
  private static final String DISCOVERY = "discoveryInterval";
  private static final Duration MAX_DISCOVERY = Duration.ofDays(1);

  /** Where a first start begins. */
  enum StartFrom {
    EARLIEST,
    LATEST,
    COMMITTED,
    TIMESTAMP,
    OFFSETS
  }

  /** What happens when the next records are not there any more. */
  enum LostOffsets {
    FAIL,
    EARLIEST,
    LATEST
  }

  /** What keys are. */
  enum KeyFormat {
    STRING,
    RAW,
    NONE
  }

  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.optional(
            TOPIC, OptionSpec.Type.LIST, null, "The topic, or several with commas between."),
        OptionSpec.optional(
            TOPIC_PATTERN,
            OptionSpec.Type.STRING,
            null,
            "In place of `topic` a regular expression that matches the whole names of topics; those"
                + " that are made later are read too."),
        OptionSpec.optional(
            CONSUMER_GROUP,
            OptionSpec.Type.STRING,
            null,
            "The group under which offsets are committed with each checkpoint, for others to see;"
                + " the job itself goes on from its checkpoints. Without it none are committed."),
        OptionSpec.oneOf(
            START_FROM,
            List.of("earliest", "latest", "committed", "timestamp", "offsets"),
            "earliest",
            "Where a start without a checkpoint begins: with the oldest record, with the next one,"
                + " at the offsets of `consumerGroup`, at `startTimestamp` or at `startOffsets`."
                + " Partitions for which that says nothing, and those that are made later, are read"
                + " from their oldest record."),
        OptionSpec.optional(
            START_TIMESTAMP,
            OptionSpec.Type.STRING,
            null,
            "For `startFrom: timestamp`: an instant such as `2026-01-31T10:00:00Z`, or epoch"
                + " milliseconds; reading begins with the first record of that time or later."),
        OptionSpec.optional(
            START_OFFSETS,
            OptionSpec.Type.MAP,
            null,
            "For `startFrom: offsets`: the offset of each partition, by `topic-partition`."),
        OptionSpec.optional(
            BOUNDED,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether reading ends with what is there when it begins."),
        OptionSpec.oneOf(
            ISOLATION,
            List.of("read_committed", "read_uncommitted"),
            "read_committed",
            "Whether records of transactions are read once these are committed, or at once, also"
                + " those that are never committed."),
        OptionSpec.oneOf(
            LOST_OFFSETS,
            List.of("fail", "earliest", "latest"),
            "fail",
            "What happens when the next records of a partition were deleted before they were read,"
                + " or its topic was made anew: the job fails, or reading goes on with the oldest"
                + " or the next record, and a warning says how many are lost."),
        OptionSpec.oneOf(
            KEY_FORMAT,
            List.of("string", "raw", "none"),
            "string",
            "What keys are: texts, bytes (only as a field of `metadata`), or not read."),
        OptionSpec.optional(
            DISCOVERY,
            OptionSpec.Type.DURATION,
            "30s",
            "How often new partitions and topics are looked for, from 1s to 1d; the server may look"
                + " more often."));
  }

  static KafkaSettings of(
      ConnectorOptions options, RegexCompiler regex, KafkaClient client, OptionProblems problems) {
    List<String> topics = options.list(TOPIC).stream().distinct().toList();
    if (topics.isEmpty() == !options.has(TOPIC_PATTERN)) {
      problems.add(
          TOPIC, "what is read is said by 'topic' or by 'topicPattern'", "give one of the two");
    }
    for (String topic : topics) {
      if (!topic.matches("[a-zA-Z0-9._-]{1,249}")) {
        problems.add(
            TOPIC,
            "'" + topic + "' is no name of a topic",
            "write letters, digits, '.', '_' and '-'; for a regular expression use topicPattern");
      }
    }
    StartFrom start = StartFrom.valueOf(options.string(START_FROM).toUpperCase(Locale.ROOT));
    if (start == StartFrom.COMMITTED && !options.has(CONSUMER_GROUP)) {
      problems.add(CONSUMER_GROUP, "reading begins at its offsets", "name the group");
    }
    onlyFor(START_TIMESTAMP, start == StartFrom.TIMESTAMP, "timestamp", options, problems);
    onlyFor(START_OFFSETS, start == StartFrom.OFFSETS, "offsets", options, problems);
    Duration discovery = options.duration(DISCOVERY);
    if (discovery.compareTo(Duration.ofSeconds(1)) < 0 || discovery.compareTo(MAX_DISCOVERY) > 0) {
      problems.add(DISCOVERY, discovery + " is out of range", "give a value from 1s to 1d");
    }
    return new KafkaSettings(
        client,
        topics,
        pattern(options, regex, problems),
        options.optionalString(CONSUMER_GROUP),
        start,
        timestamp(options, problems),
        offsets(options, problems),
        options.bool(BOUNDED),
        options.string(ISOLATION).equals("read_committed"),
        LostOffsets.valueOf(options.string(LOST_OFFSETS).toUpperCase(Locale.ROOT)),
        KeyFormat.valueOf(options.string(KEY_FORMAT).toUpperCase(Locale.ROOT)),
        discovery);
  }

  private static void onlyFor(
      String option,
      boolean isNeeded,
      String start,
      ConnectorOptions options,
      OptionProblems problems) {
    if (isNeeded && !options.has(option)) {
      problems.add(option, "startFrom is '" + start + "', and it is missing", "give it");
    } else if (!isNeeded && options.has(option)) {
      problems.add(option, "it is for startFrom: " + start, "set that, or leave the option out");
    }
  }

  private static @Nullable RegexProgram pattern(
      ConnectorOptions options, RegexCompiler regex, OptionProblems problems) {
    String text = options.optionalString(TOPIC_PATTERN);
    try {
      return text == null ? null : regex.compile(text);
    } catch (FluxCoreException e) {
      problems.add(TOPIC_PATTERN, e.diagnostics().get(0).message(), "mend it");
      return null;
    }
  }

  private static long timestamp(ConnectorOptions options, OptionProblems problems) {
    String text = options.optionalString(START_TIMESTAMP);
    if (text == null) {
      return 0;
    }
    try {
      return text.matches("\\d{1,15}") ? Long.parseLong(text) : Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException e) {
      problems.add(
          START_TIMESTAMP,
          "'" + text + "' is no time",
          "write an instant such as 2026-01-31T10:00:00Z, or epoch milliseconds");
      return 0;
    }
  }

  private static Map<String, Long> offsets(ConnectorOptions options, OptionProblems problems) {
    Map<String, Long> offsets = new LinkedHashMap<>();
    options
        .map(START_OFFSETS)
        .forEach(
            (split, value) -> {
              String text = String.valueOf(value);
              if (split.matches(".+-\\d+") && text.matches("\\d{1,18}")) {
                offsets.put(split, Long.parseLong(text));
              } else {
                problems.add(
                    START_OFFSETS,
                    "'" + split + ": " + text + "' is no offset of a partition",
                    "write for example events-0: 4711");
              }
            });
    return offsets;
  }

  /** Where it is, for messages. */
  String servers() {
    return client.servers();
  }

  @Override
  public String toString() {
    return (pattern == null ? String.join(",", topics) : pattern.pattern()) + " at " + client;
  }
}
