package peers.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The query on Flink: BROKER IN OUT PREFIX WATERMARK_MILLIS BUFFER_MILLIS. State on the heap. */
public final class FlinkOnKafka {
  private FlinkOnKafka() {}

  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("taskmanager.numberOfTaskSlots", "2");
    configuration.setString("taskmanager.memory.network.min", "128mb");
    configuration.setString("execution.checkpointing.storage", "filesystem");
    configuration.setString(
        "execution.checkpointing.dir",
        java.nio.file.Files.createTempDirectory("flink-on-kafka").toUri().toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    environment.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE);
    environment.getConfig().enableObjectReuse();
    environment.getConfig().setAutoWatermarkInterval(Long.parseLong(args[4]));
    environment.setBufferTimeout(Long.parseLong(args[5]));
    KafkaSource<Event> source =
        KafkaSource.<Event>builder()
            .setBootstrapServers(args[0])
            .setTopics(args[1])
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new Decoder())
            .build();
    KafkaSink<byte[][]> sink =
        KafkaSink.<byte[][]>builder()
            .setBootstrapServers(args[0])
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix(args[3])
            .setProperty("transaction.timeout.ms", "600000")
            .setRecordSerializer(
                KafkaRecordSerializationSchema.<byte[][]>builder()
                    .setTopic(args[2])
                    .setKeySerializationSchema(new Part(0))
                    .setValueSerializationSchema(new Part(1))
                    .build())
            .build();
    environment
        .fromSource(
            source,
            WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ZERO)
                .withTimestampAssigner((event, time) -> event.at),
            "events")
        .filter(event -> event.status < 400)
        .keyBy(event -> event.user)
        .window(SlidingEventTimeWindows.of(Duration.ofSeconds(10), Duration.ofSeconds(1)))
        .aggregate(new Count(), new Result())
        .sinkTo(sink);
    environment.execute("kafka");
  }

  private static final class Decoder extends AbstractDeserializationSchema<Event> {
    @Override
    public Event deserialize(byte[] message) throws IOException {
      return Event.READER.readValue(message);
    }
  }

  /** Key or value of a message, which are bytes already. */
  private record Part(int index) implements SerializationSchema<byte[][]> {
    @Override
    public byte[] serialize(byte[][] row) {
      return row[index];
    }
  }

  private static final class Count implements AggregateFunction<Event, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Event event, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long one, Long other) {
      return one + other;
    }
  }

  private static final class Result
      extends ProcessWindowFunction<Long, byte[][], String, TimeWindow> {
    @Override
    public void process(
        String user, Context context, Iterable<Long> counts, Collector<byte[][]> out) {
      out.collect(
          new byte[][] {
            user.getBytes(StandardCharsets.UTF_8),
            Event.result(user, context.window().getEnd(), counts.iterator().next())
          });
    }
  }
}
