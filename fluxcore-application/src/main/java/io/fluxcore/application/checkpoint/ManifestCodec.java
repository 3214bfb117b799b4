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
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a {@link SnapshotManifest}, big endian:
 *
 * <pre>
 *   8 bytes  "FLUXSNAP"
 *   i32      format version, 1
 *   text     job id, job name, job version
 *   i64      checkpoint id
 *   text     savepoint id, label
 *   i64      completed, epoch milliseconds
 *   u8       format: 0 canonical, 1 native
 *   i32      number of key groups
 *   i32      number of parts, each: text name, i64 size
 *   i32      number of shared files, each: text name, i64 size, i32 CRC-32C
 *   i32      number of operators, each:
 *              text operator id
 *              i32 number of states, each:
 *                text name, u8 1 and the schema or u8 0,
 *                i32 number of groups, each: i32 key group, piece, i64 entries
 *              i32 number of native states, each:
 *                text backend, i32 first and last key group, i32 length of metadata, metadata,
 *                i32 number of files, each: text name, i32 number of the shared file,
 *                  or i32 -1 and piece
 *              i32 number of entry names, each: text name, i32 number of pieces, each: piece
 *   i32      CRC-32C of everything before
 *
 *   text:    i32 length, that many bytes of UTF-8
 *   piece:   i32 part, i64 offset, i64 length, i32 CRC-32C of the payload
 * </pre>
 */
final class ManifestCodec {
  static final int VERSION = 1;

  /** A manifest that claims to be larger is not believed. */
  static final int LIMIT = 256 << 20;

  private static final byte[] MAGIC = "FLUXSNAP".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 12;

  private ManifestCodec() {}

