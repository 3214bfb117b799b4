package io.fluxcore.adapters.in.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BacklogTest {
  private static final String[] TEXTS = {
    "", "a", "ünïcödé", "İ", "😀", "\u0000", "x".repeat(127), "y".repeat(128), "z".repeat(70_000)
  };
  private static final long[] TIMES = {
    0, 1, -1, 1_700_000_000_000_000L, Long.MAX_VALUE >> 1, Long.MIN_VALUE >> 1
  };

  @TempDir private Path directory;

  /** What is compared of a message. */
  private record Read(long micros, MessageProperties properties, String text) {
    static Read of(Message message) {
      return new Read(message.micros(), message.properties(), text(message.bytes()));
    }

    static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Read> read(Backlog backlog, int messages) {
    List<Read> found = new ArrayList<>();
    backlog.read(
        (micros, properties, bytes, from, to) -> {
          found.add(new Read(micros, properties, Read.text(Arrays.copyOfRange(bytes, from, to))));
          return found.size() < messages;
        });
    return found;
  }

  private static Message message(Random random) {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(300)];
    random.nextBytes(bytes);
    Map<String, String> headers = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      headers.put(text(random), text(random));
    }
    return new Message(
        bytes,
        TIMES[random.nextInt(TIMES.length)],
        random.nextInt(4) == 0
            ? MessageProperties.NONE
            : new MessageProperties(nullable(random), nullable(random), headers, flaw(random)));
  }

  private static MessageProperties.@Nullable Flaw flaw(Random random) {
    return random.nextInt(3) > 0 ? null : new MessageProperties.Flaw("FLX-TEST-0001", text(random));
  }

  private static String text(Random random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private static @Nullable String nullable(Random random) {
    return random.nextInt(3) == 0 ? null : text(random);
  }

  private static Message plain(int number) {
    return new Message(
        ("m" + number).getBytes(StandardCharsets.UTF_8),
        number,
        new MessageProperties("id-" + number, null, Map.of()));
  }

  private Spool spool(int keptRecords) {
    return Spool.open(directory.resolve("spool"), 64 << 10, 4 << 10, keptRecords);
  }

  @Test
  void messages_comeBackWithTimeAndProperties_inMemoryAndFromTheDisk() {
    long seed = 20261130;
    Random random = new Random(seed);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      messages.add(message(random));
    }
    List<Read> expected = messages.stream().map(Read::of).toList();
    MemoryBacklog memory = new MemoryBacklog("test", 1 << 30, 1_000);
    memory.append(messages);
    assertThat(read(memory, 1_000)).as("seed " + seed).isEqualTo(expected);
    Path files = directory.resolve("large");
    try (SpoolBacklog backlog = new SpoolBacklog("test", Spool.open(files, 1 << 30, 1 << 20), 0)) {
      messages.forEach(m -> backlog.append(List.of(m)));
      assertThat(read(backlog, 100)).as("seed " + seed).isEqualTo(expected.subList(0, 100));
      assertThat(backlog.offset()).isEqualTo(100);
    }
    try (SpoolBacklog again = new SpoolBacklog("test", Spool.open(files, 1 << 30, 1 << 20), 100)) {
      assertThat(read(again, 1_000)).isEqualTo(expected.subList(100, 300));
    }
  }

  @Test
  void recordsOfOldSpools_aTimeAndBytes_areRead_andWrittenAsBefore() {
    byte[] old =
        ByteBuffer.allocate(10)
            .putLong(1_700_000_000_123_456L)
            .put((byte) '{')
            .put((byte) '}')
            .array();
    try (Spool spool = spool(0)) {
      spool.append(List.of(old));
    }
    try (SpoolBacklog backlog = new SpoolBacklog("test", spool(0), 0)) {
      assertThat(read(backlog, 9))
          .containsExactly(new Read(1_700_000_000_123_456L, MessageProperties.NONE, "{}"));
    }
    assertThat(
            MessageCodec.record(
                new Message(new byte[] {'{', '}'}, 1_700_000_000_123_456L, MessageProperties.NONE)))
        .isEqualTo(old);
  }

  @Test
  void recordsOfALaterVersion_orCutOff_areRefused() {
    byte[] record = MessageCodec.record(plain(1));
    byte[] later = record.clone();
    later[8] = 3;
    for (byte[] one : List.of(later, Arrays.copyOf(record, 12), Arrays.copyOf(record, 5))) {
      assertThatThrownBy(
              () -> MessageCodec.read(one, 0, one.length, (micros, p, bytes, from, to) -> true))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> {
                assertThat(e.code()).isEqualTo("FLX-BACKLOG-0003");
                assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL);
              });
    }
  }

  @Test
  void fullMemory_takesAllOrNothing_untilSomethingIsRead() {
    MemoryBacklog backlog = new MemoryBacklog("stream 's'", 1 << 20, 2);
    backlog.append(List.of(plain(1)));
    assertThatThrownBy(() -> backlog.append(List.of(plain(2), plain(3))))
        .isInstanceOf(BacklogFull.class)
        .hasMessageContaining("stream 's'");
    assertThat(read(backlog, 9)).containsExactly(Read.of(plain(1)));
    backlog.append(List.of(plain(2), plain(3)));
    assertThatThrownBy(() -> backlog.append(List.of(plain(4), plain(5), plain(6))))
        .isInstanceOf(BacklogTooSmall.class);
    assertThat(read(backlog, 9)).containsExactly(Read.of(plain(2)), Read.of(plain(3)));
    assertThat(backlog.isDurable()).isFalse();
  }

  @Test
  void lastIds_areKeptOverReleases_asLongAsThereIsRoom() {
    try (SpoolBacklog backlog = new SpoolBacklog("test", spool(50), 0)) {
      assertThat(backlog.isDurable()).isTrue();
      assertThat(backlog.lastIds(10)).isEmpty();
      for (int i = 0; i < 1_000; i++) {
        backlog.append(List.of(plain(i)));
        if (i % 100 == 99) {
          assertThat(read(backlog, 100)).hasSize(100);
          backlog.release(i + 1);
        }
      }
    }
    try (SpoolBacklog backlog = new SpoolBacklog("test", spool(50), 1_000)) {
      assertThat(backlog.lastIds(3)).containsExactly("id-997", "id-998", "id-999");
      assertThat(backlog.lastIds(50)).hasSize(50);
      byte[] large = new byte[60 << 10];
      backlog.append(List.of(new Message(large, 1, MessageProperties.NONE)));
      assertThat(read(backlog, 9)).hasSize(1);
      assertThatThrownBy(
              () -> backlog.append(List.of(new Message(large, 1, MessageProperties.NONE))))
          .isInstanceOf(BacklogFull.class);
      assertThatThrownBy(
              () ->
                  backlog.append(
                      List.of(new Message(new byte[65 << 10], 1, MessageProperties.NONE))))
          .isInstanceOf(BacklogTooSmall.class);
    }
  }
}
