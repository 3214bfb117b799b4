package io.fluxcore.adapters.in.format;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableFileInput;
import org.apache.avro.generic.GenericDatumReader;

/** An open container file of Avro, read block by block. Not thread-safe. */
public final class ContainerReader implements Closeable {
  private final Path path;
  private final DataFileReader<Object> file;
  private final AvroType type;
  private final AvroInput in = new AvroInput();

  private byte[] bytes = new byte[0];
  private int position;
  private int limit;

  /** Where the block begins whose records are given, and the number of the next one in it. */
  private long block;

  private long record;
  private long left;

  /** Where the block begins of the records that were given last. */
  private long given;

  ContainerReader(Path path) throws IOException {
    this.path = path;
    if (!Files.isReadable(path)) {
      Files.newInputStream(path).close(); // says why
    }
    try {
      this.file =
          new DataFileReader<>(new SeekableFileInput(path.toFile()), new GenericDatumReader<>());
    } catch (AvroRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    this.type = AvroType.of(file.getSchema());
    this.block = file.previousSync();
  }

  Path path() {
    return path;
  }

  Schema schema() {
    return file.getSchema();
  }

  /** Where the block of the next record begins, in bytes from the beginning of the file. */
  public long block() {
    return block;
  }

  /** Where the block begins of the records that {@link #fill} has given. */
  public long givenBlock() {
    return given;
  }

  /** The number of the next record in its block, from 0. */
  public long record() {
    return record;
  }

  /**
   * Goes to a record.
   *
   * @throws EOFException if there is none
   */
  public void seek(long toBlock, long toRecord) throws IOException {
    if (toBlock > Files.size(path)) {
      throw new EOFException();
    }
    file.seek(toBlock);
    block = toBlock;
    record = 0;
    left = 0;
    if (toRecord > 0) {
      RecordSlices passed = new RecordSlices();
      while (record < toRecord) {
        if (!fill(passed, (int) Math.min(toRecord - record, 1_000)) || block != toBlock) {
          throw new EOFException();
        }
      }
    }
  }

  /**
   * The next records, all of one block.
   *
   * @param slices is given the records, whose lines are their numbers in the block, from 1; they
   *     are there until the next call
   * @return false at the end of the file
   * @throws IOException if the file is damaged; the records before were given
   */
  public boolean fill(RecordSlices slices, int most) throws IOException {
    if (left == 0 && !nextBlock()) {
      return false;
    }
    slices.reset(bytes);
    given = block;
    for (int i = 0; i < most && left > 0; i++) {
      int start = position;
      in.reset(bytes, start, limit);
      try {
        type.skip(in);
      } catch (BadValue e) {
        if (i > 0) {
          return true;
        }
        throw new IOException("record " + (record + 1) + " of block " + block + ": " + e.text(), e);
      }
      position = limit - in.remaining();
      slices.add(start, position, record + 1);
      record++;
      left--;
    }
    if (left == 0) {
      block = file.previousSync();
      record = 0;
    }
    return true;
  }

  private boolean nextBlock() throws IOException {
    try {
      while (left == 0) {
        if (!file.hasNext()) {
          if (file.previousSync() < Files.size(path)) {
            throw new EOFException("its last block is not whole");
          }
          return false;
        }
        block = file.previousSync();
        ByteBuffer content = file.nextBlock();
        left = file.getBlockCount();
        bytes = content.array();
        position = content.arrayOffset() + content.position();
        limit = position + content.remaining();
        record = 0;
      }
      return true;
    } catch (AvroRuntimeException e) {
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
