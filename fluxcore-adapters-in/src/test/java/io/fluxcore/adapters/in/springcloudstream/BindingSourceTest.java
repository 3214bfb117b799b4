package io.fluxcore.adapters.in.springcloudstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.MessageBindings.Received;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BindingSourceTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("key", DataType.STRING).build();

  @TempDir private Path directory;
  private final HandedBindings bindings = new HandedBindings();

  private Source source(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("binding", "orders");
    options.put("spool", directory.resolve("spool").toString());
    options.put("metadata", Map.of("key", "key"));
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    SpringCloudStreamSourceConnector connector = new SpringCloudStreamSourceConnector(bindings);
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(
            pattern -> {
              throw new IllegalStateException("no pattern is asked for");
            }));
  }

  private static SourceReader open(Source source, @Nullable SplitPosition position) {
    SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100));
    reader.assign(source.discoverSplits().get(0), position);
    return reader;
  }

  private static Received ofKafka(long id) {
    return new Received(
        ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8),
        Map.of(
            "kafka_receivedTopic",
            "orders",
            "kafka_receivedPartitionId",
            0,
            "kafka_offset",
            id,
            "kafka_receivedTimestamp",
            1_000L + id,
            "kafka_receivedMessageKey",
            ("schlüssel" + id).getBytes(StandardCharsets.UTF_8)));
  }

  private static Received ofRabbit(String messageId, long id) {
    return new Received(
        ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8),
        Map.of("amqp_messageId", messageId, "amqp_receivedRoutingKey", "route"));
  }

  /** Rows, as id and key, that are there now. */
  private static List<String> read(SourceReader reader) {
    List<String> rows = new ArrayList<>();
    while (reader.poll(Duration.ofMillis(10)) instanceof Poll.Rows some) {
      SourceReading.records(some.batch())
          .forEach(row -> rows.add(row.getLong("id") + " " + row.getString("key")));
    }
    return rows;
  }

  @Test
  void messages_areInTheSpool_whenTheBinderMayAcknowledgeThem() throws InterruptedException {
    Source source = source();
    SourceReader first = open(source, null);
    bindings.hand(ofKafka(1), ofKafka(2));
    first.close();
    first.close();
    try (SourceReader reader = open(source, null)) {
      assertThat(read(reader)).containsExactly("1 schlüssel1", "2 schlüssel2");
    }
  }

  @Test
  void messageThatComesAgain_isLeftOut_alsoByTheNextReader() throws InterruptedException {
    Source source = source();
    try (SourceReader reader = open(source, null)) {
      bindings.hand(ofKafka(1));
      bindings.hand(ofKafka(1), ofKafka(2));
      bindings.hand(ofRabbit("a", 3));
      bindings.hand(ofRabbit("a", 3), ofRabbit("b", 4));
      assertThat(read(reader))
          .containsExactly("1 schlüssel1", "2 schlüssel2", "3 route", "4 route");
    }
    try (SourceReader reader = open(source, new SplitPosition("event 4"))) {
      bindings.hand(ofKafka(2), ofRabbit("b", 4), ofKafka(5));
      assertThat(read(reader)).containsExactly("5 schlüssel5");
    }
  }

  @Test
  void idHeader_isTheOneThatCounts() throws InterruptedException {
    try (SourceReader reader = open(source("idHeader", "amqp_receivedRoutingKey"), null)) {
      bindings.hand(ofRabbit("a", 1), ofRabbit("b", 2));
      assertThat(read(reader)).containsExactly("1 route");
    }
  }

  @Test
  void fullSpool_holdsTheBinderBack() throws Exception {
    Source source = source("spoolBytes", "8kb", "spoolSegmentBytes", "4kb");
    try (SourceReader reader = open(source, null)) {
      CompletableFuture<Integer> handing =
          CompletableFuture.supplyAsync(
              () -> {
                for (int i = 0; i < 200; i++) {
                  try {
                    bindings.hand(ofKafka(i));
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }
                return 200;
              });
      List<String> rows = new ArrayList<>();
      long checkpoint = 1;
      while (rows.size() < 200) {
        rows.addAll(read(reader));
        assertThat(rows.size() < 200 || !handing.isCompletedExceptionally()).isTrue();
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint++);
      }
      assertThat(handing.get()).isEqualTo(200);
      assertThat(rows).hasSize(200).doesNotHaveDuplicates();
      assertThat(checkpoint).as("the spool has room for so many at once").isGreaterThan(3);
    }
  }

  @Test
  void bindingThatKeepsNothing_isAtMostOnce() {
    assertThat(source().guarantee()).isNull();
    bindings.lasting = false;
    assertThat(source().guarantee()).isEqualTo(DeliveryGuarantee.AT_MOST_ONCE);
  }

  @Test
  void bindingWithoutBinder_isRefused() {
    source().check();
    bindings.problem = "there is no binder 'pigeons'";
    assertThatThrownBy(() -> source().check())
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-BINDING-0002")
        .hasMessageContaining("pigeons");
  }

  @Test
  void withoutBindings_itSaysWhatToAdd() {
    SpringCloudStreamSourceConnector connector = new SpringCloudStreamSourceConnector();
    assertThatThrownBy(
            () ->
                connector.create(
                    OptionParser.parse(
                            connector.descriptor(), Map.of("binding", "orders", "spool", "spool"))
                        .orThrow(),
                    new ConnectorServices(
                        pattern -> {
                          throw new IllegalStateException("no pattern is asked for");
                        })))
        .hasMessageContaining("FLX-BINDING-0001")
        .hasMessageContaining("spring-cloud-stream");
  }
}
