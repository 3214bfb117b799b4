package io.fluxcore.domain.state;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The canonical format of a {@link JobSnapshot}: what savepoints and moves between backends,
 * parallelisms, versions and runtimes are written in. Big endian:
 *
 * <pre>
 *   8 bytes  "FLUXSNAP"
 *   i32      format version, 1
 *   i64      checkpoint id
 *   i32      number of key groups
 *   i32      number of operators, each:
 *              UTF operator id
 *              i32 number of states, each: UTF name, i32 groups, each: i32 key group, payload
 *              i32 number of entries, each: UTF name, i32 payloads, each: payload
 *   i32      CRC-32C of everything before
 *
 *   payload: i64 length, then chunks of at most 4 MiB: i32 length, bytes, i32 CRC-32C of the bytes
 * </pre>
 *
 * A damaged, torn or foreign stream is refused with what is wrong.
 */
public final class CanonicalSnapshot {
  static final int VERSION = 1;
  static final int CHUNK_BYTES = 4 << 20;

  private static final byte[] MAGIC = {'F', 'L', 'U', 'X', 'S', 'N', 'A', 'P'};

  private CanonicalSnapshot() {}

  /** Writes a snapshot; does not close the stream. */
  public static void write(JobSnapshot snapshot, OutputStream target) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(snapshot.checkpointId());
    out.writeInt(snapshot.maxParallelism());
    out.writeInt(snapshot.operators().size());
    for (OperatorSnapshot operator : snapshot.operators().values()) {
      writeOperator(operator, out);
    }
    out.writeInt((int) checked.getChecksum().getValue());
    out.flush();
  }

  private static void writeOperator(OperatorSnapshot operator, DataOutputStream out)
      throws IOException {
    out.writeUTF(operator.operatorId());
    out.writeInt(operator.keyed().size());
    for (var state : operator.keyed().entrySet()) {
      out.writeUTF(state.getKey());
      out.writeInt(state.getValue().size());
      for (var group : state.getValue().entrySet()) {
        out.writeInt(group.getKey());
        writePayload(group.getValue().bytes(), out);
      }
    }
    out.writeInt(operator.entries().size());
    for (var entry : operator.entries().entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeInt(entry.getValue().size());
      for (byte[] payload : entry.getValue()) {
        writePayload(payload, out);
      }
    }
  }

  private static void writePayload(byte[] payload, DataOutputStream out) throws IOException {
    out.writeLong(payload.length);
    for (int at = 0; at < payload.length; at += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, payload.length - at);
      out.writeInt(length);
      out.write(payload, at, length);
      out.writeInt(crc(payload, at, length));
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /**
   * Reads a snapshot.
   *
   * @throws FluxCoreException if the stream is not a whole snapshot of this format
   */
  public static JobSnapshot read(InputStream source) throws IOException {
    CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
    DataInputStream in = new DataInputStream(checked);
    try {
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw unusable("it is not a FluxCore snapshot");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw unusable("its format version is " + version + ", this build reads " + VERSION);
      }
      long checkpointId = in.readLong();
      int maxParallelism = in.readInt();
      int count = in.readInt();
      Map<String, OperatorSnapshot> operators = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        OperatorSnapshot operator = readOperator(in);
        operators.put(operator.operatorId(), operator);
      }
      int expected = (int) checked.getChecksum().getValue();
      if (in.readInt() != expected) {
        throw unusable("its checksum does not match");
      }
      return new JobSnapshot(checkpointId, maxParallelism, operators);
    } catch (EOFException e) {
      throw unusable("it ends too early");
    } catch (UTFDataFormatException | IllegalStateException e) {
      throw unusable("it is damaged (" + e.getMessage() + ")");
    }
  }

  private static OperatorSnapshot readOperator(DataInputStream in) throws IOException {
    OperatorSnapshot.Builder operator = OperatorSnapshot.builder(in.readUTF());
    int states = in.readInt();
    for (int s = 0; s < states; s++) {
      String name = in.readUTF();
      int groups = in.readInt();
      for (int g = 0; g < groups; g++) {
        operator.keyed(name, in.readInt(), readPayload(in));
      }
    }
    int entries = in.readInt();
    for (int e = 0; e < entries; e++) {
      String name = in.readUTF();
      int payloads = in.readInt();
      for (int p = 0; p < payloads; p++) {
        operator.entry(name, readPayload(in));
      }
    }
    return operator.build();
  }

  private static byte[] readPayload(DataInputStream in) throws IOException {
    long length = in.readLong();
    if (length < 0 || length > Integer.MAX_VALUE - 16) {
      throw unusable("a payload claims " + length + " bytes");
    }
    java.io.ByteArrayOutputStream payload = new java.io.ByteArrayOutputStream();
    while (payload.size() < length) {
      int chunk = in.readInt();
      if (chunk <= 0 || chunk > CHUNK_BYTES) {
        throw unusable("a chunk claims " + chunk + " bytes");
      }
      byte[] bytes = in.readNBytes(chunk);
      if (bytes.length < chunk) {
        throw new EOFException();
      }
      if (in.readInt() != crc(bytes, 0, chunk)) {
        throw unusable("the checksum of a chunk does not match");
      }
      payload.writeBytes(bytes);
    }
    return payload.toByteArray();
  }

  private static FluxCoreException unusable(String why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-STATE-0003",
            Place.WHOLE,
            "the snapshot cannot be used: " + why,
            "restore from another checkpoint or savepoint"));
  }
}
