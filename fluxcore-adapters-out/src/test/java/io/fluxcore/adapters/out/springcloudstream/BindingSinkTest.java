package io.fluxcore.adapters.out.springcloudstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.MessageBindings;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract over bindings in memory, and what is done with messages that are not confirmed. */
final class BindingSinkTest extends SinkConnectorContract {
  private final Broker broker = new Broker();

  /** A message that the broker has. */
  private record Sent(String text, Map<String, String> headers) {}

  /** A broker in memory, that may be away or refuse messages. */
  private static final class Broker implements MessageBindings {
    final List<Sent> sent = new CopyOnWriteArrayList<>();
    volatile @Nullable String problem;
    volatile boolean confirming = true;
    volatile boolean away;

    /** A text that is not confirmed the first time. */
    volatile @Nullable String refusedOnce;

    @Override
    public @Nullable String problem(String name) {
      return problem;
    }

    @Override
    public boolean isConfirmed(String name) {
      return confirming;
    }

    @Override
    public CompletionStage<?> send(String name, byte[] bytes, Map<String, String> headers) {
      if (away) {
        throw new IllegalStateException("the broker is away");
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.equals(refusedOnce)) {
        refusedOnce = null;
        return CompletableFuture.failedStage(new IllegalStateException("refused"));
      }
      sent.add(new Sent(text, headers));
      return CompletableFuture.completedStage(null);
    }

    @Override
    public boolean isLasting(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bound bind(String name, Receiver receiver) {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  protected SinkConnector connector() {
    return new SpringCloudStreamSinkConnector(broker);
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("binding", "alerts");
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    return JsonReadBack.rows(
        schema, broker.sent.stream().map(Sent::text).collect(Collectors.joining("\n")));
  }

  private Sink sink(Object... more) {
    Map<String, Object> options = new HashMap<>(options());
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  private static void write(SinkWriter writer, int from, int to) {
    EventBatchBuilder rows = new EventBatchBuilder(PAIRS);
    for (int i = from; i < to; i++) {
      rows.row(i, (long) i, "n" + i);
    }
    writer.write(rows.build(), RecordFailures.FAIL);
  }

  private List<String> ids() {
    return broker.sent.stream().map(s -> s.headers().get("name")).toList();
  }

  @Test
  void headers_areOfFieldsAndOfTheContentType() {
    try (SinkWriter writer =
        sink("headerFields", "name", "contentType", "text/plain").createWriter("sink", 0, 1)) {
      write(writer, 7, 8);
      writer.flush();
    }
    assertThat(broker.sent)
        .containsExactly(
            new Sent(
                "{\"id\":7,\"name\":\"n7\"}", Map.of("name", "n7", "contentType", "text/plain")));
  }

  @Test
  void brokerThatIsAway_isAnOutage_andMessagesStayInOrder() {
    try (SinkWriter writer = sink("headerFields", "name").createWriter("sink", 0, 1)) {
      write(writer, 0, 2);
      writer.flush();
      broker.away = true;
      write(writer, 2, 4);
      assertThatThrownBy(writer::flush)
          .isInstanceOf(TransientSinkException.class)
          .hasMessageContaining("FLX-BINDING-0005")
          .hasMessageContaining("2 messages");
      broker.away = false;
      writer.flush();
    }
    assertThat(ids()).containsExactly("n0", "n1", "n2", "n3");
  }

  @Test
  void messageThatIsNotConfirmed_isSentAgain() {
    broker.refusedOnce = "{\"id\":1,\"name\":\"n1\"}";
    try (SinkWriter writer = sink("headerFields", "name").createWriter("sink", 0, 1)) {
      write(writer, 0, 3);
      assertThatThrownBy(writer::flush)
          .isInstanceOf(TransientSinkException.class)
          .hasMessageContaining("1 messages");
      writer.flush();
    }
    assertThat(ids()).containsExactly("n0", "n2", "n1");
  }

  @Test
  void bindingThatConfirmsNothing_isAtMostOnce() {
    assertThat(sink().guarantee()).isNull();
    broker.confirming = false;
    assertThat(sink().guarantee()).isEqualTo(DeliveryGuarantee.AT_MOST_ONCE);
  }

  @Test
  void whatIsWrong_isSaid() {
    assertThatThrownBy(() -> sink("headerFields", "id")).hasMessageContaining("of Spring's own");
    assertThatThrownBy(() -> sink("headerFields", "nome"))
        .hasMessageContaining("there is no field 'nome'");
    broker.problem = "there is no binder 'pigeons'";
    assertThatThrownBy(() -> sink().check())
        .hasMessageContaining("FLX-BINDING-0002")
        .hasMessageContaining("pigeons");
  }
}
