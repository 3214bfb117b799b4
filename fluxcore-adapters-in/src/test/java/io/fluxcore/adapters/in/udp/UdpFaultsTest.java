package io.fluxcore.adapters.in.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.event.EventRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be kept of datagrams: those that the source has taken. */
final class UdpFaultsTest extends SourceFaultsContract {
  private final int port = FreePort.next();
  private final List<Long> held = new ArrayList<>();
  @TempDir private Path directory;
  private TestDatagrams datagrams;
  private boolean isHolding;

  @BeforeEach
  void startSender() {
    datagrams = new TestDatagrams(port);
  }

  @AfterEach
  void endSender() {
    datagrams.close();
  }

  /** Nobody is called before it reads. */
  @Override
  protected boolean canBeLookedAt() {
    return false;
  }

  @Override
  protected SourceConnector connector() {
    return new UdpSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = inMemory();
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  private Map<String, Object> inMemory() {
    Map<String, Object> options = new HashMap<>();
    options.put("host", "127.0.0.1");
    options.put("port", port);
    return options;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void publish(long fromId, long toId) {
    for (long id = fromId; id < toId; id++) {
      if (isHolding) {
        held.add(id);
      } else {
        datagrams.send(bytes("{\"id\":" + id + "}"));
      }
    }
  }

  @Override
  protected boolean isAcknowledged() {
    return false;
  }

  @Override
  protected void killServer() {
    datagrams.close();
  }

  @Override
  protected void restartServer() {
    datagrams = new TestDatagrams(port);
  }

  @Override
  protected void pauseServer() {
    isHolding = true;
  }

  @Override
  protected void resumeServer() {
    isHolding = false;
    held.forEach(id -> publish(id, id + 1));
  }

  @Override
  protected @Nullable Map<String, Object> wrongPassword() {
    return null;
  }

  /** An address of documentation (RFC 5737), which no machine has. */
  @Override
  protected @Nullable Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("host", "192.0.2.1");
    return options;
  }

  @Test
  void largeEmptyAndPoisonousDatagrams_areReadOrBad() {
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options(), null)) {
      datagrams.send(bytes("{\"id\":1,\"text\":\"" + "é".repeat(32_000) + "\"}"));
      datagrams.send(new byte[0]);
      datagrams.send(bytes("nonsense"));
      datagrams.send(bytes("{\"id\":2,\"text\":\"İ😀\"}\n"));
      while (found.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          bad.addAll(rows.bad());
          for (EventRecord row : SourceReading.records(rows.batch())) {
            found.add(row.getLong("id"));
            assertThat(row.key()).startsWith("127.0.0.1:");
          }
        }
      }
    }
    assertThat(found).containsExactly(1L, 2L);
    assertThat(bad.stream().map(BadRecord::coordinates).toList())
        .containsExactly("127.0.0.1:" + port + "@1", "127.0.0.1:" + port + "@2");
  }

  @Test
  void datagramsThatComeTooFast_areLost_andEachIsCounted() {
    Map<String, Object> options = inMemory();
    options.put("bufferBytes", "256kb");
    options.put("bufferEvents", 10);
    int sent = 20_000;
    String padding = "x".repeat(1_000);
    Set<Long> found = new HashSet<>();
    try (SourceReader reader = reader(options, null)) {
      String split = "127.0.0.1:" + port;
      assertThat(reader.lost(split)).isZero();
      for (int id = 0; id < sent; id++) {
        datagrams.send(bytes("{\"id\":" + id + ",\"text\":\"" + padding + "\"}"));
      }
      while (found.size() + reader.lost(split) < sent) {
        if (reader.poll(Duration.ofMillis(20)) instanceof Poll.Rows rows) {
          for (EventRecord row : SourceReading.records(rows.batch())) {
            assertThat(found.add(row.getLong("id"))).isTrue();
          }
        }
      }
      assertThat(reader.lost(split)).isPositive().isEqualTo(sent - found.size());
    }
    assertThat(found).isNotEmpty();
  }

  @Test
  void portThatIsTaken_isTold() {
    try (SourceReader reader = reader(inMemory(), null)) {
      source(options()).check();
      try (SourceReader second = reader(options(), null)) {
        assertThatThrownBy(() -> second.poll(Duration.ofSeconds(10)))
            .hasMessageContaining("FLX-BACKLOG-0008");
      }
      publish(0, 3);
      List<Long> found = new ArrayList<>();
      read(reader, 3, found);
      assertThat(found).isEqualTo(ids(0, 3));
    }
  }

  @Test
  void whatIsInTheSpool_isReadAgainFromAPosition() {
    List<Long> found = new ArrayList<>();
    SplitPosition position;
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 50);
      position = read(reader, 50, found);
      publish(50, 100);
      read(reader, 100, found);
    }
    List<Long> again = new ArrayList<>();
    try (SourceReader reader = reader(options(), position)) {
      read(reader, 50, again);
    }
    assertThat(again).isEqualTo(ids(50, 100));
  }

  @Test
  void withoutSpool_nothingIsReplayed() {
    assertThat(source(inMemory()).isReplayable()).isFalse();
    assertThat(source(options()).isReplayable()).isTrue();
  }
}
