package io.fluxcore.adapters.in.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that grow, are rotated, emptied and deleted, by a clock that the test turns. */
final class TailSourceTest {
  private static final Schema SCHEMA = Schema.builder().field("line", DataType.STRING).build();

  @TempDir private Path directory;
  private final Map<String, Object> options = new HashMap<>();
  private long nowNanos = 1L << 40;
  private Source source;
  private SourceReader reader;
  private final Set<String> assigned = new LinkedHashSet<>();
  private final Map<String, SplitPosition> positions = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private final List<BadRecord> bad = new ArrayList<>();
  private Schema schema = SCHEMA;

  @AfterEach
  void close() {
    if (reader != null) {
      reader.close();
    }
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(path(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void move(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a job does at its start, and after a failure with the positions of a checkpoint. */
  private void start(String path, Map<String, SplitPosition> from, Object... more) {
    if (reader != null) {
      reader.close();
    }
    options.put("path", path(path).toString());
    options.put("mode", "tail");
    options.putIfAbsent("format", "text");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    FileSourceConnector connector = new FileSourceConnector();
    source =
        ((TailSource)
                connector.create(
                    OptionParser.parse(connector.descriptor(), options).orThrow(),
                    new ConnectorServices(JdkRegexCompiler.INSTANCE)))
            .withNanoTime(() -> nowNanos);
    reader = source.createReader(SourceReading.context(schema, 3));
    assigned.clear();
    Map<String, SplitPosition> restored = new LinkedHashMap<>(from);
    positions.clear();
    positions.putAll(restored);
    restored.forEach((id, position) -> reader.assign(new Source.Split(id), position));
    assigned.addAll(restored.keySet());
    discover();
  }

  private void discover() {
    for (Source.Split split : source.discoverSplits()) {
      if (assigned.add(split.id())) {
        reader.assign(split, null);
      }
    }
  }

  private void restart() {
    start(
        directory.relativize(Path.of(options.get("path").toString())).toString(),
        Map.copyOf(positions));
  }

  /** Everything that is there now. */
  private List<String> read() {
    List<String> found = new ArrayList<>();
    nowNanos += Duration.ofMillis(250).toNanos();
    while (reader.poll(Duration.ZERO) instanceof Poll.Rows rows) {
      for (EventRecord row : SourceReading.records(rows.batch())) {
        found.add(String.valueOf(row.get(schema.field(0).name())));
      }
      bad.addAll(rows.bad());
      positions.put(rows.split(), rows.end());
    }
    lines.addAll(found);
    return found;
  }

  private List<String> readLater(Duration later) {
    nowNanos += later.toNanos();
    return read();
  }

  @Test
  void growingFile_isReadAsItGrows() throws IOException {
    append("app.log", "a\nb\n");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a", "b");
    assertThat(read()).isEmpty();
    append("app.log", "c\n");
    assertThat(reader.poll(Duration.ZERO))
        .as("before the next look")
        .isSameAs(Poll.Nothing.INSTANCE);
    assertThat(read()).containsExactly("c");
    assertThat(bad).isEmpty();
  }

  @Test
  void unfinishedLine_waitsForItsEnd() throws IOException {
    append("app.log", "a\nhal");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a");
    assertThat(readLater(Duration.ofMinutes(30))).isEmpty();
    append("app.log", "f");
    assertThat(read()).isEmpty();
    append("app.log", "\nnext\n");
    assertThat(read()).containsExactly("half", "next");
  }

  @Test
  void unfinishedLine_afterALineTimeout_countsAsWhole() throws IOException {
    append("app.log", "a\nhal");
    start("app.log", Map.of(), "lineTimeout", "2s");
    assertThat(read()).containsExactly("a");
    assertThat(readLater(Duration.ofSeconds(1))).isEmpty();
    append("app.log", "f");
    assertThat(readLater(Duration.ofMillis(1500))).as("it grew").isEmpty();
    assertThat(readLater(Duration.ofSeconds(2))).containsExactly("half");
    assertThat(readLater(Duration.ofMinutes(5))).isEmpty();
    append("app.log", "\nb\n");
    assertThat(read()).containsExactly("b");
    restart();
    assertThat(read()).isEmpty();
  }

  @Test
  void unfinishedLine_isReadAgainAfterARestart() throws IOException {
    append("app.log", "a\nhal");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a");
    append("app.log", "f\n");
    restart();
    assertThat(read()).containsExactly("half");
  }

  @Test
  void renamedAndCreated_isReadOnInBoth() throws IOException {
    append("app.log", "a\n");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a");
    append("app.log", "b\n");
    move("app.log", "app.log.1");
    append("app.log.1", "late\n");
    append("app.log", "c\n");
    assertThat(read()).containsExactly("b", "late", "c");
    append("app.log.1", "later");
    append("app.log", "d\n");
    assertThat(read()).containsExactly("d");
    assertThat(readLater(Duration.ofSeconds(6)))
        .as("the last line of the old")
        .containsExactly("later");
    assertThat(readLater(Duration.ofMinutes(2))).isEmpty();
  }

  @Test
  void renamedOutOfTheDirectory_isReadToItsEnd() throws IOException {
    append("app.log", "a\n");
    start("app.log", Map.of());
    read();
    append("app.log", "b\nrest");
    Files.createDirectory(path("old"));
    move("app.log", "old/app.log");
    assertThat(read()).containsExactly("b");
    append("app.log", "new\n");
    assertThat(read()).containsExactly("new");
    assertThat(readLater(Duration.ofSeconds(6))).containsExactly("rest");
  }

  @Test
  void deletedFile_isReadToItsEnd_andItsSuccessorFromItsBeginning() throws IOException {
    append("app.log", "a\n");
    start("app.log", Map.of());
    read();
    append("app.log", "b\nc");
    Files.delete(path("app.log"));
    assertThat(read()).containsExactly("b");
    assertThat(readLater(Duration.ofSeconds(6))).containsExactly("c");
    assertThat(read()).isEmpty();
    append("app.log", "a\n");
    assertThat(read()).containsExactly("a");
    restart();
    assertThat(read()).isEmpty();
  }

  @Test
  void copiedAndTruncated_losesNothingAndRepeatsNothing() throws IOException {
    append("app.log", "a\nb\n");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a", "b");
    append("app.log", "c\nd");
    Files.copy(path("app.log"), path("app.log.1"));
    assertThat(read()).as("copied, not yet emptied").containsExactly("c");
    append("app.log.1", "");
    truncate("app.log");
    append("app.log", "e\n");
    assertThat(read()).containsExactly("e");
    assertThat(readLater(Duration.ofSeconds(6))).as("from the copy").containsExactly("d");
    restart();
    assertThat(read()).isEmpty();
  }

  @Test
  void truncatedWithoutCopy_givesTheUnfinishedLineAndBeginsAnew() throws IOException {
    append("app.log", "a\nb\nhalf");
    start("app.log", Map.of());
    read();
    truncate("app.log");
    append("app.log", "c\n");
    assertThat(read()).containsExactly("half", "c");
    append("app.log", "d\n");
    assertThat(read()).containsExactly("d");
  }

  @Test
  void truncatedAndGrownBeyondTheOldSize_beginsAnew() throws IOException {
    append("app.log", "1 a\n1 b\n");
    start("app.log", Map.of());
    read();
    truncate("app.log");
    append("app.log", "2 a\n2 b\n2 c\n");
    assertThat(read()).containsExactly("2 a", "2 b", "2 c");
  }

  private void truncate(String name) throws IOException {
    Files.newByteChannel(path(name), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        .close();
  }

  @Test
  void rotatedTwiceWhileDown_isReadFromWhereItWas() throws IOException {
    append("app.log", "a\nb\n");
    start("app.log", Map.of());
    read();
    append("app.log", "c\n");
    move("app.log", "app.log.2");
    append("app.log.1", "d\ne\n");
    append("app.log", "f\n");
    setAge("app.log.2", 20);
    setAge("app.log.1", 10);
    restart();
    assertThat(read()).containsExactly("c", "d", "e", "f");
    restart();
    assertThat(read()).isEmpty();
    assertThat(bad).isEmpty();
  }

  @Test
  void truncatedWhileDown_isReadOnInTheCopy() throws IOException {
    append("app.log", "a\nb\n");
    start("app.log", Map.of());
    read();
    append("app.log", "c\n");
    Files.copy(path("app.log"), path("app.log.1"));
    truncate("app.log");
    append("app.log", "d\n");
    restart();
    assertThat(read()).containsExactly("c", "d");
  }

  @Test
  void replacedWhileDown_withoutATrace_isToldAndReadAnew() throws IOException {
    append("app.log", "a\nb\n");
    start("app.log", Map.of());
    read();
    Files.delete(path("app.log"));
    append("app.log", "x\ny\nz\n");
    restart();
    assertThat(read()).containsExactly("x", "y", "z");
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).code()).isEqualTo("FLX-FILE-0006");
    assertThat(bad.get(0).message()).contains("byte 4");
  }

  @Test
  void compressedAfterRotation_isNotReadTwice() throws IOException {
    append("app.log", "a\n");
    start("app.log*", Map.of());
    read();
    move("app.log", "app.log.1");
    append("app.log", "b\n");
    assertThat(read()).containsExactly("b");
    Files.write(
        path("app.log.1.gz"), JsonFileSourceTest.gzip(Files.readAllBytes(path("app.log.1"))));
    Files.delete(path("app.log.1"));
    discover();
    assertThat(read()).isEmpty();
    restart();
    assertThat(read()).isEmpty();
    assertThat(bad).isEmpty();
  }

  @Test
  void rotatedFilesThatMatch_areReadOldestFirst_andOnceWhenTheirNamesMoveOn() throws IOException {
    append("app.log.2", "a\n");
    append("app.log.1", "b\n");
    append("app.log", "c\n");
    setAge("app.log.2", 20);
    setAge("app.log.1", 10);
    start("app.log*", Map.of());
    assertThat(assigned).containsExactly(path("app.log").toString());
    assertThat(read()).containsExactly("a", "b", "c");
    move("app.log.2", "app.log.3");
    move("app.log.1", "app.log.2");
    move("app.log", "app.log.1");
    append("app.log", "d\n");
    discover();
    assertThat(read()).containsExactly("d");
  }

  private void setAge(String name, int seconds) throws IOException {
    Files.setLastModifiedTime(
        path(name),
        java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() - seconds * 1000L));
  }

  @Test
  void rotatedFilesThatDoNotMatch_areLeftOutAtTheStart() throws IOException {
    append("app.log.1", "old\n");
    append("app.log", "a\n");
    start("app.log", Map.of());
    assertThat(read()).containsExactly("a");
    restart();
    assertThat(read()).isEmpty();
  }

  @Test
  void startAtTheEnd_leavesOutWhatIsThere_butNotAfterARestart() throws IOException {
    append("app.log", "a\nb\nunfini");
    append("app-2026-01-31.log", "old\n");
    start("", Map.of(), "start", "end");
    assertThat(read()).isEmpty();
    append("other.log", "whole\n");
    append("app.log", "shed\nc\n");
    restart();
    assertThat(read()).containsExactlyInAnyOrder("unfinished", "c", "whole");
    append("third.log", "too\n");
    discover();
    assertThat(read()).containsExactly("too");
  }

  @Test
  void fileOfTheName_mayAppearLater() throws IOException {
    start("app.log", Map.of(), "start", "end");
    assertThat(read()).isEmpty();
    append("app.log", "a\n");
    assertThat(read()).containsExactly("a");
  }

  @Test
  void directory_takesUpFilesThatAppear_eachASplit() throws IOException {
    append("a.log", "a\n");
    append(".hidden", "no\n");
    append("b.log.gz", "no\n");
    start("", Map.of());
    assertThat(read()).containsExactly("a");
    append("b.log", "b\n");
    discover();
    assertThat(read()).containsExactly("b");
    assertThat(assigned).containsExactly(path("a.log").toString(), path("b.log").toString());
    assertThat(source.isBounded()).isFalse();
    assertThat(source.discoveryInterval()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void filesWithNumbers_thatGrowSideBySide_areAllRead() throws IOException {
    append("sensor.1", "1a\n");
    append("sensor.2", "2a\n");
    start("", Map.of());
    assertThat(read()).containsExactlyInAnyOrder("1a", "2a");
    append("sensor.1", "1b\n");
    append("sensor.2", "2b\n");
    assertThat(read()).containsExactlyInAnyOrder("1b", "2b");
    assertThat(readLater(Duration.ofMinutes(1))).isEmpty();
    append("sensor.1", "1c\n");
    assertThat(read()).containsExactly("1c");
  }

  @Test
  void missingDirectory_isAnErrorAtTheStart() {
    assertThatThrownBy(() -> start("nowhere/app.log", Map.of()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FILE-0001");
  }

  @Test
  void wrongPosition_isRefused() {
    assertThatThrownBy(
            () -> start("a.log", Map.of(path("a.log").toString(), new SplitPosition("byte 7"))))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FILE-0005");
  }

  @Test
  void csvHeader_isReadOfEachFile_andMayComeInParts() throws IOException {
    schema = Schema.builder().field("b", DataType.LONG).build();
    append("data.csv", "a,");
    start("data.csv", Map.of(), "format", "csv");
    assertThat(read()).isEmpty();
    append("data.csv", "b\n1,2\n");
    assertThat(read()).containsExactly("2");
    append("data.csv", "3,\"4\"\n\"5");
    assertThat(read()).containsExactly("4");
    move("data.csv", "data.csv.1");
    append("data.csv", "b,a\n6,7\n");
    append("data.csv.1", "\",8\n");
    assertThat(read()).containsExactly("8", "6");
    restart();
    append("data.csv", "9,0\n");
    assertThat(read()).containsExactly("9");
    assertThat(bad).isEmpty();
  }

  @Test
  void tooLongLine_isCutOut_evenWhenItsEndComesMuchLater() throws IOException {
    append("app.log", "a\n" + "x".repeat(3000));
    start("app.log", Map.of(), "maxRecordBytes", "1kb");
    assertThat(read()).containsExactly("a");
    append("app.log", "y".repeat(500_000));
    assertThat(read()).isEmpty();
    SplitPosition before = positions.get(path("app.log").toString());
    assertThat(before.text()).contains("byte 2, line 2");
    append("app.log", "\nb\n");
    assertThat(read()).containsExactly("b");
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).coordinates()).isEqualTo(path("app.log") + ":2");
    assertThat(bad.get(0).message()).contains("503000 bytes");
    restart();
    assertThat(read()).isEmpty();
  }

  @Test
  void unreadableFile_isToldOnce_andDoesNotStopTheOthers() throws IOException {
    append("b.log", "b\n");
    append("a.log", "a\n");
    start("", Map.of(), "format", "csv", "columns", List.of("line"));
    // Its header opens a quote that is never closed: root may read any file, so none is unreadable.
    append("c.log", "\"" + "x".repeat(2_000_000) + "\n");
    assertThat(assigned).hasSize(2);
    discover();
    assertThat(read()).isEmpty();
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0).coordinates()).isEqualTo(path("c.log").toString());
    append("b.log", "b\nc\n");
    assertThat(readLater(Duration.ofSeconds(3))).containsExactly("b", "c");
    assertThat(readLater(Duration.ofSeconds(3))).isEmpty();
    assertThat(bad).as("told once").hasSize(1);
  }

  @Test
  @org.junit.jupiter.api.Timeout(60)
  void waitingPoll_isEndedByWakeUp() throws InterruptedException {
    start("app.log", Map.of(), "pollInterval", "1h");
    assertThat(read()).isEmpty();
    Thread polling = new Thread(() -> reader.poll(Duration.ofDays(1)));
    polling.start();
    while (polling.isAlive()) {
      reader.wakeUp();
      polling.join(1);
    }
  }

  /** A writer, a rotation and a crash at random: every line exactly once, in order per file. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 10, 14, 20})
  void anythingAtAnyTime_givesEachLineOnce(long seed) throws IOException {
    Random random = new Random(seed);
    boolean copy = seed % 2 == 0;
    List<String> written = new ArrayList<>();
    Map<String, SplitPosition> checkpoint;
    int checkpointLines = 0;
    int files = 0;
    append("app.log", "");
    start("app.log", Map.of());
    read();
    checkpoint = Map.copyOf(positions);
    for (int step = 0; step < 300; step++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(6); i >= 0; i--) {
            String line = written.size() + "z".repeat(random.nextInt(200));
            written.add(line);
            text.append(line).append('\n');
          }
          int cut = random.nextInt(text.length());
          append("app.log", text.substring(0, cut));
          if (random.nextInt(3) == 0) {
            read();
          }
          append("app.log", text.substring(cut));
        }
        case 5, 6, 7 -> read();
        case 8 -> {
          for (int i = files; i > 0; i--) {
            move("app.log." + i, "app.log." + (i + 1));
          }
          files++;
          if (copy) {
            Files.copy(path("app.log"), path("app.log.1"));
            if (random.nextBoolean()) {
              read();
            }
            truncate("app.log");
          } else {
            move("app.log", "app.log.1");
            if (random.nextBoolean()) {
              read();
            }
            append("app.log", "");
          }
        }
        case 9 -> {
          checkpoint = Map.copyOf(positions);
          checkpointLines = lines.size();
        }
        case 10 -> {
          lines.subList(checkpointLines, lines.size()).clear();
          start("app.log", checkpoint);
        }
        default -> readLater(Duration.ofSeconds(random.nextInt(10)));
      }
    }
    read();
    readLater(Duration.ofSeconds(10));
    List<String> missing = new ArrayList<>(written);
    List<String> surplus = new ArrayList<>();
    for (String line : lines) {
      if (!missing.remove(line)) {
        surplus.add(line);
      }
    }
    assertThat(numbers(missing)).as("missing with seed " + seed).isEmpty();
    assertThat(numbers(surplus)).as("surplus with seed " + seed).isEmpty();
  }

  private static List<String> numbers(List<String> found) {
    return found.stream().map(line -> line.replaceAll("z+", "z")).toList();
  }
}
