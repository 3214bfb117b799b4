package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.SnapshotManifest.Entry;
import io.fluxcore.application.checkpoint.SnapshotManifest.File;
import io.fluxcore.application.checkpoint.SnapshotManifest.Group;
import io.fluxcore.application.checkpoint.SnapshotManifest.Native;
import io.fluxcore.application.checkpoint.SnapshotManifest.OperatorPart;
import io.fluxcore.application.checkpoint.SnapshotManifest.Part;
import io.fluxcore.application.checkpoint.SnapshotManifest.Piece;
import io.fluxcore.application.checkpoint.SnapshotManifest.SharedFile;
import io.fluxcore.application.checkpoint.SnapshotManifest.State;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A snapshot in a store, opened: its manifest is whole, its files are there and as large as they
 * must be. What they hold is checked when it is read.
 */
public final class StoredSnapshot {
  private final StoredCheckpoint stored;
  private final SnapshotManifest manifest;

  private StoredSnapshot(StoredCheckpoint stored, SnapshotManifest manifest) {
    this.stored = stored;
    this.manifest = manifest;
  }

  /**
   * Opens a snapshot.
   *
   * @throws IOException if it is missing, damaged, of a later version, or cut off
   */
  public static StoredSnapshot open(CheckpointStore store, CheckpointLocation location)
      throws IOException {
    StoredCheckpoint stored = store.open(location);
    SnapshotManifest manifest = ManifestCodec.read(stored.manifest(ManifestCodec.LIMIT));
    if (!manifest.jobId().equals(location.job().value())) {
      throw new SnapshotUnusable(
          "it is a snapshot of " + manifest.jobId() + ", not of " + location.job());
    }
    for (Part part : manifest.parts()) {
      checkSize("part '" + part.name() + "'", stored.part(part.name()).size(), part.size());
    }
    for (SharedFile file : manifest.shared()) {
      checkSize("file '" + file.name() + "'", stored.shared(file.name()).size(), file.size());
    }
    return new StoredSnapshot(stored, manifest);
  }

  private static void checkSize(String what, long found, long wanted) throws SnapshotUnusable {
    if (found != wanted) {
      throw new SnapshotUnusable(what + " has " + found + " bytes instead of " + wanted);
    }
  }

  public SnapshotManifest manifest() {
    return manifest;
  }

  StoredCheckpoint stored() {
    return stored;
  }

  /** The snapshot, whose keyed payloads are read when they are asked for. */
  public JobSnapshot snapshot() throws IOException {
    Map<String, OperatorSnapshot> operators = new LinkedHashMap<>();
    for (OperatorPart operator : manifest.operators()) {
      operators.put(operator.operatorId(), operator(operator));
    }
    return new JobSnapshot(manifest.checkpointId(), manifest.maxParallelism(), operators);
  }

  private OperatorSnapshot operator(OperatorPart part) throws IOException {
    OperatorSnapshot.Builder builder = OperatorSnapshot.builder(part.operatorId());
    try {
      for (State state : part.states()) {
        for (Group group : state.groups()) {
          String what =
              "state '"
                  + state.name()
                  + "' of '"
                  + part.operatorId()
                  + "', key group "
                  + group.keyGroup();
          builder.keyed(state.name(), group.keyGroup(), payload(group.piece(), what));
        }
      }
      for (Native own : part.natives()) {
        List<NativeFile> files = new ArrayList<>();
        for (File file : own.files()) {
          files.add(file(part.operatorId(), file));
        }
        KeyGroupRange range = new KeyGroupRange(own.firstKeyGroup(), own.lastKeyGroup());
        builder.nativeState(new NativeSnapshot(own.backend(), range, own.metadata(), files));
      }
      for (Entry entry : part.entries()) {
        for (Piece piece : entry.pieces()) {
          String what = "entry '" + entry.name() + "' of '" + part.operatorId() + "'";
          builder.entry(entry.name(), payload(piece, what).bytes());
        }
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SnapshotUnusable("the manifest is damaged: " + e.getMessage());
    }
    return builder.build();
  }

  private NativeFile file(String operatorId, File file) throws IOException {
    Piece piece = file.piece();
    if (piece != null) {
      String what = "file '" + file.name() + "' of '" + operatorId + "'";
      return new NativeFile(file.name(), false, payload(piece, what));
    }
    SharedFile shared = manifest.shared().get(file.shared());
    return new NativeFile(file.name(), true, new Shared(stored.shared(shared.name()), shared));
  }

  private Payload payload(Piece piece, String what) {
    String part = manifest.parts().get(piece.part()).name();
    Payload raw = stored.part(part, piece.offset(), piece.stored());
    return new Checked(raw, piece, what + " in part '" + part + "' of " + stored.location());
  }

  /** Reads everything. */
  public void verify() throws IOException {
    JobSnapshot snapshot = snapshot();
    for (OperatorSnapshot operator : snapshot.operators().values()) {
      for (Map<Integer, Payload> groups : operator.keyed().values()) {
        for (Payload payload : groups.values()) {
          payload.verify();
        }
      }
      for (NativeSnapshot own : operator.natives()) {
        for (NativeFile file : own.files()) {
          file.content().verify();
        }
      }
    }
  }

  /** A piece of a part. */
  private record Checked(Payload raw, Piece piece, String what) implements Payload {
    @Override
    public long size() {
      return piece.length();
    }

    @Override
    public InputStream open() throws IOException {
      if (piece.length() == 0) {
        return InputStream.nullInputStream();
      }
      return new Chunks.In(raw.open(), piece.length(), piece.checksum(), what);
    }
  }

  /**
   * A shared file. One that is near is read once to see whether it is whole, before anything is
   * handed out. One that is far is checked as it is read, so that it comes once: what is damaged
   * ends with an error in place of its last bytes.
   */
  private static final class Shared implements Payload {
    private final Payload raw;
    private final SharedFile file;
    private volatile boolean verified;

    Shared(Payload raw, SharedFile file) {
      this.raw = raw;
      this.file = file;
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public InputStream open() throws IOException {
      if (raw.localFile().isPresent()) {
        verify();
      }
      return verified || file.size() == 0 ? raw.open() : new Checking(raw.open());
    }

    private SnapshotUnusable damaged() {
      return new SnapshotUnusable(
          "file '" + file.name() + "' is damaged: its checksum does not match");
    }

    @Override
    public Optional<String> localFile() {
      return raw.localFile();
    }

    @Override
    public void verify() throws IOException {
      if (!verified) {
        if (raw.size() != file.size() || SnapshotWriter.checksum(raw) != file.checksum()) {
          throw damaged();
        }
        verified = true;
      }
    }

    /** Hands the last bytes out only if all were right. */
    private final class Checking extends InputStream {
      private final InputStream in;
      private final CRC32C crc = new CRC32C();
      private long left = file.size();

      Checking(InputStream in) {
        this.in = in;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int off, int len) throws IOException {
        if (len == 0) {
          return 0;
        }
        if (left == 0) {
          return -1;
        }
        int read = in.read(bytes, off, (int) Math.min(len, left));
        if (read < 0) {
          throw damaged();
        }
        crc.update(bytes, off, read);
        left -= read;
        if (left == 0) {
          if ((int) crc.getValue() != file.checksum()) {
            throw damaged();
          }
          verified = true;
        }
        return read;
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    }
  }
}
