package io.fluxcore.adapters.in.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class SpoolTest {
  @TempDir private Path directory;

  private Spool open() {
    return Spool.open(directory, 1 << 20, 4096);
  }

  private static List<byte[]> records(String... texts) {
    return Stream.of(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static List<String> read(SpoolCursor cursor) {
    List<String> found = new ArrayList<>();
    cursor.read(
        (bytes, from, to) -> {
          found.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
          return true;
        });
    return found;
  }

  private List<String> readAll() {
    try (Spool spool = open();
        SpoolCursor cursor = spool.cursor(spool.first())) {
      return read(cursor);
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".spool")).sorted().toList();
    }
  }

  @Test
  void records_areReadInOrder_whileTheyAreAppendedAndAfterReopening() {
    try (Spool spool = open();
        SpoolCursor cursor = spool.cursor(0)) {
      assertThat(read(cursor)).isEmpty();
      assertThat(spool.append(records("a", "b"))).isEqualTo(2);
      assertThat(read(cursor)).containsExactly("a", "b");
      spool.append(records("c"));
      assertThat(read(cursor)).containsExactly("c");
      assertThat(cursor.offset()).isEqualTo(3);
    }
    assertThat(readAll()).containsExactly("a", "b", "c");
    try (Spool spool = open()) {
      assertThat(spool.append(records("d"))).isEqualTo(4);
      try (SpoolCursor cursor = spool.cursor(2)) {
        assertThat(read(cursor)).containsExactly("c", "d");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void manySegments_areReadFromAnyOffset(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> all = new ArrayList<>();
    try (Spool spool = open()) {
      for (int i = 0; i < 60; i++) {
        List<String> batch = new ArrayList<>();
        for (int j = random.nextInt(8); j >= 0; j--) {
          batch.add(i + "/" + j + "x".repeat(random.nextInt(400)));
        }
        spool.append(records(batch.toArray(new String[0])));
        all.addAll(batch);
      }
      assertThat(segments()).hasSizeGreaterThan(5);
      for (int from = 0; from <= all.size(); from += 17) {
        try (SpoolCursor cursor = spool.cursor(from)) {
          assertThat(read(cursor)).as("seed " + seed).isEqualTo(all.subList(from, all.size()));
        }
      }
    }
    assertThat(readAll()).isEqualTo(all);
  }

  @Test
  void release_deletesWholeFiles_andIsRemembered() throws IOException {
    try (Spool spool = open()) {
      for (int i = 0; i < 20; i++) {
        spool.append(records("x".repeat(1000)));
      }
      int before = segments().size();
      spool.release(10);
      assertThat(segments().size()).isLessThan(before);
      assertThat(spool.first()).isBetween(1L, 10L);
      spool.release(5);
      assertThat(spool.released()).isEqualTo(10);
    }
    try (Spool spool = open()) {
      assertThat(spool.released()).isEqualTo(10);
      spool.release(20);
      assertThat(segments()).hasSize(1);
      assertThat(spool.append(records("next"))).isEqualTo(21);
    }
  }

  @Test
  void fullSpool_refuses_untilSomethingIsReleased() {
    try (Spool spool = Spool.open(directory, 10_000, 4096)) {
      int taken = 0;
      try {
        while (true) {
          spool.append(records("x".repeat(1000)));
          taken++;
        }
      } catch (SpoolFull e) {
        assertThat(e.code()).isEqualTo("FLX-SPOOL-0001");
        assertThat(e.getMessage()).contains("checkpoint");
      }
      assertThat(taken).isBetween(8, 9);
      assertThat(spool.end()).isEqualTo(taken);
      spool.release(taken);
      spool.append(records("again"));
      assertThat(spool.end()).isEqualTo(taken + 1);
    }
  }

  @Test
  void everyTornTail_isCutOff_andWhatWasBeforeIsThere() throws IOException {
    try (Spool spool = open()) {
      spool.append(records("first", "second"));
    }
    Path file = segments().get(0);
    byte[] whole = Files.readAllBytes(file);
    int second = whole.length - "second".length() - Segment.FRAME_BYTES;
    for (int length = second + 1; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (Spool spool = open()) {
        assertThat(spool.cutOffBytes()).isEqualTo(length - second);
        assertThat(spool.end()).isEqualTo(1);
        spool.append(records("third"));
      }
      assertThat(readAll()).containsExactly("first", "third");
    }
  }

  @Test
  void zeroesAtTheEnd_areNoRecords() throws IOException {
    try (Spool spool = open()) {
      spool.append(records("first"));
    }
    Files.write(segments().get(0), new byte[5000], StandardOpenOption.APPEND);
    try (Spool spool = open()) {
      assertThat(spool.cutOffBytes()).isEqualTo(5000);
    }
    assertThat(readAll()).containsExactly("first");
  }

  @Test
  void fileThatWasJustBegun_isBegunAgain() throws IOException {
    try (Spool spool = open()) {
      spool.append(records("first"));
    }
    Files.write(Segment.path(directory, 1), new byte[] {'F', 'L'});
    try (Spool spool = open()) {
      assertThat(spool.cutOffBytes()).isEqualTo(2);
      spool.append(records("second"));
    }
    assertThat(readAll()).containsExactly("first", "second");
  }

  @Test
  void damageInTheMiddle_isAnErrorThatNamesFileAndRecord() throws IOException {
    try (Spool spool = open()) {
      for (int i = 0; i < 10; i++) {
        spool.append(records("x".repeat(1000)));
      }
      Path file = segments().get(1);
      try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
        damaged.seek(500);
        damaged.write('y');
      }
      try (SpoolCursor cursor = spool.cursor(0)) {
        assertThatThrownBy(() -> read(cursor))
            .isInstanceOf(FluxCoreException.class)
            .hasMessageContaining("FLX-SPOOL-0004")
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void offsetsThatAreNotThere_areRefused() {
    try (Spool spool = open()) {
      spool.append(records("a"));
      for (long offset : new long[] {-1, 2, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> spool.cursor(offset)).hasMessageContaining("FLX-SPOOL-0005");
      }
    }
  }

  @Test
  void secondOwner_isRefused_andClosedSpoolTakesNothing() {
    Spool spool = open();
    assertThatThrownBy(this::open).hasMessageContaining("FLX-SPOOL-0006");
    spool.close();
    spool.close();
    assertThatThrownBy(() -> spool.append(records("a"))).hasMessageContaining("FLX-SPOOL-0003");
    open().close();
  }

  /** A disk that is full for a while, or fails. */
  private static final class Disk {
    volatile boolean full;
    volatile boolean broken;
    final AtomicInteger syncs = new AtomicInteger();
    volatile CountDownLatch hold = new CountDownLatch(0);

    SpoolFile open(Path path) throws IOException {
      SpoolFile file = SpoolFile.of(path);
      return new SpoolFile() {
        @Override
        public void write(byte[] bytes, int length) throws IOException {
          if (full) {
            file.write(bytes, length / 2);
            throw new IOException("No space left on device");
          }
          file.write(bytes, length);
        }

        @Override
        public void sync() throws IOException {
          syncs.incrementAndGet();
          try {
            hold.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          if (broken) {
            throw new IOException("Input/output error");
          }
          file.sync();
        }

        @Override
        public void truncate(long length) throws IOException {
          file.truncate(length);
        }

        @Override
        public void close() throws IOException {
          file.close();
        }
      };
    }
  }

  @Test
  void fullDisk_refuses_andLaterGoesOn() {
    Disk disk = new Disk();
    try (Spool spool = Spool.open(directory, 1 << 20, 4096, disk::open);
        SpoolCursor cursor = spool.cursor(0)) {
      spool.append(records("a"));
      disk.full = true;
      assertThatThrownBy(() -> spool.append(records("lost", "too")))
          .isInstanceOf(SpoolFull.class)
          .hasMessageContaining("FLX-SPOOL-0002")
          .hasMessageContaining("No space left on device");
      assertThat(read(cursor)).containsExactly("a");
      disk.full = false;
      spool.append(records("b"));
      assertThat(read(cursor)).containsExactly("b");
    }
    assertThat(readAll()).containsExactly("a", "b");
  }

  @Test
  void failedFsync_takesNothingAnyMore_untilItIsOpenedAnew() {
    Disk disk = new Disk();
    Spool spool = Spool.open(directory, 1 << 20, 4096, disk::open);
    spool.append(records("a"));
    disk.broken = true;
    assertThatThrownBy(() -> spool.append(records("b"))).hasMessageContaining("FLX-SPOOL-0003");
    disk.broken = false;
    assertThatThrownBy(() -> spool.append(records("c"))).hasMessageContaining("FLX-SPOOL-0003");
    assertThat(spool.end()).isEqualTo(1);
    spool.close();
    try (Spool again = open()) {
      again.append(records("d"));
    }
    assertThat(readAll()).startsWith("a").endsWith("d").doesNotContain("c");
  }

  @Test
  void waitingAppends_shareAnFsync() throws InterruptedException {
    Disk disk = new Disk();
    try (Spool spool = Spool.open(directory, 1 << 20, 1 << 20, disk::open)) {
      int before = disk.syncs.get();
      CountDownLatch release = new CountDownLatch(1);
      disk.hold = release;
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Thread thread = new Thread(() -> spool.append(records("x")));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
      assertThat(spool.end()).as("nothing is on the disk").isZero();
      release.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(spool.end()).isEqualTo(20);
      assertThat(disk.syncs.get() - before).isEqualTo(2);
    }
  }

  @Test
  void appendsOfManyThreads_areAllThereInTheirOrder() throws InterruptedException {
    try (Spool spool = Spool.open(directory, 1 << 20, 8192)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        threads.add(
            new Thread(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    spool.append(records(thread + " " + i + " ".repeat(100)));
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertOrdered(readAll(), new long[] {99, 99, 99, 99}, true);
  }

  /** Each thread's records are 0, 1, 2 … without a gap, at least up to what was acknowledged. */
  private static void assertOrdered(List<String> found, long[] acknowledged, boolean exactly) {
    long[] next = new long[acknowledged.length];
    for (String text : found) {
      String[] words = text.split(" ");
      int thread = Integer.parseInt(words[0]);
      assertThat(Long.parseLong(words[1])).as("record of thread " + thread).isEqualTo(next[thread]);
      next[thread]++;
    }
    for (int t = 0; t < next.length; t++) {
      assertThat(next[t]).as("records of thread " + t).isGreaterThan(acknowledged[t]);
      if (exactly) {
        assertThat(next[t]).isEqualTo(acknowledged[t] + 1);
      }
    }
  }

  @Test
  void killedProcess_losesAndRepeatsNothingThatWasAcknowledged() throws Exception {
    for (int wanted : new int[] {1, 50, 300}) {
      long[] acknowledged = {-1, -1, -1};
      Path crashed = directory.resolve("crash" + wanted);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  SpoolAppender.class.getName(),
                  crashed.toString(),
                  "3")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
        int lines = 0;
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          String[] words = line.split(" ");
          if (words.length == 2 && !words[1].isEmpty()) {
            int thread = Integer.parseInt(words[0]);
            // The kill may have cut off the last line: a smaller number claims less.
            acknowledged[thread] = Math.max(acknowledged[thread], Long.parseLong(words[1]));
          }
          if (++lines == wanted) {
            // Not the process itself: that would close what it has said.
            process.toHandle().destroyForcibly();
          }
        }
        assertThat(lines).isGreaterThanOrEqualTo(wanted);
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      try (Spool spool = Spool.open(crashed, 1L << 30, 64 * 1024);
          SpoolCursor cursor = spool.cursor(0)) {
        assertOrdered(read(cursor), acknowledged, false);
      }
    }
  }
}
