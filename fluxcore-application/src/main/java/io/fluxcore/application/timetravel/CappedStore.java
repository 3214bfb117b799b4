package io.fluxcore.application.timetravel;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.InMemoryCheckpointStore;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Keeps checkpoints in memory, of which so many bytes at most are written. Thread-safe. */
final class CappedStore implements CheckpointStore {
  private final CheckpointStore memory = new InMemoryCheckpointStore();
  private final long maxBytes;
  private final AtomicLong written = new AtomicLong();

  CappedStore(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Whether more was to be written. */
  boolean isExceeded() {
    return written.get() > maxBytes;
  }

  private void count(long bytes) throws IOException {
    if (written.addAndGet(bytes) > maxBytes) {
      throw new IOException("the state has more than " + maxBytes + " bytes");
    }
  }

  @Override
  public String description() {
    return memory.description();
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
  public CheckpointWriter begin(CheckpointLocation location) throws IOException {
    CheckpointWriter writer = memory.begin(location);
    return new CheckpointWriter() {
      @Override
      public OutputStream part(String name) throws IOException {
        return new FilterOutputStream(writer.part(name)) {
          @Override
          public void write(int b) throws IOException {
            count(1);
            out.write(b);
          }

          @Override
          public void write(byte[] bytes, int off, int len) throws IOException {
            count(len);
            out.write(bytes, off, len);
          }
        };
      }

      @Override
      public void share(String name, Payload content) throws IOException {
        count(content.size());
        writer.share(name, content);
      }

      @Override
      public void reuse(String name) throws IOException {
        writer.reuse(name);
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

  @Override
  public StoredCheckpoint open(CheckpointLocation location) throws IOException {
    return memory.open(location);
  }

  @Override
  public List<CheckpointLocation> list(JobId job) throws IOException {
    return memory.list(job);
  }

  @Override
  public void delete(CheckpointLocation location) throws IOException {
    memory.delete(location);
  }

  @Override
  public void sweep(JobId job, Predicate<String> keep) throws IOException {
    memory.sweep(job, keep);
  }
}
