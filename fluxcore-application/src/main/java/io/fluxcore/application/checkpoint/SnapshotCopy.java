package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.SnapshotManifest.Part;
import io.fluxcore.application.checkpoint.SnapshotManifest.SharedFile;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Brings a whole snapshot from one place to another: within a store, or into and out of one file,
 * which is
 *
 * <pre>
 *   8 bytes  "FLUXFILE"
 *   i32      format version, 1
 *   i32      length of the manifest, and the manifest
 *   the bytes of each part, and then of each shared file, in the manifest's order
 *   8 bytes  "FLUXDONE"
 * </pre>
 */
final class SnapshotCopy {
  private static final byte[] MAGIC = "FLUXFILE".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "FLUXDONE".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int BUFFER = 64 << 10;

  private SnapshotCopy() {}

  /**
   * Copies a snapshot to a location, under another name, and gives its new manifest.
   *
   * @param keep the operators that the new manifest is to have
   */
  static SnapshotManifest copy(
      StoredSnapshot original,
      Predicate<String> keep,
      CheckpointStore store,
      CheckpointLocation location,
      long checkpointId,
      String savepoint,
      String label,
      String jobName,
      String jobVersion)
      throws IOException {
    SnapshotManifest from = original.manifest();
    SnapshotManifest manifest =
        renamed(from, keep, location, checkpointId, savepoint, label, jobName, jobVersion);
    try (CheckpointWriter writer = store.begin(location)) {
      for (Part part : from.parts()) {
        try (InputStream in = original.stored().part(part.name()).open();
            OutputStream out = writer.part(part.name())) {
          in.transferTo(out);
        }
      }
      for (SharedFile file : from.shared()) {
        writer.share(file.name(), original.stored().shared(file.name()));
      }
      writer.complete(ManifestCodec.write(manifest));
    }
    return manifest;
  }

  private static SnapshotManifest renamed(
      SnapshotManifest from,
      Predicate<String> keep,
      CheckpointLocation location,
      long checkpointId,
      String savepoint,
      String label,
      String jobName,
      String jobVersion) {
    return new SnapshotManifest(
        location.job().value(),
        jobName,
        jobVersion,
        checkpointId,
        savepoint,
        label,
        from.completed(),
        from.format(),
        from.maxParallelism(),
        from.parts(),
        from.shared(),
        from.operators().stream().filter(operator -> keep.test(operator.operatorId())).toList());
  }

  /** Number of bytes that {@link #export} writes. */
  static long exportedBytes(StoredSnapshot snapshot) {
    return MAGIC.length
        + 2L * Integer.BYTES
        + ManifestCodec.write(snapshot.manifest()).length
        + snapshot.manifest().bytes()
        + END.length;
  }

  /** Writes a snapshot as one file; does not close the stream. */
  static void export(StoredSnapshot snapshot, OutputStream target) throws IOException {
    DataOutputStream out = new DataOutputStream(target);
    byte[] manifest = ManifestCodec.write(snapshot.manifest());
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(manifest.length);
    out.write(manifest);
    for (Part part : snapshot.manifest().parts()) {
      try (InputStream in = snapshot.stored().part(part.name()).open()) {
        in.transferTo(out);
      }
    }
    for (SharedFile file : snapshot.manifest().shared()) {
      try (InputStream in = snapshot.stored().shared(file.name()).open()) {
        in.transferTo(out);
      }
    }
    out.write(END);
    out.flush();
  }

  /**
   * Reads the head of an exported file, up to its first part.
   *
   * @throws SnapshotUnusable if it is none, or of a later version
   */
  static SnapshotManifest head(InputStream source) throws IOException {
    DataInputStream in = new DataInputStream(source);
    try {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new SnapshotUnusable("the file is not an exported savepoint");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new SnapshotUnusable(
            "the file's format version is " + version + ", this build reads " + VERSION);
      }
      int length = in.readInt();
      if (length < 0 || length > ManifestCodec.LIMIT) {
        throw new SnapshotUnusable("the file's manifest claims " + length + " bytes");
      }
      return ManifestCodec.read(in.readNBytes(length));
    } catch (EOFException e) {
      throw new SnapshotUnusable("the file ends too early");
    }
  }

  /**
   * Brings the rest of an exported file to a location of its own job. The snapshot must be verified
   * before it is used.
   */
  static SnapshotManifest bring(
      SnapshotManifest head, InputStream source, CheckpointStore store, CheckpointLocation location)
      throws IOException {
    SnapshotManifest manifest =
        renamed(
            head,
            operator -> true,
            location,
            head.checkpointId(),
            location.name(),
            head.label(),
            head.jobName(),
            head.jobVersion());
    if (!manifest.shared().isEmpty()) {
      throw new SnapshotUnusable("it refers to files of other snapshots, so it is no savepoint");
    }
    try (CheckpointWriter writer = store.begin(location)) {
      for (Part part : head.parts()) {
        try (OutputStream out = writer.part(part.name())) {
          transfer(source, out, part.size());
        }
      }
      if (!Arrays.equals(source.readNBytes(END.length), END) || source.read() >= 0) {
        throw new SnapshotUnusable("the file does not end where it should");
      }
      writer.complete(ManifestCodec.write(manifest));
    }
    return manifest;
  }

  private static void transfer(InputStream source, OutputStream target, long size)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = size; left > 0; ) {
      int read = source.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (read < 0) {
        throw new SnapshotUnusable("the file ends too early");
      }
      target.write(buffer, 0, read);
      left -= read;
    }
  }
}
