package peers.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes events of 200 bytes of JSON, of 1,000 users, a tenth of which have a status of 500. The
 * message's key is the user and its time is that of the event.
 *
 * <pre>
 * fill BROKER TOPIC EVENTS BASE     as fast as it goes; 200 events a millisecond of event time from BASE
 * pace BROKER TOPIC RATE SECONDS    RATE events a second, each at the time that it bears
 * </pre>
 */
public final class Load {
  static final int USERS = 1000;
  static final int PER_MILLI = 200;

  private static final byte[] TEMPLATE =
      ("{\"id\":1000000000,\"user\":\"user-0000\",\"page\":\"/catalogue/items/000/details\","
              + "\"agent\":\"Mozilla/5.0 (X11; Linux x86_64) Version/17\","
              + "\"status\":200,\"seconds\":0.125,\"cached\":false,\"at\":1770000000000}")
          .getBytes(StandardCharsets.US_ASCII);
  private static final int ID = 6;
  private static final int USER = at("user-0000") + 5;
  private static final int ITEM = at("/items/000") + 7;
  private static final int STATUS = at("\"status\":") + 9;
  private static final int AT = at("\"at\":") + 5;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final byte[][] keys = new byte[USERS][];
  private final SplittableRandom random = new SplittableRandom(42);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private long sent;

  private Load(String broker, String topic, int linger) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", broker,
                "linger.ms", linger,
                "batch.size", 131072,
                "acks", "1",
                "enable.idempotence", false,
                "buffer.memory", 67108864L),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    for (int i = 0; i < USERS; i++) {
      keys[i] = String.format("user-%04d", i).getBytes(StandardCharsets.US_ASCII);
    }
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("fill")) {
      Load load = new Load(args[1], args[2], 20);
      long events = Long.parseLong(args[3]);
      long base = Long.parseLong(args[4]);
      for (long i = 0; i < events; i++) {
        load.send(base + i / PER_MILLI);
      }
      load.end();
    } else {
      pace(new Load(args[1], args[2], 5), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    }
  }

  private static void pace(Load load, int rate, int seconds) throws Exception {
    long base = System.currentTimeMillis() + 1;
    long events = (long) rate * seconds;
    long latest = 0;
    for (long i = 0; i < events; ) {
      long now = System.currentTimeMillis();
      long due = Math.min(events, (now - base + 1) * rate / 1000);
      latest = Math.max(latest, (due - i) * 1000 / rate);
      for (; i < due; i++) {
        load.send(base + i * 1000 / rate);
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
    }
    load.end();
    System.out.println("{\"events\":" + events + ",\"mostBehindMillis\":" + latest + "}");
  }

  private void send(long at) throws Exception {
    int user = random.nextInt(USERS);
    byte[] value = TEMPLATE.clone();
    digits(value, ID, 10, 1_000_000_000L + sent++);
    digits(value, USER, 4, user);
    digits(value, ITEM, 3, random.nextInt(1000));
    digits(value, STATUS, 3, random.nextInt(10) == 0 ? 500 : 200);
    digits(value, AT, 13, at);
    producer.send(
        new ProducerRecord<>(topic, null, at, keys[user], value),
        (metadata, e) -> {
          if (e != null) {
            failure.compareAndSet(null, e);
          }
        });
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private void end() throws Exception {
    producer.close();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static int at(String text) {
    return new String(TEMPLATE, StandardCharsets.US_ASCII).indexOf(text);
  }

  private static void digits(byte[] bytes, int from, int count, long number) {
    long left = number;
    for (int i = from + count - 1; i >= from; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
