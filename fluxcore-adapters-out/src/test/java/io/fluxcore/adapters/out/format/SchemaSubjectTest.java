package io.fluxcore.adapters.out.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.schemaregistry.kit.RegistryStub;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Encoders whose schemas are in a registry, which is a stub over HTTP. */
final class SchemaSubjectTest {
  private static final Schema ROWS = Schema.of(new Field("a", DataType.LONG));
  private static final EventBatch BATCH =
      EncodedRows.batch(ROWS, List.of(List.of(7L), List.of(8L)));

  private final RegistryStub stub = RegistryStub.start();

  @AfterEach
  void stop() {
    stub.close();
  }

  private MessageEncoder encoder(String format, String... more) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("format", format);
    options.put("registryUrl", stub.url());
    options.put("subject", "r-value");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return factory(options).create();
  }

  private static MessageEncoder.Factory factory(Map<String, Object> options) {
    ConnectorDescriptor descriptor =
        new ConnectorDescriptor(
            "test",
            "A sink of messages.",
            EncoderOptions.ofMessages(),
            Set.of(),
            DeliveryGuarantee.AT_LEAST_ONCE);
    ConnectorOptions parsed = OptionParser.parse(descriptor, options).orThrow();
    OptionProblems problems = new OptionProblems("test");
    MessageEncoder.Factory factory = EncoderOptions.messages(parsed, ROWS, problems);
    problems.throwIfAny();
    return factory;
  }

  @Test
  void derivedSchema_isRegisteredOnce_andItsNumberIsInFront() {
    stub.register("other", "AVRO", "\"int\"");
    MessageEncoder avro = encoder("avro", "recordName", "t.R");
    avro.encode(BATCH, RecordFailures.FAIL);
    avro.encode(BATCH, RecordFailures.FAIL);
    assertThat(avro.bytes(0)).containsExactly(0, 0, 0, 0, 2, 2, 14);
    assertThat(stub.text(2)).contains("\"namespace\":\"t\"");
    assertThat(stub.requests()).containsExactly("POST /subjects/r-value/versions");

    MessageEncoder protobuf = encoder("protobuf");
    protobuf.encode(BATCH, RecordFailures.FAIL);
    assertThat(protobuf.bytes(1)).containsExactly(0, 0, 0, 0, 3, 0, 8, 8);

    MessageEncoder json = encoder("json");
    json.encode(BATCH, RecordFailures.FAIL);
    byte[] message = json.bytes(0);
    assertThat(Arrays.copyOf(message, 5)).containsExactly(0, 0, 0, 0, 4);
    assertThat(new String(message, 5, message.length - 5, StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":7}");
    assertThat(stub.text(4)).contains("\"integer\"");
  }

  @Test
  void withoutRegistering_theLatestSchemaIsWrittenBy() {
    stub.register(
        "r-value",
        "AVRO",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\"type\":\"int\",\"default\":1},"
            + "{\"name\":\"a\",\"type\":\"long\"}]}");
    MessageEncoder avro = encoder("avro", "registerSchema", "false");
    avro.encode(BATCH, RecordFailures.FAIL);
    assertThat(avro.bytes(0)).containsExactly(0, 0, 0, 0, 1, 2, 14);
    MessageEncoder protobuf = encoder("protobuf", "registerSchema", "false");
    assertThatThrownBy(() -> protobuf.encode(BATCH, RecordFailures.FAIL))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-REGISTRY-0012")
        .hasMessageContaining("40403");
  }

  @Test
  void registryThatIsDown_isATransientFailure() {
    MessageEncoder avro = encoder("avro");
    stub.pause();
    assertThatThrownBy(() -> avro.encode(BATCH, RecordFailures.FAIL))
        .isInstanceOfSatisfying(TransientSinkException.class, e -> assertThat(e.taken()).isZero());
    stub.resume();
    avro.encode(BATCH, RecordFailures.FAIL);
    assertThat(avro.count()).isEqualTo(2);
  }

  @Test
  void wrongLogin_isAFailure_andOptionsThatDoNotGoTogetherAreToldAtOnce() {
    stub.withLogin("ada", "secret");
    MessageEncoder avro = encoder("avro", "registryUser", "ada", "registryPassword", "wrong");
    assertThatThrownBy(() -> avro.encode(BATCH, RecordFailures.FAIL))
        .hasMessageContaining("FLX-REGISTRY-0001");
    assertThatThrownBy(
            () ->
                factory(
                    Map.of(
                        "format", "csv",
                        "registryUrl", "ftp://x",
                        "registryPassword", "p",
                        "schemaFile", "/none",
                        "messageType", "M")))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(6));
  }
}
