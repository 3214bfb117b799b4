package io.fluxcore.application.checkpoint.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link CheckpointStore} does. */
public abstract class CheckpointStoreContract {
  private static final JobId JOB = new JobId("job_1");
  private static final JobId OTHER = new JobId("job_2");

  /** The store under test, empty at the first call of a test; the same bytes at every call. */
  protected abstract CheckpointStore store();

  private static CheckpointLocation at(String name) {
    return new CheckpointLocation(JOB, name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void part(CheckpointWriter writer, String name, byte[] content)
      throws IOException {
    try (OutputStream out = writer.part(name)) {
      out.write(content);
    }
  }

  private void write(CheckpointLocation location, String... shared) throws IOException {
    try (CheckpointWriter writer = store().begin(location)) {
      part(writer, "a.part", bytes("part of " + location.name()));
      for (String name : shared) {
        writer.share(name, Payload.of(bytes("file " + name)));
      }
      writer.complete(bytes("manifest of " + location.name()));
    }
  }

  private String manifest(CheckpointLocation location) throws IOException {
    return new String(store().open(location).manifest(1000), StandardCharsets.UTF_8);
  }

  @Test
  public void completeCheckpoint_isReadAsItWasWritten() throws IOException {
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    try (CheckpointWriter writer = store().begin(at("chk-1-1"))) {
      part(writer, "op-1.part", large);
      part(writer, "op-2.part", new byte[0]);
      writer.share("0001.sst", Payload.of(bytes("shared")));
      writer.complete(bytes("manifest"));
    }
    StoredCheckpoint stored = store().open(at("chk-1-1"));
    assertThat(stored.location()).isEqualTo(at("chk-1-1"));
    assertThat(stored.manifest(8)).isEqualTo(bytes("manifest"));
    assertThat(stored.parts()).containsExactly("op-1.part", "op-2.part");
    assertThat(stored.part("op-1.part").size()).isEqualTo(large.length);
    assertThat(stored.part("op-1.part").bytes()).isEqualTo(large);
    assertThat(stored.part("op-2.part").bytes()).isEmpty();
    assertThat(stored.shared("0001.sst").bytes()).isEqualTo(bytes("shared"));
    assertThat(store().list(JOB)).containsExactly(at("chk-1-1"));
    assertThat(store().list(OTHER)).isEmpty();
  }

  @Test
  public void pieceOfAPart_isReadAlone_andAnyNumberOfTimes() throws IOException {
    write(at("chk-1-1"));
    Payload piece = store().open(at("chk-1-1")).part("a.part", 5, 2);
    assertThat(piece.size()).isEqualTo(2);
    for (int time = 0; time < 2; time++) {
      try (InputStream in = piece.open()) {
        assertThat(in.readAllBytes()).isEqualTo(bytes("of"));
      }
    }
    piece.verify();
    assertThat(store().open(at("chk-1-1")).part("a.part", 5, 0).bytes()).isEmpty();
  }

  @Test
  public void pieceBeyondAPart_isRefused() throws IOException {
    write(at("chk-1-1"));
    StoredCheckpoint stored = store().open(at("chk-1-1"));
    long size = stored.part("a.part").size();
    for (Payload piece :
        List.of(
            stored.part("a.part", size - 1, 2),
            stored.part("a.part", size + 1, 1),
            stored.part("a.part", 1, Long.MAX_VALUE),
            stored.part("b.part", 0, 1))) {
      assertThatThrownBy(piece::verify).isInstanceOf(IOException.class);
    }
  }

  @Test
  public void manifest_beyondTheLimit_isRefused() throws IOException {
    write(at("chk-1-1"));
    assertThatThrownBy(() -> store().open(at("chk-1-1")).manifest(3))
        .isInstanceOf(IOException.class);
  }

  @Test
  public void incompleteCheckpoint_isNotThere() throws IOException {
    CheckpointWriter writer = store().begin(at("chk-1-1"));
    part(writer, "a.part", bytes("x"));
    assertThat(store().list(JOB)).isEmpty();
    assertThatThrownBy(() -> store().open(at("chk-1-1"))).isInstanceOf(FileNotFoundException.class);
    writer.close();
    assertThat(store().list(JOB)).isEmpty();
    write(at("chk-1-1"));
    assertThat(manifest(at("chk-1-1"))).isEqualTo("manifest of chk-1-1");
  }

  @Test
  public void location_isUsedOnce() throws IOException {
    write(at("chk-1-1"));
    assertThatThrownBy(() -> store().begin(at("chk-1-1"))).isInstanceOf(IOException.class);
    assertThat(manifest(at("chk-1-1"))).isEqualTo("manifest of chk-1-1");
  }

  @Test
  public void part_isWrittenOnce() throws IOException {
    try (CheckpointWriter writer = store().begin(at("chk-1-1"))) {
      part(writer, "a.part", bytes("x"));
      assertThatThrownBy(() -> writer.part("a.part")).isInstanceOf(IOException.class);
    }
  }

  @Test
  public void missingPartsAndFiles_areNamed() throws IOException {
    write(at("chk-1-1"), "1.sst");
    write(at("chk-2-1"));
    StoredCheckpoint stored = store().open(at("chk-2-1"));
    assertThatThrownBy(() -> stored.part("z.part"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("z.part");
    assertThatThrownBy(() -> stored.shared("1.sst"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("1.sst");
  }

  @Test
  public void sharedFile_livesAsLongAsACheckpointRefersToIt() throws IOException {
    write(at("chk-1-1"), "1.sst", "2.sst");
    try (CheckpointWriter writer = store().begin(at("chk-2-1"))) {
      writer.reuse("2.sst");
      writer.share("3.sst", Payload.of(bytes("file 3.sst")));
      assertThatThrownBy(() -> writer.reuse("9.sst")).isInstanceOf(FileNotFoundException.class);
      writer.complete(bytes("m"));
    }
    store().delete(at("chk-1-1"));
    assertThat(store().list(JOB)).containsExactly(at("chk-2-1"));
    assertThat(store().open(at("chk-2-1")).shared("2.sst").bytes()).isEqualTo(bytes("file 2.sst"));
    try (CheckpointWriter writer = store().begin(at("chk-3-1"))) {
      assertThatThrownBy(() -> writer.reuse("1.sst")).isInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  public void sharedFile_thatIsBeingReused_survivesADelete() throws IOException {
    write(at("chk-1-1"), "1.sst");
    try (CheckpointWriter writer = store().begin(at("chk-2-1"))) {
      writer.reuse("1.sst");
      store().delete(at("chk-1-1"));
      writer.complete(bytes("m"));
    }
    assertThat(store().open(at("chk-2-1")).shared("1.sst").bytes()).isEqualTo(bytes("file 1.sst"));
  }

  @Test
  public void sharedFile_ofAGivenUpCheckpoint_isWrittenAgain() throws IOException {
    try (CheckpointWriter writer = store().begin(at("chk-1-1"))) {
      writer.share("1.sst", Payload.of(bytes("never finished")));
    }
    write(at("chk-2-1"), "1.sst");
    assertThat(store().open(at("chk-2-1")).shared("1.sst").bytes()).isEqualTo(bytes("file 1.sst"));
  }

  @Test
  public void delete_touchesNothingElse_andIsIdempotent() throws IOException {
    write(at("chk-1-1"), "1.sst");
    write(at("sp-1"));
    write(new CheckpointLocation(OTHER, "chk-1-1"), "1.sst");
    store().delete(at("chk-1-1"));
    store().delete(at("chk-1-1"));
    assertThat(store().list(JOB)).containsExactly(at("sp-1"));
    assertThatThrownBy(() -> store().open(at("chk-1-1"))).isInstanceOf(FileNotFoundException.class);
    StoredCheckpoint others = store().open(new CheckpointLocation(OTHER, "chk-1-1"));
    assertThat(others.shared("1.sst").bytes()).isEqualTo(bytes("file 1.sst"));
  }

  @Test
  public void sweep_leavesWhatIsKept() throws IOException {
    write(at("chk-1-1"), "1.sst");
    write(at("chk-2-1"), "2.sst");
    write(at("sp-1"));
    write(new CheckpointLocation(OTHER, "chk-1-1"), "1.sst");
    CheckpointWriter abandoned = store().begin(at("chk-3-1"));
    part(abandoned, "a.part", bytes("x"));
    abandoned.share("3.sst", Payload.of(bytes("x")));
    store().sweep(JOB, Set.of("chk-2-1", "sp-1")::contains);
    assertThat(store().list(JOB)).containsExactlyInAnyOrder(at("chk-2-1"), at("sp-1"));
    assertThat(store().open(at("chk-2-1")).shared("2.sst").bytes()).isEqualTo(bytes("file 2.sst"));
    assertThat(store().list(OTHER)).hasSize(1);
    assertThatThrownBy(() -> abandoned.complete(bytes("m"))).isInstanceOf(IOException.class);
    assertThat(store().list(JOB)).hasSize(2);
    abandoned.close();
    try (CheckpointWriter writer = store().begin(at("chk-4-2"))) {
      assertThatThrownBy(() -> writer.reuse("1.sst")).isInstanceOf(FileNotFoundException.class);
      assertThatThrownBy(() -> writer.reuse("3.sst")).isInstanceOf(FileNotFoundException.class);
    }
  }

  @Test
  public void parts_areWrittenByManyThreadsAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (CheckpointWriter writer = store().begin(at("chk-1-1"))) {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int number = i;
        futures.add(
            threads.submit(
                () -> {
                  part(writer, "p" + number, bytes("content " + number));
                  writer.share("s" + number, Payload.of(bytes("shared " + number)));
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
      writer.complete(bytes("m"));
    } finally {
      threads.shutdown();
    }
    StoredCheckpoint stored = store().open(at("chk-1-1"));
    assertThat(stored.parts()).hasSize(16);
    for (int i = 0; i < 16; i++) {
      assertThat(stored.part("p" + i).bytes()).isEqualTo(bytes("content " + i));
      assertThat(stored.shared("s" + i).bytes()).isEqualTo(bytes("shared " + i));
    }
  }

  /** Random checkpoints, deleted in random order, next to a model that counts references. */
  @Test
  public void references_areCountedLikeTheModel() throws IOException {
    long seed = 42;
    Random random = new Random(seed);
    Map<CheckpointLocation, Set<String>> model = new HashMap<>();
    int next = 0;
    for (int step = 0; step < 60; step++) {
      if (!model.isEmpty() && random.nextInt(5) < 2) {
        CheckpointLocation gone = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
        store().delete(gone);
        model.remove(gone);
      } else {
        CheckpointLocation location = at("chk-" + step + "-1");
        Set<String> refers = new HashSet<>();
        try (CheckpointWriter writer = store().begin(location)) {
          Set<String> known = new HashSet<>();
          model.values().forEach(known::addAll);
          for (String name : known) {
            if (random.nextBoolean()) {
              writer.reuse(name);
              refers.add(name);
            }
          }
          for (int fresh = random.nextInt(3); fresh > 0; fresh--) {
            String name = "f" + next++;
            writer.share(name, Payload.of(bytes("file " + name)));
            refers.add(name);
          }
          if (random.nextInt(6) > 0) {
            writer.complete(bytes("m"));
            model.put(location, refers);
          }
        }
      }
      for (Map.Entry<CheckpointLocation, Set<String>> one : model.entrySet()) {
        StoredCheckpoint stored = store().open(one.getKey());
        for (String name : one.getValue()) {
          assertThat(stored.shared(name).bytes())
              .as("seed %d", seed)
              .isEqualTo(bytes("file " + name));
        }
      }
      assertThat(store().list(JOB)).containsExactlyInAnyOrderElementsOf(model.keySet());
    }
  }
}
