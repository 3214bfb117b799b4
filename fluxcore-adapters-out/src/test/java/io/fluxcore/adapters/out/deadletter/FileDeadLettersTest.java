package io.fluxcore.adapters.out.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterRetention;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.deadletter.kit.DeadLettersContract;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class FileDeadLettersTest extends DeadLettersContract {

  @TempDir private Path folder;

  @Override
  protected DeadLetters open(DeadLetterRetention retention, InstantSource time) {
    Path file = folder.resolve("contract.ndjson");
    return new FileDeadLetters(() -> file, new InMemoryDeadLetters(retention, time));
  }

  private static DeadLetter letter(byte @Nullable [] bytes, @Nullable Object field) {
    return DeadLetter.of(
        JOB,
        "job",
        "in",
        new DeadLetter.Origin("in", "a.log", "a.log:7"),
        new DeadLetter.Content(
            bytes, field == null ? null : new DeadLetter.Row(5, "INSERT", Map.of("a", field))),
        new DeadLetter.Failure("FLX-X-0001", "bad \"x\"", 1, Instant.EPOCH),
        7);
  }

  @Test
  void noLetter_noFile() {
    Path file = folder.resolve("letters.ndjson");
    try (FileDeadLetters letters = new FileDeadLetters(() -> file)) {
      assertThat(letters.count(JOB)).isZero();
      assertThat(letters.of(JOB)).isEmpty();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void letters_areLinesOfJson_withOriginalBytes() throws IOException {
    Path file = folder.resolve("deep/letters.ndjson");
    try (FileDeadLetters letters = new FileDeadLetters(() -> file)) {
      letters.add(letter("caf\u00e9 \u0001\n".getBytes(StandardCharsets.UTF_8), 0L));
      letters.add(letter(new byte[] {(byte) 0xff, 0, 1}, 0L));
      letters.add(letter(null, 1L));
      assertThat(letters.count(JOB)).isEqualTo(3);
      assertThat(letters.of(JOB)).hasSize(3);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .contains(
            "\"job\":\"" + JOB + "\"",
            "\"operator\":\"in\"",
            "\"time\":\"1970-01-01T00:00:00Z\"",
            "\"error\":\"bad \\\"x\\\"\"",
            "\"coordinates\":\"a.log:7\"",
            "\"text\":\"caf\u00e9 \\u0001\\n\"");
    assertThat(lines.get(1)).contains("\"base64\":\"/wAB\"").doesNotContain("text");
    assertThat(lines.get(2))
        .contains("\"timestamp\":\"1970-01-01T00:00:00.005Z\"", "\"row\":{\"a\":1}");
  }

  @Test
  void olderLetters_areKept() throws IOException {
    Path file = folder.resolve("letters.ndjson");
    for (int run = 0; run < 2; run++) {
      try (FileDeadLetters letters = new FileDeadLetters(() -> file)) {
        letters.add(letter(null, "r" + run));
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void fileThatCannotBeMade_isAnError_notALoss() throws IOException {
    Path occupied = Files.createFile(folder.resolve("occupied"));
    try (FileDeadLetters letters = new FileDeadLetters(() -> occupied.resolve("x"))) {
      assertThatThrownBy(() -> letters.add(letter(null, "r")))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-DEADLETTER-0001");
      assertThat(letters.count(JOB)).isZero();
    }
  }

  @Test
  void jobThatGoesBack_saysSo() throws IOException {
    Path file = folder.resolve("letters.ndjson");
    try (FileDeadLetters letters = new FileDeadLetters(() -> file)) {
      letters.add(letter(null, 1L));
      letters.add(letter(null, 2L));
      letters.restored(JOB, 7);
      letters.restored(JOB, 7);
      assertThat(letters.of(JOB)).isEmpty();
    }
    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .last()
        .isEqualTo("{\"job\":\"" + JOB + "\",\"takenBack\":2}");
  }

  static boolean hasFullDevice() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  @Test
  @EnabledIf("hasFullDevice")
  void diskFull_isAnError_notALoss() {
    try (FileDeadLetters letters = new FileDeadLetters(() -> Path.of("/dev/full"))) {
      assertThatThrownBy(() -> letters.add(letter(null, "r")))
          .hasMessageContaining("FLX-DEADLETTER-0001")
          .hasMessageContaining("/dev/full");
    }
  }
}
