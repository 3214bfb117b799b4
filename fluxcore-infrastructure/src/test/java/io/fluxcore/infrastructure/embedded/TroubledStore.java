package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.InMemoryCheckpointStore;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.StoreUnavailable;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A store that calls itself durable, and fails, waits and forgets when it is told to. */
final class TroubledStore implements CheckpointStore {
  private final InMemoryCheckpointStore inner = new InMemoryCheckpointStore();

  /** How many of the next snapshots find the disk full. */
  final AtomicInteger full = new AtomicInteger();

  /** Writes of parts wait here. */
  volatile @Nullable CountDownLatch gate;

  final CountDownLatch waiting = new CountDownLatch(1);

  /** Those whose parts are damaged, and those whose manifests are. */
  final Set<CheckpointLocation> damagedParts = new HashSet<>();

  final Set<CheckpointLocation> damagedManifests = new HashSet<>();

  /** How many of the next readings, of a manifest or a piece of a part, get no answer. */
  final AtomicInteger silent = new AtomicInteger();

  final AtomicInteger shared = new AtomicInteger();
  final AtomicInteger reused = new AtomicInteger();

  @Override
  public String description() {
    return "troubled";
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public CheckpointWriter begin(CheckpointLocation location) throws IOException {
    CheckpointWriter writer = inner.begin(location);
    boolean diskFull = full.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    return new CheckpointWriter() {
      @Override
      public OutputStream part(String name) throws IOException {
        return new FilterOutputStream(writer.part(name)) {
          @Override
          public void write(byte[] bytes, int off, int len) throws IOException {
            await();
            if (diskFull) {
              throw new IOException("/checkpoints/0.part: No space left on device");
            }
            out.write(bytes, off, len);
          }
        };
      }

      @Override
      public void share(String name, Payload content) throws IOException {
        shared.incrementAndGet();
        writer.share(name, content);
      }

      @Override
      public void reuse(String name) throws IOException {
        writer.reuse(name);
        reused.incrementAndGet();
      }

      @Override
      public void complete(byte[] manifest) throws IOException {
        writer.complete(manifest);
      }

      @Override
      public void close() {
        writer.close();
      }
    };
  }

  private void await() throws IOException {
    CountDownLatch latch = gate;
    if (latch != null) {
      waiting.countDown();
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("given up");
      }
    }
  }

  private void answer() throws StoreUnavailable {
    if (silent.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StoreUnavailable("the store cannot be reached", new IOException("no route"));
    }
  }

  @Override
  public StoredCheckpoint open(CheckpointLocation location) throws IOException {
    StoredCheckpoint stored = inner.open(location);
    return new StoredCheckpoint() {
      @Override
      public CheckpointLocation location() {
        return location;
      }

      @Override
      public byte[] manifest(int limit) throws IOException {
        answer();
        byte[] bytes = stored.manifest(limit);
        if (damagedManifests.contains(location)) {
          bytes[bytes.length / 2] ^= 1;
        }
        return bytes;
      }

      @Override
      public List<String> parts() throws IOException {
        return stored.parts();
      }

      @Override
      public Payload part(String name) throws IOException {
        return stored.part(name);
      }

      @Override
      public Payload part(String name, long offset, long length) {
        Payload piece = stored.part(name, offset, length);
        return new Payload() {
          @Override
          public long size() {
            return length;
          }

          @Override
          public InputStream open() throws IOException {
            byte[] bytes = piece.bytes();
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains("long")) {
              answer();
            }
            // Only keyed state, which is read late, so that the snapshot opens without complaint.
            boolean keyed = new String(bytes, StandardCharsets.ISO_8859_1).contains("long");
            if (damagedParts.contains(location) && keyed) {
              bytes[bytes.length / 2] ^= 1;
            }
            return new ByteArrayInputStream(bytes);
          }
        };
      }

      @Override
      public Payload shared(String name) throws IOException {
        return stored.shared(name);
      }
    };
  }

  @Override
  public List<CheckpointLocation> list(JobId job) {
    return inner.list(job);
  }

  @Override
  public void delete(CheckpointLocation location) {
    inner.delete(location);
  }

  @Override
  public void sweep(JobId job, Predicate<String> keep) {
    inner.sweep(job, keep);
  }
}
