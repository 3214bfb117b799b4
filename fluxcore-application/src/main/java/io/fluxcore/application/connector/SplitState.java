package io.fluxcore.application.connector;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a source is in one of its splits: an operator-wide entry of the source's snapshot.
 *
 * @param id of the split
 * @param position where reading goes on, null for the configured start
 * @param ended whether the split has ended for good
 * @param watermark state of its watermark generator, also when it has ended; null where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a snapshot, never compared
public record SplitState(
    String id, @Nullable SplitPosition position, boolean ended, byte @Nullable [] watermark) {
  /** Name of the entry. */
  public static final String ENTRY = "split";

  private static final int FORMAT = 1;

  /** A split that nobody has read yet. */
  public static SplitState fresh(String id) {
    return new SplitState(id, null, false, null);
  }

  /** The bytes that snapshots hold. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(out, id.getBytes(StandardCharsets.UTF_8));
      write(out, position == null ? null : position.text().getBytes(StandardCharsets.UTF_8));
      out.writeBoolean(ended);
      write(out, watermark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  /** What {@link #toBytes} wrote. */
  public static SplitState parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("split state of format " + format + ", not " + FORMAT);
      }
      byte[] id = read(in);
      byte[] position = read(in);
      boolean ended = in.readBoolean();
      byte[] watermark = read(in);
      return new SplitState(
          new String(id == null ? new byte[0] : id, StandardCharsets.UTF_8),
          position == null ? null : new SplitPosition(new String(position, StandardCharsets.UTF_8)),
          ended,
          watermark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte @Nullable [] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }
}
