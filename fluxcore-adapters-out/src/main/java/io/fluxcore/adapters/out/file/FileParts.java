package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.parts.OpenPart;
import io.fluxcore.adapters.out.parts.PartName;
import io.fluxcore.adapters.out.parts.PartStore;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Parts as files. Used by one thread. */
final class FileParts implements PartStore {
  private final PartNames names;
  private final SinkOwner owner;
  private final Path whole;

  FileParts(PartNames names, WriterContext context) {
    this.names = names;
    this.owner = context.owner();
    this.whole = names.whole(context.subtask(), context.parallelism());
  }

  @Override
  public OpenPart begin(PartName name) throws IOException {
    return new FilePart(
        name, HiddenFile.create(names.writing(name.subtask(), name.number(), owner)));
  }

  @Override
  public void commit(CommitHandle handle) throws IOException {
    FileSink.show(Part.of(handle));
  }

  /** The file that was asked for is there then. */
  @Override
  public boolean keepsEmptyPart() {
    return true;
  }

  @Override
  public FluxCoreException error(IOException failure, String kept) {
    return FileErrors.of(failure, "write", whole, kept);
  }

  @Override
  public void close() {}

  /** A part that is written to, or is whole and waits for its checkpoint. */
  private final class FilePart implements OpenPart {
    private final PartName name;
    private final HiddenFile file;

    FilePart(PartName name, HiddenFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public OutputStream out() {
      return file.out();
    }

    @Override
    public void makeRoom() {}

    @Override
    public void finish() throws IOException {
      file.finish();
    }

    @Override
    public CommitHandle prepare(long checkpointId, boolean isOnly) throws IOException {
      Path visible = isOnly ? whole : names.ofCheckpoint(name, checkpointId);
      Part part = new Part(visible, names.pending(visible, owner));
      FileSink.move(file.path(), part.pending());
      return part.handle();
    }

    @Override
    public void discard() throws IOException {
      file.remove();
    }
  }
}
