package io.fluxcore.adapters.out.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.runtime.DeadLetter;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class FileDeadLettersTest {
  private static final JobId JOB = JobId.of(1, 2);

  @TempDir private Path folder;

  private static DeadLetter letter(byte @Nullable [] bytes, @Nullable String row) {
    return new DeadLetter(
        JOB, "in", bytes, row, "a.log:7", "FLX-X-0001", "bad \"x\"", 1, Instant.EPOCH);
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
      letters.add(letter("caf\u00e9 \u0001\n".getBytes(StandardCharsets.UTF_8), null));
      letters.add(letter(new byte[] {(byte) 0xff, 0, 1}, null));
      letters.add(letter(null, "{a=1}"));
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
    assertThat(lines.get(2)).contains("\"row\":\"{a=1}\"");
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
