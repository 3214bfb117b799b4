package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, and how. Fields are ordinals; -1 is none.
 *
 * @param topic null: each row says it in {@code topicField}
 * @param keyFields of the key; empty: the key that the event came with
 * @param headerFields that become headers
 * @param continueAfterLoss whether a transaction that the brokers have given up is only told of
 */
record KafkaSettings(
    KafkaClient client,
    @Nullable String topic,
    int topicField,
    List<Integer> keyFields,
    int partitionField,
    int timestampField,
    List<Integer> headerFields,
    String compression,
    boolean exactlyOnce,
    Duration transactionTimeout,
    String transactionalIdPrefix,
    boolean continueAfterLoss) {
  /** Properties of the client that are set here. */
  static final Set<String> OWN_PROPERTIES =
      Set.of(
          "key.serializer",
          "value.serializer",
          "compression.type",
          "enable.idempotence",
          "acks",
          "transactional.id",
          "transaction.timeout.ms");

  private static final String TOPIC = "topic";
  private static final String TOPIC_FIELD = "topicField";
  private static final String KEY_FIELDS = "keyFields";
  private static final String PARTITION_FIELD = "partitionField";
  private static final String TIMESTAMP_FIELD = "messageTimestampField";
  private static final String HEADER_FIELDS = "headerFields";
  private static final String COMPRESSION = "compression";
  private static final String GUARANTEE = "guarantee";
  private static final String TRANSACTION_TIMEOUT = "transactionTimeout";
  private static final String ID_PREFIX = "transactionalIdPrefix";
  private static final String ON_LOST = "onLostTransaction";
  private static final int MAX_REQUEST_BYTES = 32 << 20;
  private static final int BUFFER_BYTES = 32 << 20; // unless the client is told otherwise
  private static final Duration MAX_TIMEOUT = Duration.ofDays(7);

  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.optional(TOPIC, OptionSpec.Type.STRING, null, "The topic."),
        OptionSpec.optional(
            TOPIC_FIELD,
            OptionSpec.Type.STRING,
            null,
            "In place of `topic` the field that says the topic of each row."),
        OptionSpec.optional(
            KEY_FIELDS,
            OptionSpec.Type.LIST,
            null,
            "Fields of the key: of one its text, or its bytes, of several a JSON object; without it"
                + " messages have the key that the event came with, if any."),
        OptionSpec.optional(
            PARTITION_FIELD,
            OptionSpec.Type.STRING,
            null,
            "The field that says the partition, a long; without it the key decides, or nobody."),
        OptionSpec.optional(
            TIMESTAMP_FIELD,
            OptionSpec.Type.STRING,
            null,
            "The field that says the time of messages, a long of epoch milliseconds or a"
                + " timestamp_tz; without it that is the event time."),
        OptionSpec.optional(
            HEADER_FIELDS,
            OptionSpec.Type.LIST,
            null,
            "Fields that become headers of the same names, as texts, beside being written."),
        OptionSpec.oneOf(
            COMPRESSION,
            List.of("none", "gzip", "snappy", "lz4", "zstd"),
            "none",
            "How messages are compressed."),
        OptionSpec.oneOf(
            GUARANTEE,
            List.of("exactly-once", "at-least-once"),
            "exactly-once",
            "`exactly-once` writes in transactions that are committed with their checkpoint;"
                + " `at-least-once` shows messages at once, and some again after a failure."),
        OptionSpec.optional(
            TRANSACTION_TIMEOUT,
            OptionSpec.Type.DURATION,
            "15m",
            "Exactly once: brokers give up a transaction that has not been committed for so long."
                + " It must be longer than the time between checkpoints and the longest outage of"
                + " the job together, and no longer than the brokers'"
                + " `transaction.max.timeout.ms`."),
        OptionSpec.optional(
            ID_PREFIX,
            OptionSpec.Type.STRING,
            "fluxcore",
            "Exactly once: how transactional ids begin, for the brokers' access rules."),
        OptionSpec.oneOf(
            ON_LOST,
            List.of("fail", "continue"),
            "fail",
            "Exactly once: what happens when brokers have given up a transaction that a checkpoint"
                + " holds, so that its rows are lost: the job fails, or goes on, and an error is"
                + " logged."));
  }

  static KafkaSettings of(
      ConnectorOptions options, Schema schema, KafkaClient client, OptionProblems problems) {
    if (options.has(TOPIC) == options.has(TOPIC_FIELD)) {
      problems.add(TOPIC, "the topic is said by 'topic' or by 'topicField'", "give one of the two");
    }
    String topic = options.optionalString(TOPIC);
    if (topic != null && !topic.matches("[a-zA-Z0-9._-]{1,249}")) {
      problems.add(
          TOPIC,
          "'" + topic + "' is no name of a topic",
          "write at most 249 letters, digits, '.', '_' and '-'");
    }
    Duration timeout = options.duration(TRANSACTION_TIMEOUT);
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      problems.add(TRANSACTION_TIMEOUT, timeout + " is out of range", "give a value from 1s to 7d");
    }
    for (String size : List.of("max.request.size", "buffer.memory")) {
      String given = client.properties().get(size);
      if (given != null && !given.matches("\\d{1,10}")) {
        problems.add("properties", size + " is '" + given + "'", "give a number of bytes");
      }
    }
    String prefix = options.string(ID_PREFIX);
    if (!prefix.matches("[a-zA-Z0-9_-]{1,100}")) {
      problems.add(
          ID_PREFIX,
          "'" + prefix + "' is no beginning of transactional ids",
          "write at most 100 letters, digits, '_' and '-'");
    }
    return new KafkaSettings(
        client,
        topic,
        field(TOPIC_FIELD, options, schema, problems, DataType.STRING),
        fields(KEY_FIELDS, options, schema, problems),
        field(PARTITION_FIELD, options, schema, problems, DataType.LONG),
        field(TIMESTAMP_FIELD, options, schema, problems, DataType.LONG, DataType.TIMESTAMP_TZ),
        fields(HEADER_FIELDS, options, schema, problems),
        options.string(COMPRESSION),
        options.string(GUARANTEE).equals("exactly-once"),
        timeout,
        prefix,
        options.string(ON_LOST).equals("continue"));
  }

  private static int field(
      String option,
      ConnectorOptions options,
      Schema schema,
      OptionProblems problems,
      DataType... types) {
    String name = options.optionalString(option);
    if (name == null) {
      return -1;
    }
    int field = ordinal(option, name, schema, problems);
    if (field >= 0 && !List.of(types).contains(schema.type(field))) {
      problems.add(
          option,
          "field '" + name + "' is " + schema.type(field),
          "name one of type "
              + String.join(" or ", List.of(types).stream().map(String::valueOf).toList()));
    }
    return field;
  }

  private static List<Integer> fields(
      String option, ConnectorOptions options, Schema schema, OptionProblems problems) {
    return options.list(option).stream()
        .map(name -> ordinal(option, name, schema, problems))
        .toList();
  }

  private static int ordinal(String option, String name, Schema schema, OptionProblems problems) {
    int field = schema.indexOf(name);
    if (field < 0) {
      problems.add(
          option,
          "there is no field '" + name + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
    return field;
  }

  String servers() {
    return client.servers();
  }

  /** No request may be larger. */
  long maxRequestBytes() {
    return Math.min(
        property("max.request.size", MAX_REQUEST_BYTES), property("buffer.memory", BUFFER_BYTES));
  }

  private long property(String name, long otherwise) {
    String given = client.properties().get(name);
    return given == null ? otherwise : Long.parseLong(given);
  }

  /** Settings of a producer that is not transactional yet. */
  Map<String, Object> producer() {
    Map<String, Object> properties = client.settings();
    properties.put("compression.type", compression);
    properties.put("enable.idempotence", true);
    properties.put("acks", "all");
    properties.putIfAbsent("max.request.size", MAX_REQUEST_BYTES); // topics say what is too large
    return properties;
  }

  @Override
  public String toString() {
    return (topic == null ? "topics of rows" : topic) + " at " + client;
  }
}
