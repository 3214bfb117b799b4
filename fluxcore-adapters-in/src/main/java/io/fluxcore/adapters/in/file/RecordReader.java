package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.RecordDecoder;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.adapters.in.format.RecordFramer;
import io.fluxcore.adapters.in.format.RecordSlices;
import io.fluxcore.adapters.in.format.SingleRecord;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SourceReader.Decoded;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file into batches.
 *
 * <p>Bytes pass through one buffer, which grows up to the largest record allowed. The framer finds
 * records in it; those found are decoded where they lie, before the buffer moves on. A record that
 * is too long is cut out without being held: its first bytes are kept and the rest of its line is
 * skipped. In CSV a quote that is never closed would make the rest of the file one record; then the
 * line in which that record begins is bad, and reading goes on behind that line.
 *
 * <p>A file that {@linkplain #follow() grows} has no end until {@link #finish()}: a record without
 * its line end waits.
 *
 * <p>When the file cannot be read on, what was read before is given first; the error comes with the
 * next call.
 */
final class RecordReader {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final int KEPT_BYTES = 4096;

  /** A batch of fewer rows than asked for ends here, so that large rows do not make it huge. */
  private static final int MAX_BATCH_BYTES = 4 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final String TOO_LARGE = "FLX-FORMAT-0002";
  private static final String OPEN_QUOTE = "FLX-FORMAT-0001";

  private final Path path;
  private final FilePosition from;
  private final RecordFormat format;
  private RecordFramer framer;
  private final Input input;
  private final int maxRecordBytes;
  private final ReaderContext context;
  private final RecordSlices slices = new RecordSlices();

  private @Nullable InputStream in;
  private boolean opened;
  private boolean started;
  private boolean markChecked;
  private boolean growing;

  /** Whether a growing file had no more bytes when it was last asked. */
  private boolean dry;

  private boolean ended;
  private @Nullable IOException failure;
  private @Nullable RecordDecoder decoder;
  private byte @Nullable [] header;

  private byte[] buffer = new byte[0];

  /** Offset of the buffer's first byte in the uncompressed file. */
  private long bufferOffset;

  private int position;
  private int limit;
  private long line = 1;
  private @Nullable Cut cut;
  private List<BadRecord> bad = new ArrayList<>();

  /** Opens the uncompressed bytes. */
  @FunctionalInterface
  interface Input {
    InputStream open() throws IOException;
  }

  /** A line that is taken out, whose end may not have come yet. */
  private static final class Cut {
    final byte[] kept;
    final long offset;
    final boolean openQuote;
    final boolean tooLong;
    long length;

    Cut(byte[] kept, long offset, boolean openQuote, boolean tooLong, long length) {
      this.kept = kept;
      this.offset = offset;
      this.openQuote = openQuote;
      this.tooLong = tooLong;
      this.length = length;
    }
  }

  /**
   * What one call of {@link #read} found.
   *
   * @param end where reading goes on behind it
   */
  record Rows(EventBatch batch, FilePosition end, List<BadRecord> bad) {}

  RecordReader(
      Path path,
      FilePosition from,
      RecordFormat format,
      Input input,
      int maxRecordBytes,
      ReaderContext context) {
    this.path = path;
    this.from = from;
    this.format = format;
    this.framer = format.framer(null);
    this.input = input;
    this.maxRecordBytes = maxRecordBytes;
    this.context = context;
  }

  /** More may come behind the end of the file; called before the first {@link #read}. */
  RecordReader follow() {
    growing = true;
    return this;
  }

  /** Nothing comes any more: the next calls of {@link #read} give what is left. */
  void finish() {
    growing = false;
  }

  /**
   * What has been read of the file is all there is: the next calls of {@link #read} give the rest.
   */
  void cutOff() {
    growing = false;
    ended = true;
  }

  /** Whether there are bytes that {@link #read} did not give since their record has no end yet. */
  boolean hasRest() {
    return position < limit || cut != null;
  }

  /** The first bytes of what {@link #hasRest} speaks of. */
  byte[] restStart(int most) {
    return Arrays.copyOfRange(buffer, position, Math.min(limit, position + most));
  }

  /** Offset of the first byte of {@link #restStart}. */
  long restOffset() {
    return bufferOffset + position;
  }

  /** Bytes that have been taken from the uncompressed file. */
  long taken() {
    return bufferOffset + limit;
  }

  /** The next records, or null at the end of the file, or where it ends for now. */
  @Nullable Rows read() {
    dry = false;
    if (!opened) {
      open();
    }
    if (!started && !start()) {
      return null;
    }
    long start = bufferOffset + position;
    slices.reset(buffer);
    boolean more = true;
    while (more
        && rows() + slices.count() < context.batchRows()
        && bad.size() < context.batchRows()
        && bufferOffset + position - start < MAX_BATCH_BYTES) {
      more = next();
    }
    decode();
    if (rows() == 0 && bad.isEmpty()) {
      if (failure != null) {
        throw FileErrors.reading(failure, path, line);
      }
      // Nothing but empty lines so far.
      return more ? read() : null;
    }
    List<BadRecord> found = bad;
    bad = new ArrayList<>();
    long end = cut == null ? bufferOffset + position : cut.offset;
    return new Rows(decoder().build(), new FilePosition(end, line), found);
  }

  /** Decodes a record apart from the file, of which it reads the header where there is one. */
  Decoded decode(byte[] record) {
    if (format.hasHeader() && header == null) {
      if (!opened) {
        open();
      }
      start();
    }
    return SingleRecord.decode(format.decoder(context.schema(), context.keepRaw(), header), record);
  }

  private int rows() {
    return decoder == null ? 0 : decoder.rows();
  }

  private RecordDecoder decoder() {
    RecordDecoder made = decoder;
    if (made == null) {
      made = format.decoder(context.schema(), context.keepRaw(), header);
      decoder = made;
    }
    return made;
  }

  /** Frames one record; false at the end. */
  private boolean next() {
    if (cut != null) {
      return skip(cut);
    }
    int end = framer.end(buffer, position, limit);
    if (end != RecordFramer.NONE && end - 1 - position <= maxRecordBytes) {
      record(end - 1, end);
      return true;
    }
    if (end != RecordFramer.NONE || limit - position > maxRecordBytes) {
      decode();
      cutOut(limit - position > maxRecordBytes);
      return true;
    }
    if (!ended) {
      decode();
      fill();
      return !dry;
    }
    if (position == limit || failure != null) {
      return false;
    }
    return last();
  }

  /** The record before the end of the file, which may lack its line end. */
  private boolean last() {
    buffer[limit] = '\n';
    int end = framer.end(buffer, position, limit + 1);
    if (end == RecordFramer.NONE) {
      decode();
      cutOut(false);
    } else {
      record(end - 1, Math.min(end, limit));
    }
    return true;
  }

  private void record(int lineEnd, int next) {
    int end = lineEnd > position && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    if (!framer.isBlank(buffer, position, end)) {
      slices.add(position, end, line);
    }
    line += framer.spansLines() ? RecordFramer.countLines(buffer, position, lineEnd) + 1 : 1;
    position = next;
  }

  /**
   * Takes out the line at hand, which is too long or opens a quote that is not closed in time.
   *
   * @param tooLong whether the record has more bytes than allowed
   */
  private void cutOut(boolean tooLong) {
    int lineEnd = RecordFramer.LINES.end(buffer, position, limit);
    int shown = lineEnd == RecordFramer.NONE ? limit : lineEnd - 1;
    boolean openQuote = framer.spansLines() && shown - position <= maxRecordBytes;
    byte[] kept = Arrays.copyOfRange(buffer, position, Math.min(shown, position + KEPT_BYTES));
    Cut begun = new Cut(kept, bufferOffset + position, openQuote, tooLong, (long) shown - position);
    if (lineEnd == RecordFramer.NONE && !ended) {
      position = limit;
      cut = begun;
    } else {
      end(begun, lineEnd);
    }
  }

  /** Goes on within a line that is taken out; false where the file ends for now. */
  private boolean skip(Cut begun) {
    if (!ended) {
      fill();
    }
    int lineEnd = RecordFramer.LINES.end(buffer, position, limit);
    begun.length += (lineEnd == RecordFramer.NONE ? limit : lineEnd - 1) - position;
    if (lineEnd == RecordFramer.NONE && !ended) {
      position = limit;
      return !dry;
    }
    end(begun, lineEnd);
    return true;
  }

  private void end(Cut begun, int lineEnd) {
    cut = null;
    position = lineEnd == RecordFramer.NONE ? limit : lineEnd;
    long badLine = line++;
    bad.add(
        new BadRecord(
            begun.kept,
            coordinates(badLine),
            begun.openQuote ? OPEN_QUOTE : TOO_LARGE,
            begun.openQuote
                ? "a quote is opened and not closed "
                    + (begun.tooLong
                        ? "within " + maxRecordBytes + " bytes"
                        : "before the file ends")
                : "the record has "
                    + begun.length
                    + " bytes, more than the "
                    + maxRecordBytes
                    + " of maxRecordBytes; its first "
                    + begun.kept.length
                    + " are kept"));
  }

  private void decode() {
    if (slices.count() > 0) {
      decoder()
          .decode(
              slices,
              (record, code, message) ->
                  bad.add(
                      new BadRecord(
                          slices.copy(record), coordinates(slices.line(record)), code, message)));
    }
    slices.reset(buffer);
  }

  private String coordinates(long atLine) {
    return path + ":" + atLine;
  }

  private void open() {
    opened = true;
    try {
      in = input.open();
      buffer = new byte[CHUNK_BYTES];
    } catch (EOFException e) {
      ended = true;
      failure = isEmptyFile() ? null : e;
    } catch (IOException e) {
      throw FileErrors.reading(e, path, line);
    }
  }

  /** Passes by what comes before the first record; false while a growing file lacks part of it. */
  private boolean start() {
    while (limit < BYTE_ORDER_MARK.length && !ended && !dry) {
      fill();
    }
    if (!markChecked) {
      int seen = Math.min(limit, BYTE_ORDER_MARK.length);
      boolean like = Arrays.equals(buffer, 0, seen, BYTE_ORDER_MARK, 0, seen);
      if (like && seen < BYTE_ORDER_MARK.length && !ended) {
        return false;
      }
      markChecked = true;
      if (like && seen == BYTE_ORDER_MARK.length) {
        position = BYTE_ORDER_MARK.length;
      }
    }
    if (format.hasHeader() && !readHeader()) {
      return false;
    }
    if (!from.equals(FilePosition.START)) {
      try {
        seek();
      } catch (IOException e) {
        throw FileErrors.reading(e, path, line);
      }
    }
    started = true;
    return true;
  }

  /** Strictly an empty file is no compressed one, but nothing is lost by taking it for empty. */
  private boolean isEmptyFile() {
    try {
      return Files.size(path) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** False while a growing file lacks the end of its header. */
  private boolean readHeader() {
    while (header == null && !dry && (position < limit || !ended)) {
      int before = slices.count();
      next();
      if (slices.count() > before) {
        header = slices.copy(before);
        framer = format.framer(header);
      } else if (!bad.isEmpty()) {
        throw FluxCoreException.user(
            OPEN_QUOTE,
            Place.of("header"),
            "the header of " + path + " cannot be read: " + bad.get(0).message(),
            "check that the file is CSV, or set header: false");
      }
    }
    slices.reset(buffer);
    return header != null || ended;
  }

  private void seek() throws IOException {
    long offset = from.offset();
    if (offset < bufferOffset || offset > bufferOffset + limit) {
      try {
        if (in != null) {
          in.skipNBytes(offset - bufferOffset - limit);
        }
      } catch (EOFException e) {
        throw FileErrors.wrongPosition(
            path, from.toSplitPosition().text(), "the file is shorter than that");
      }
      bufferOffset = offset;
      position = 0;
      limit = 0;
    } else {
      position = (int) (offset - bufferOffset);
    }
    line = from.line();
  }

  /** Reads more bytes behind those that are there; sets {@link #ended} at the end or a failure. */
  private void fill() {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      bufferOffset += position;
      limit -= position;
      position = 0;
    }
    // One byte stays free for the line end that the last record may lack.
    if (limit + 1 >= buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    slices.reset(buffer);
    try {
      int read = in == null ? -1 : in.read(buffer, limit, buffer.length - 1 - limit);
      if (read < 0) {
        dry = growing;
        ended = !growing;
      } else {
        limit += read;
      }
    } catch (IOException e) {
      ended = true;
      failure = e;
    }
  }

  /** A second call does nothing. */
  void close() {
    InputStream open = in;
    in = null;
    opened = true;
    ended = true;
    position = limit;
    cut = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw FileErrors.reading(e, path, line);
      }
    }
  }
}
