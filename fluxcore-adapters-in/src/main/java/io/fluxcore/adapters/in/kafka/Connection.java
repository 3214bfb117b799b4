package io.fluxcore.adapters.in.kafka;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Says once that the brokers are gone, and once that they are back: the consumer, which tries again
 * and again, just gives nothing meanwhile. Used by one thread.
 */
final class Connection {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String operatorId;
  private final String servers;
  private final @Nullable Metric connections;
  private boolean wasThere;
  private boolean isLost;
  private long lookedNanos;
  private int looksWithout;

  Connection(String operatorId, String servers, KafkaConsumer<?, ?> consumer) {
    this.operatorId = operatorId;
    this.servers = servers;
    this.connections = connectionCount(consumer);
    this.lookedNanos = System.nanoTime();
  }

  private static @Nullable Metric connectionCount(KafkaConsumer<?, ?> consumer) {
    for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
      if (metric.getKey().name().equals("connection-count")
          && metric.getKey().group().equals("consumer-metrics")) {
        return metric.getValue();
      }
    }
    return null;
  }

  /** The consumer was polled. */
  void polled(boolean gaveRecords) {
    if (gaveRecords) {
      isThere();
      return;
    }
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_NANOS || connections == null) {
      return;
    }
    lookedNanos = now;
    if (connections.metricValue() instanceof Number count && count.doubleValue() > 0) {
      isThere();
    } else if (++looksWithout > 1) {
      lost("there is no connection");
    }
  }

  /** A question was not answered. */
  void failed(Exception why) {
    lost(String.valueOf(why.getMessage()));
  }

  private void isThere() {
    if (isLost) {
      LOG.log(Level.INFO, "source {0}: {1} answers again", operatorId, servers);
    }
    wasThere = true;
    isLost = false;
    looksWithout = 0;
  }

  private void lost(String why) {
    if (!isLost) {
      isLost = true;
      LOG.log(
          Level.WARNING,
          wasThere
              ? "source {0}: {1} answers no more ({2}); it is tried again until it does"
              : "source {0}: {1} does not answer ({2}); it is tried again until it does",
          operatorId,
          servers,
          why);
    }
  }
}
