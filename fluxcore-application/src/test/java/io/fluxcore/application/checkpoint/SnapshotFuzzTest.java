package io.fluxcore.application.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SnapshotFormat;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real snapshots, damaged in thousands of ways: each is either refused, or restores exactly what
 * was written.
 */
@Timeout(240)
class SnapshotFuzzTest {
  private static final String MANIFEST = "MANIFEST";

  /** The files of a stored snapshot by name, shared ones with a slash before it. */
  private static Map<String, byte[]> files(CheckpointStore store, CheckpointLocation location)
      throws IOException {
    StoredSnapshot stored = StoredSnapshot.open(store, location);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MANIFEST, stored.stored().manifest(1 << 20));
    for (String part : stored.stored().parts()) {
      files.put(part, stored.stored().part(part).bytes());
    }
    for (SnapshotManifest.SharedFile file : stored.manifest().shared()) {
      files.put("/" + file.name(), stored.stored().shared(file.name()).bytes());
    }
    return files;
  }

  /** A store of these files. */
  private record Given(Map<String, byte[]> files) implements CheckpointStore, StoredCheckpoint {
    @Override
    public String description() {
      return "given";
    }

    @Override
    public boolean isDurable() {
      return true;
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public CheckpointWriter begin(CheckpointLocation location) {
      throw new AssertionError();
    }

    @Override
    public StoredCheckpoint open(CheckpointLocation location) {
      return this;
    }

    @Override
    public List<CheckpointLocation> list(JobId job) {
      throw new AssertionError();
    }

    @Override
    public void delete(CheckpointLocation location) {
      throw new AssertionError();
    }

    @Override
    public void sweep(JobId job, Predicate<String> keep) {
      throw new AssertionError();
    }

    @Override
    public CheckpointLocation location() {
      return new CheckpointLocation(Snapshots.JOB, "x");
    }

    @Override
    public byte[] manifest(int limit) throws IOException {
      return file(MANIFEST).clone();
    }

    private byte[] file(String name) throws IOException {
      byte[] bytes = files.get(name);
      if (bytes == null) {
        throw new FileNotFoundException(name);
      }
      return bytes;
    }

    @Override
    public List<String> parts() {
      throw new AssertionError();
    }

    @Override
    public Payload part(String name) throws IOException {
      return Payload.of(file(name));
    }

    @Override
    public Payload part(String name, long offset, long length) {
      return new Payload() {
        @Override
        public long size() {
          return length;
        }

        @Override
        public InputStream open() throws IOException {
          byte[] bytes = file(name);
          if (offset > bytes.length - length) {
            throw new EOFException(name);
          }
          return new ByteArrayInputStream(bytes, (int) offset, (int) length);
        }
      };
    }

    @Override
    public Payload shared(String name) throws IOException {
      return Payload.of(file("/" + name));
    }
  }

  private static Map<String, String> restore(Map<String, byte[]> files) throws IOException {
    StoredSnapshot stored =
        StoredSnapshot.open(new Given(files), new CheckpointLocation(Snapshots.JOB, "x"));
    JobSnapshot snapshot = stored.snapshot();
    Map<String, String> all = new LinkedHashMap<>(Snapshots.rest(snapshot));
    if (stored.manifest().format() == SnapshotFormat.CANONICAL) {
      all.putAll(Snapshots.contents(snapshot));
    }
    return all;
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    if (damaged.length == 0) {
      return new byte[] {1};
    }
    int at = random.nextInt(damaged.length);
    int to = Math.min(damaged.length, at + 1 + random.nextInt(200));
    switch (random.nextInt(7)) {
      case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> damaged = Arrays.copyOf(damaged, at);
      case 2 -> Arrays.fill(damaged, at, to, (byte) 0);
      case 3 -> {
        for (int i = at; i < to; i++) {
          damaged[i] = (byte) random.nextInt();
        }
      }
      case 4 -> { // a piece is written twice
        int length = Math.min(to - at, damaged.length - to);
        System.arraycopy(damaged, at, damaged, to, Math.max(0, length));
      }
      case 5 -> { // bytes are missing in the middle
        byte[] shorter = new byte[damaged.length - (to - at)];
        System.arraycopy(damaged, 0, shorter, 0, at);
        System.arraycopy(damaged, to, shorter, at, damaged.length - to);
        damaged = shorter;
      }
      default -> damaged = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(50));
    }
    return damaged;
  }

  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void damagedSnapshot_isRefused_orRestoresWhatWasWritten(SnapshotFormat format)
      throws IOException {
    CheckpointStorage storage = CheckpointStorage.inMemory(Snapshots.TIME);
    Map<String, byte[]> original = files(storage.store(), Snapshots.write(storage, format));
    Map<String, String> expected = restore(original);
    assertThat(expected).hasSizeGreaterThan(format == SnapshotFormat.CANONICAL ? 150 : 12);
    List<String> names = List.copyOf(original.keySet());
    long seed = 20260301;
    Random random = new Random(seed);
    int refused = 0;
    int rounds = 4_000;
    for (int round = 0; round < rounds; round++) {
      Map<String, byte[]> files = new LinkedHashMap<>(original);
      String name = names.get(random.nextInt(names.size()));
      int way = random.nextInt(20);
      if (way == 0) {
        files.remove(name);
      } else if (way == 1) {
        files.put(name, original.get(names.get(random.nextInt(names.size()))));
      } else {
        files.put(name, damage(files.get(name), random));
      }
      String what = "seed " + seed + ", round " + round + ", " + name;
      try {
        assertThat(restore(files)).as(what).isEqualTo(expected);
      } catch (IOException | FluxCoreException e) {
        refused++;
        assertThat(e.getMessage()).as(what).isNotBlank();
      } catch (RuntimeException | Error e) {
        fail(what, e);
      }
    }
    // What is left is damage to bytes that nobody reads: heads of parts.
    assertThat(refused).isGreaterThan(rounds * 9 / 10);
  }

  /** Manifests that are wrong, but whose checksum is right: nothing hangs, nothing runs wild. */
  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void forgedManifest_isRefused_orRead(SnapshotFormat format) throws IOException {
    CheckpointStorage storage = CheckpointStorage.inMemory(Snapshots.TIME);
    Map<String, byte[]> original = files(storage.store(), Snapshots.write(storage, format));
    long seed = 7;
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      byte[] forged = original.get(MANIFEST).clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(forged.length - 4);
        forged[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xFF;
      }
      CRC32C crc = new CRC32C();
      crc.update(forged, 0, forged.length - 4);
      ByteBuffer.wrap(forged, forged.length - 4, 4).putInt((int) crc.getValue());
      Map<String, byte[]> files = new LinkedHashMap<>(original);
      files.put(MANIFEST, forged);
      try {
        restore(files);
      } catch (IOException | FluxCoreException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", round " + round, e);
      }
    }
  }

  @Test
  void laterVersion_isNamed() throws IOException {
    CheckpointStorage storage = CheckpointStorage.inMemory(Snapshots.TIME);
    Map<String, byte[]> files =
        files(storage.store(), Snapshots.write(storage, SnapshotFormat.CANONICAL));
    byte[] manifest = files.get(MANIFEST);
    manifest[11] = 2;
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> restore(files))
        .isInstanceOf(SnapshotUnusable.class)
        .hasMessageContaining("format version is 2");
  }
}
