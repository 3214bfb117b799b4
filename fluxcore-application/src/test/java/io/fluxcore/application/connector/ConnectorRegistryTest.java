package io.fluxcore.application.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectorRegistryTest {
  private static SinkConnector sink(String name) {
    return new SinkConnector() {
      @Override
      public ConnectorDescriptor descriptor() {
        return new ConnectorDescriptor(
            name, "A sink.", List.of(), Set.of(), DeliveryGuarantee.AT_LEAST_ONCE);
      }

      @Override
      public Sink create(ConnectorOptions options, Schema schema) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Test
  void connectors_areFoundByNameAndListedInOrder() {
    SinkConnector kafka = sink("kafka");
    ConnectorRegistry registry = ConnectorRegistry.of(List.of(), List.of(kafka, sink("file")));
    assertThat(registry.sink("kafka")).isSameAs(kafka);
    assertThat(registry.sinks().stream().map(ConnectorDescriptor::name))
        .containsExactly("file", "kafka");
    assertThat(registry.sources()).isEmpty();
  }

  @Test
  void unknownName_isAnErrorThatListsTheKnownOnes() {
    ConnectorRegistry registry = ConnectorRegistry.of(List.of(), List.of(sink("kafka"), sink("x")));
    assertThatThrownBy(() -> registry.sink("kafak"))
        .hasMessageContaining("no sink connector 'kafak'")
        .hasMessageContaining("did you mean 'kafka'?")
        .hasMessageContaining("kafka, x");
  }

  @Test
  void twoOfOneName_areRefused() {
    assertThatThrownBy(() -> ConnectorRegistry.of(List.of(), List.of(sink("a"), sink("a"))))
        .hasMessageContaining("two sink connectors are named 'a'");
  }

  @Test
  void connectorThatCannotBeLoaded_isAnErrorOfTheUser(@TempDir Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(SinkConnector.class.getName()), "no.such.Connector\n");
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, SinkConnector.class.getClassLoader())) {
      assertThatThrownBy(() -> ConnectorRegistry.load(loader))
          .hasMessageContaining("no.such.Connector");
    }
  }
}