  static byte[] write(SnapshotManifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      out.writeInt(VERSION);
      text(manifest.jobId(), out);
      text(manifest.jobName(), out);
      text(manifest.jobVersion(), out);
      out.writeLong(manifest.checkpointId());
      text(manifest.savepoint(), out);
      text(manifest.label(), out);
      out.writeLong(manifest.completed().toEpochMilli());
      out.writeByte(manifest.format() == SnapshotFormat.CANONICAL ? 0 : 1);
      out.writeInt(manifest.maxParallelism());
      out.writeInt(manifest.parts().size());
      for (Part part : manifest.parts()) {
        text(part.name(), out);
        out.writeLong(part.size());
      }
      out.writeInt(manifest.shared().size());
      for (SharedFile file : manifest.shared()) {
        text(file.name(), out);
        out.writeLong(file.size());
        out.writeInt(file.checksum());
      }
      out.writeInt(manifest.operators().size());
      for (OperatorPart operator : manifest.operators()) {
        write(operator, out);
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes.toByteArray());
      out.writeInt((int) crc.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(OperatorPart operator, DataOutputStream out) throws IOException {
    text(operator.operatorId(), out);
    out.writeInt(operator.states().size());
    for (State state : operator.states()) {
      text(state.name(), out);
      StateSchema schema = state.schema();
      out.writeByte(schema == null ? 0 : 1);
      if (schema != null) {
        schema.write(out);
      }
      out.writeInt(state.groups().size());
      for (Group group : state.groups()) {
        out.writeInt(group.keyGroup());
        piece(group.piece(), out);
        out.writeLong(group.entries());
      }
    }
    out.writeInt(operator.natives().size());
    for (Native state : operator.natives()) {
      text(state.backend(), out);
      out.writeInt(state.firstKeyGroup());
      out.writeInt(state.lastKeyGroup());
      out.writeInt(state.metadata().length);
      out.write(state.metadata());
      out.writeInt(state.files().size());
      for (File file : state.files()) {
        text(file.name(), out);
        out.writeInt(file.shared());
        Piece own = file.piece();
        if (own != null) {
          piece(own, out);
        }
      }
    }
    out.writeInt(operator.entries().size());
    for (Entry entry : operator.entries()) {
      text(entry.name(), out);
      out.writeInt(entry.pieces().size());
      for (Piece piece : entry.pieces()) {
        piece(piece, out);
      }
    }
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void piece(Piece piece, DataOutputStream out) throws IOException {
    out.writeInt(piece.part());
    out.writeLong(piece.offset());
    out.writeLong(piece.length());
    out.writeInt(piece.checksum());
  }

  /**
   * Reads a manifest.
   *
   * @throws SnapshotUnusable if it is not a whole manifest of this format
   */
  static SnapshotManifest read(byte[] bytes) throws SnapshotUnusable {
    if (bytes.length < HEAD + Integer.BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new SnapshotUnusable("the manifest is cut off, or it is not FluxCore's");
    }
    try (In in = new In(bytes)) {
      in.skipNBytes(MAGIC.length);
      int version = in.readInt();
      if (version != VERSION) {
        throw new SnapshotUnusable(
            "the manifest's format version is " + version + ", this build reads " + VERSION);
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, bytes.length - Integer.BYTES);
      if (in.lastInt() != (int) crc.getValue()) {
        throw new SnapshotUnusable("the manifest is damaged: its checksum does not match");
      }
      SnapshotManifest manifest = in.manifest();
      if (in.available() != Integer.BYTES) {
        throw new SnapshotUnusable("the manifest is damaged: it goes on after its end");
      }
      return manifest;
    } catch (SnapshotUnusable e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new SnapshotUnusable("the manifest is damaged: " + e.getMessage());
    }
  }

  /** Reads; no count or length beyond what is left of the bytes is believed. */
  private static final class In extends DataInputStream {
    private final byte[] bytes;

    In(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
      this.bytes = bytes;
    }

    int lastInt() throws IOException {
      try (DataInputStream end =
          new DataInputStream(
              new ByteArrayInputStream(bytes, bytes.length - Integer.BYTES, Integer.BYTES))) {
        return end.readInt();
      }
    }

    SnapshotManifest manifest() throws IOException {
      String jobId = text();
      String jobName = text();
      String jobVersion = text();
      long checkpointId = readLong();
      String savepoint = text();
      String label = text();
      Instant completed = Instant.ofEpochMilli(readLong());
      int format = readUnsignedByte();
      if (format > 1) {
        throw new IOException("there is no format " + format);
      }
      int maxParallelism = readInt();
      List<Part> parts = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        parts.add(new Part(text(), size()));
      }
      List<SharedFile> shared = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        shared.add(new SharedFile(text(), size(), readInt()));
      }
      List<OperatorPart> operators = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        operators.add(operator(parts, shared.size()));
      }
      return new SnapshotManifest(
          jobId,
          jobName,
          jobVersion,
          checkpointId,
          savepoint,
          label,
          completed,
          format == 0 ? SnapshotFormat.CANONICAL : SnapshotFormat.NATIVE,
          maxParallelism,
          parts,
          shared,
          operators);
    }

    private OperatorPart operator(List<Part> parts, int shared) throws IOException {
      String id = text();
      List<State> states = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        String name = text();
        StateSchema schema = readUnsignedByte() == 0 ? null : StateSchema.read(this);
        List<Group> groups = new ArrayList<>();
        for (int more = count(); more > 0; more--) {
          groups.add(new Group(readInt(), piece(parts), readLong()));
        }
        states.add(new State(name, schema, groups));
      }
      List<Native> natives = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        natives.add(nativeState(parts, shared));
      }
      List<Entry> entries = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        String name = text();
        List<Piece> pieces = new ArrayList<>();
        for (int more = count(); more > 0; more--) {
          pieces.add(piece(parts));
        }
        entries.add(new Entry(name, pieces));
      }
      return new OperatorPart(id, states, natives, entries);
    }

    private Native nativeState(List<Part> parts, int shared) throws IOException {
      String backend = text();
      int first = readInt();
      int last = readInt();
      byte[] metadata = bytes(count());
      List<File> files = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        String name = text();
        int number = readInt();
        if (number < -1 || number >= shared) {
          throw new IOException("there is no shared file " + number);
        }
        files.add(new File(name, number, number < 0 ? piece(parts) : null));
      }
      return new Native(backend, first, last, metadata, files);
    }

    private Piece piece(List<Part> parts) throws IOException {
      Piece piece = new Piece(readInt(), readLong(), readLong(), readInt());
      if (piece.part() < 0
          || piece.part() >= parts.size()
          || piece.offset() < 0
          || piece.length() < 0
          || piece.length() > parts.get(piece.part()).size()
          || piece.offset() > parts.get(piece.part()).size() - piece.stored()) {
        throw new IOException("a piece lies outside its part");
      }
      return piece;
    }

    private String text() throws IOException {
      return new String(bytes(count()), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) throws IOException {
      byte[] read = readNBytes(length);
      if (read.length < length) {
        throw new EOFException("it ends too early");
      }
      return read;
    }

    private int count() throws IOException {
      int count = readInt();
      if (count < 0 || count > available()) {
        throw new IOException("it claims " + count + " of something");
      }
      return count;
    }

    private long size() throws IOException {
      long size = readLong();
      if (size < 0) {
        throw new IOException("a file claims " + size + " bytes");
      }
      return size;
    }
  }
}
