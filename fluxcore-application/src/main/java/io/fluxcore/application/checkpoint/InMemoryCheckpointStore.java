package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Keeps checkpoints on the heap as long as the process lives: the reference for what a store does,
 * and what jobs without a data directory use.
 */
public final class InMemoryCheckpointStore implements CheckpointStore {
  private final Map<CheckpointLocation, Stored> complete = new LinkedHashMap<>();
  private final Map<CheckpointLocation, Writing> writing = new LinkedHashMap<>();
  private final Map<JobId, Map<String, byte[]>> files = new LinkedHashMap<>();

  /** A complete checkpoint. */
  private record Stored(byte[] manifest, SortedMap<String, byte[]> parts, Set<String> shared) {}

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public synchronized CheckpointWriter begin(CheckpointLocation location) throws IOException {
    if (complete.containsKey(location) || writing.containsKey(location)) {
      throw new IOException("there is a checkpoint " + location + " already");
    }
    Writing writer = new Writing(location);
    writing.put(location, writer);
    return writer;
  }

  @Override
  public synchronized StoredCheckpoint open(CheckpointLocation location) throws IOException {
    return new Reading(location, stored(location));
  }

  private synchronized Stored stored(CheckpointLocation location) throws IOException {
    Stored stored = complete.get(location);
    if (stored == null) {
      throw new FileNotFoundException("there is no checkpoint " + location);
    }
    return stored;
  }

  @Override
  public synchronized List<CheckpointLocation> list(JobId job) {
    return complete.keySet().stream().filter(location -> location.job().equals(job)).toList();
  }

  @Override
  public synchronized void delete(CheckpointLocation location) {
    Stored stored = complete.remove(location);
    if (stored != null) {
      forget(location.job(), stored.shared());
    }
  }

  /** Drops those of these shared files that nobody refers to. */
  private void forget(JobId job, Set<String> names) {
    Set<String> unused = new HashSet<>(names);
    complete.forEach(
        (location, stored) -> {
          if (location.job().equals(job)) {
            unused.removeAll(stored.shared());
          }
        });
    writing.forEach(
        (location, writer) -> {
          if (location.job().equals(job)) {
            unused.removeAll(writer.shared);
          }
        });
    filesOf(job).keySet().removeAll(unused);
  }

  private Map<String, byte[]> filesOf(JobId job) {
    return files.computeIfAbsent(job, j -> new LinkedHashMap<>());
  }

  @Override
  public synchronized void sweep(JobId job, Predicate<String> keep) {
    Predicate<CheckpointLocation> goes = at -> at.job().equals(job) && !keep.test(at.name());
    complete.keySet().removeIf(goes);
    writing.keySet().removeIf(goes);
    forget(job, Set.copyOf(filesOf(job).keySet()));
  }

  /** A checkpoint that is being written. */
  private final class Writing implements CheckpointWriter {
    private final CheckpointLocation location;
    private final SortedMap<String, byte[]> parts = new TreeMap<>();
    private final Set<String> open = new HashSet<>();
    private final Set<String> shared = new HashSet<>();

    Writing(CheckpointLocation location) {
      this.location = location;
    }

    @Override
    public OutputStream part(String name) throws IOException {
      synchronized (InMemoryCheckpointStore.this) {
        if (!open.add(name)) {
          throw new IOException("there is a part '" + name + "' already");
        }
      }
      return new ByteArrayOutputStream() {
        @Override
        public void close() {
          synchronized (InMemoryCheckpointStore.this) {
            parts.put(name, toByteArray());
          }
        }
      };
    }

    @Override
    public void share(String name, Payload content) throws IOException {
      byte[] bytes = content.bytes();
      synchronized (InMemoryCheckpointStore.this) {
        filesOf(location.job()).put(name, bytes);
        shared.add(name);
      }
    }

    @Override
    public void reuse(String name) throws IOException {
      synchronized (InMemoryCheckpointStore.this) {
        if (!filesOf(location.job()).containsKey(name)) {
          throw new FileNotFoundException("there is no shared file '" + name + "'");
        }
        shared.add(name);
      }
    }

    @Override
    public void complete(byte[] manifest) throws IOException {
      synchronized (InMemoryCheckpointStore.this) {
        if (!writing.remove(location, this)) {
          throw new IOException("checkpoint " + location + " was swept away");
        }
        complete.put(location, new Stored(manifest.clone(), parts, shared));
      }
    }

    @Override
    public void close() {
      synchronized (InMemoryCheckpointStore.this) {
        if (writing.remove(location, this)) {
          forget(location.job(), shared);
        }
      }
    }
  }

  /** A complete checkpoint that is read; a deleted one cannot be read any more. */
  private final class Reading implements StoredCheckpoint {
    private final CheckpointLocation location;
    private final Stored stored;

    Reading(CheckpointLocation location, Stored stored) {
      this.location = location;
      this.stored = stored;
    }

    @Override
    public CheckpointLocation location() {
      return location;
    }

    @Override
    public byte[] manifest(int limit) throws IOException {
      byte[] manifest = stored(location).manifest();
      if (manifest.length > limit) {
        throw new IOException("the manifest has " + manifest.length + " bytes");
      }
      return manifest.clone();
    }

    @Override
    public List<String> parts() {
      return new ArrayList<>(stored.parts().keySet());
    }

    private byte[] contentOf(String name) throws IOException {
      byte[] bytes = stored(location).parts().get(name);
      if (bytes == null) {
        throw new FileNotFoundException("checkpoint " + location + " has no part '" + name + "'");
      }
      return bytes;
    }

    @Override
    public Payload part(String name) throws IOException {
      return part(name, 0, contentOf(name).length);
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
          byte[] bytes = contentOf(name);
          if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new EOFException("part '" + name + "' of " + location + " is too short");
          }
          return new ByteArrayInputStream(bytes, (int) offset, (int) length);
        }
      };
    }

    @Override
    public Payload shared(String name) throws IOException {
      synchronized (InMemoryCheckpointStore.this) {
        byte[] bytes = filesOf(location.job()).get(name);
        if (bytes == null || !stored.shared().contains(name)) {
          throw new FileNotFoundException(
              "checkpoint " + location + " has no shared file '" + name + "'");
        }
        return Payload.of(bytes);
      }
    }
  }
}
