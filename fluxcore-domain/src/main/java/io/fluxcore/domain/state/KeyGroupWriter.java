package io.fluxcore.domain.state;

import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * Writes the canonical payload of one state and key group, entry by entry, holding one block in
 * memory: for backends that walk their entries in order. See {@link SlotTablesCodec} for the
 * format. Not thread-safe.
 */
public final class KeyGroupWriter {
  /** A block is closed when it holds this much. */
  private static final int BLOCK_BYTES = 64 << 10;

  private static final int INITIAL_BYTES = 1024;

  private final OutputStream out;
  private final CRC32C crc = new CRC32C();
  private final StateBuffer head = new StateBuffer(64);
  private final StateBuffer entries = new StateBuffer(INITIAL_BYTES);
  private int count;
  private long total;
  private long namespace;

  /** Begins a payload; does not close the stream. */
  public KeyGroupWriter(StateLayout layout, OutputStream out) throws IOException {
    this.out = out;
    head.writeByte(SlotTablesCodec.VERSION);
    StateSchema.of(layout).write(head);
    write(head);
  }

  /**
   * Begins an entry of a namespace; write the key ({@link ValueCodec}, column by column) and then
   * the state ({@link SlotTablesCodec#writeState}) to what is returned, before the next call.
   * Entries of a namespace should follow each other.
   */
  public DataOutput entry(long ofNamespace) throws IOException {
    if (count > 0 && (namespace != ofNamespace || entries.size() >= BLOCK_BYTES)) {
      endBlock();
    }
    namespace = ofNamespace;
    count++;
    return entries;
  }

  private void endBlock() throws IOException {
    head.writeByte(1);
    head.writeLong(namespace);
    head.writeInt(count);
    write(head);
    write(entries);
    total += count;
    count = 0;
  }

  private void write(StateBuffer buffer) throws IOException {
    buffer.update(crc);
    buffer.writeTo(out);
    buffer.clear();
  }

  /** Ends the payload. */
  public void end() throws IOException {
    if (count > 0) {
      endBlock();
    }
    head.writeByte(0);
    head.writeLong(total);
    write(head);
    head.writeInt((int) crc.getValue());
    write(head);
  }
}
