package io.fluxcore.adapters.out.kafka;

import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What brokers are asked beside being written to. Thread-safe. */
final class Brokers implements AutoCloseable {
  private static final int ANSWER_MILLIS = 15_000;
  private static final int RETRY_MILLIS = 20;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final Admin admin;

  /**
   * What limits the messages of a topic.
   *
   * @param maxBytes of a message, about
   * @param maxAheadMillis how far its time may be ahead of the clock; {@link Long#MAX_VALUE}: at
   *     will
   * @param maxBehindMillis how far it may be behind
   */
  record Topic(int partitions, int maxBytes, long maxAheadMillis, long maxBehindMillis) {}

  Brokers(KafkaSettings settings) {
    this.settings = settings;
    Map<String, Object> properties = settings.client().settings();
    properties.putIfAbsent("default.api.timeout.ms", ANSWER_MILLIS);
    properties.putIfAbsent("request.timeout.ms", ANSWER_MILLIS / 2);
    properties.putIfAbsent("retry.backoff.ms", RETRY_MILLIS); // a transaction is ended by two calls
    try {
      admin = Admin.create(properties);
    } catch (KafkaException e) {
      throw KafkaErrors.of(e, "begin to write", settings.servers());
    }
  }

  /** What is asked. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  /**
   * Asks.
   *
   * @throws io.fluxcore.application.connector.TransientSinkException if there is no answer now
   */
  <T> T asking(String doing, Question<T> question) {
    try {
      return question.ask(admin);
    } catch (ExecutionException e) {
      throw KafkaErrors.of(e.getCause() == null ? e : e.getCause(), doing, settings.servers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.noAnswer("interrupted: " + doing, e);
    } catch (KafkaException e) {
      throw KafkaErrors.of(e, doing, settings.servers());
    }
  }

  /**
   * A topic, as it was when it was first asked for.
   *
   * @return null if there is none of this name
   */
  @Nullable Topic topic(String name) {
    Topic known = topics.get(name);
    if (known == null) {
      known =
          asking("look at topic " + name, asked -> Optional.ofNullable(describe(asked, name)))
              .orElse(null);
      if (known != null) {
        topics.put(name, known);
      }
    }
    return known;
  }

  private static @Nullable Topic describe(Admin admin, String name)
      throws ExecutionException, InterruptedException {
    int partitions;
    try {
      partitions =
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .partitions()
              .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof InvalidTopicException) {
        return null;
      }
      throw e;
    }
    Map<String, String> limits = configOf(admin, ConfigResource.Type.TOPIC, name);
    boolean anyTime = "LogAppendTime".equals(limits.get("message.timestamp.type"));
    return new Topic(
        partitions,
        (int) number(limits, "max.message.bytes", 1 << 20),
        anyTime ? Long.MAX_VALUE : number(limits, "message.timestamp.after.max.ms", Long.MAX_VALUE),
        anyTime
            ? Long.MAX_VALUE
            : number(limits, "message.timestamp.before.max.ms", Long.MAX_VALUE));
  }

  private static long number(Map<String, String> config, String name, long otherwise) {
    String value = config.get(name);
    return value == null ? otherwise : Long.parseLong(value);
  }

  /** Empty where this user may not see it. */
  private static Map<String, String> configOf(Admin admin, ConfigResource.Type type, String name)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(type, name);
    Map<String, String> values = new HashMap<>();
    try {
      for (Config config : admin.describeConfigs(List.of(resource)).all().get().values()) {
        for (ConfigEntry entry : config.entries()) {
          if (entry.value() != null) {
            values.put(entry.name(), entry.value());
          }
        }
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicAuthorizationException)
          && !(e.getCause() instanceof ClusterAuthorizationException)
          && !(e.getCause() instanceof UnsupportedVersionException)) {
        throw e;
      }
    }
    return values;
  }

  /** The longest transaction that brokers allow; {@link Long#MAX_VALUE} if that is not known. */
  long maxTransactionMillis() {
    return asking(
        "see how long transactions may be",
        asked -> {
          int node = asked.describeCluster().nodes().get().iterator().next().id();
          return number(
              configOf(asked, ConfigResource.Type.BROKER, Integer.toString(node)),
              "transaction.max.timeout.ms",
              Long.MAX_VALUE);
        });
  }

  /** Whether each transaction of a producer has an epoch of its own (KIP-890, brokers from 4.0). */
  boolean countsTransactions() {
    return asking(
        "see how transactions work",
        asked -> {
          try {
            FinalizedVersionRange level =
                asked
                    .describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get("transaction.version");
            return level != null && level.maxVersionLevel() >= 2;
          } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Looks whether the topic is there and transactions may be as long as they are to be. */
  void check() {
    String topic = settings.topic();
    if (topic != null && topic(topic) == null) {
      throw noTopic(topic);
    }
    long longest = settings.exactlyOnce() ? maxTransactionMillis() : Long.MAX_VALUE;
    if (settings.transactionTimeout().toMillis() > longest) {
      throw KafkaErrors.user(
          KafkaErrors.TIMEOUT_TOO_LONG,
          "transactionTimeout",
          "it is "
              + settings.transactionTimeout().toMillis()
              + " ms, and the brokers' transaction.max.timeout.ms is "
              + longest,
          "give no more, or have the brokers allow more");
    }
  }

  FluxCoreException noTopic(String name) {
    return KafkaErrors.user(
        KafkaErrors.NO_TOPIC,
        "topic",
        "there is no topic " + name + " at " + settings.servers() + ", or this user may not see it",
        "create it, or correct the name");
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted(); // it would not end orderly
    try {
      admin.close(CLOSE_WAIT);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
