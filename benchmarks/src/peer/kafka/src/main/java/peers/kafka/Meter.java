package peers.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads results, {@code {user, window_end, n}}, from a topic, and prints lines of JSON.
 *
 * <pre>
 * count BROKER TOPIC BASE END ISOLATION   {"share":…} when a quarter and when 95 % of the rows of the
 *                                         windows that end from BASE to END are there; then rows, those
 *                                         that came twice, and a checksum of all of them
 * delay BROKER TOPIC SECONDS ISOLATION    how long after the end of its window each row came, without
 *                                         the rows of the first half of the time; and the longest of
 *                                         each window, those of the first half as well
 * </pre>
 */
public final class Meter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SLIDE = 1000;

  private final KafkaConsumer<byte[], byte[]> consumer;

  private Meter(String broker, String topic, String isolation) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", broker,
                "isolation.level", isolation,
                "enable.auto.commit", false,
                "auto.offset.reset", "earliest",
                "fetch.max.wait.ms", 500),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new org.apache.kafka.common.TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("count")) {
      new Meter(args[1], args[2], args[5]).count(Long.parseLong(args[3]), Long.parseLong(args[4]));
    } else {
      new Meter(args[1], args[2], args[4]).delay(Integer.parseInt(args[3]));
    }
  }

  private void count(long base, long end) throws Exception {
    int windows = (int) ((end - base) / SLIDE);
    long[][] counts = new long[windows][Load.USERS];
    long expected = (long) windows * Load.USERS;
    long rows = 0;
    long twice = 0;
    long quarter = expected / 4;
    long most = expected * 95 / 100;
    while (rows < expected) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        JsonNode row = JSON.readTree(record.value());
        long window = (windowEnd(row) - base) / SLIDE - 1;
        if (window < 0 || window >= windows) {
          continue;
        }
        int user = Integer.parseInt(row.path("user").asText().substring(5));
        if (counts[(int) window][user] != 0) {
          twice++;
          continue;
        }
        counts[(int) window][user] = row.path("n").asLong();
        rows++;
        if (rows == quarter || rows == most) {
          System.out.println("{\"share\":" + (double) rows / expected + "}");
        }
      }
    }
    long checksum = 0;
    for (long[] window : counts) {
      checksum = checksum * 31 + Arrays.hashCode(window);
    }
    System.out.println(
        "{\"rows\":" + rows + ",\"twice\":" + twice + ",\"checksum\":" + checksum + "}");
  }

  private void delay(int seconds) throws Exception {
    long began = System.currentTimeMillis();
    long[] delays = new long[10_000_000];
    Map<Long, Long> worst = new TreeMap<>();
    int count = 0;
    while (System.currentTimeMillis() < began + seconds * 1000L) {
      var records = consumer.poll(Duration.ofMillis(100));
      long now = System.currentTimeMillis();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        long window = windowEnd(JSON.readTree(record.value()));
        worst.merge(window, now - window, Math::max);
        if (window > began + seconds * 1000L / 2) {
          delays[count++] = now - window;
        }
      }
    }
    Arrays.sort(delays, 0, count);
    System.out.println(
        "{\"rows\":"
            + count
            + (count == 0
                ? ""
                : ",\"p50\":" + delays[count / 2]
                    + ",\"p99\":" + delays[(int) (count * 0.99)]
                    + ",\"p999\":" + delays[(int) (count * 0.999)]
                    + ",\"max\":" + delays[count - 1])
            + ",\"worstOfEachWindow\":"
            + worst.values()
            + "}");
  }

  private static long windowEnd(JsonNode row) {
    JsonNode end = row.path("window_end");
    return end.isNumber() ? end.asLong() : Instant.parse(end.asText()).toEpochMilli();
  }
}
