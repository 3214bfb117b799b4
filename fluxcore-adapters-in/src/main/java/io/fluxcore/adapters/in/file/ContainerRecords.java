package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.ContainerFormat;
import io.fluxcore.adapters.in.format.ContainerReader;
import io.fluxcore.adapters.in.format.RecordDecoder;
import io.fluxcore.adapters.in.format.RecordSlices;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SourceReader.Decoded;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of a container file, a part of a block with each call. */
final class ContainerRecords implements FileRecords {
  private final Path path;
  private final @Nullable BlockPosition from;
  private final ContainerFormat format;
  private final ReaderContext context;
  private final RecordSlices slices = new RecordSlices();

  private @Nullable ContainerReader file;
  private @Nullable RecordDecoder decoder;
  private boolean closed;

  ContainerRecords(
      Path path, @Nullable BlockPosition from, ContainerFormat format, ReaderContext context) {
    this.path = path;
    this.from = from;
    this.format = format;
    this.context = context;
  }

  @Override
  public @Nullable Rows read() {
    if (closed) {
      return null;
    }
    try {
      ContainerReader open = open();
      if (open == null || !open.fill(slices, context.batchRows())) {
        return null;
      }
      List<BadRecord> bad = new ArrayList<>();
      RecordDecoder rows = decoder(open);
      rows.decode(
          slices,
          (record, code, message) ->
              bad.add(
                  new BadRecord(
                      slices.copy(record),
                      path + ":block " + open.givenBlock() + ", record " + slices.line(record),
                      code,
                      message)));
      return new Rows(
          rows.build(), new BlockPosition(open.block(), open.record()).toSplitPosition(), bad);
    } catch (IOException e) {
      throw FileErrors.readingBlocks(e, path);
    }
  }

  private @Nullable ContainerReader open() throws IOException {
    ContainerReader open = file;
    if (open != null) {
      return open;
    }
    if (from == null && Files.size(path) == 0) {
      return null; // strictly it is no container, but nothing is lost by taking it for empty
    }
    open = format.open(path);
    file = open;
    if (from != null) {
      try {
        open.seek(from.block(), from.record());
      } catch (EOFException e) {
        throw FileErrors.wrongPosition(
            path, from.toSplitPosition().text(), "the file is shorter than that");
      }
    }
    return open;
  }

  private RecordDecoder decoder(ContainerReader open) {
    RecordDecoder made = decoder;
    if (made == null) {
      made = format.decoder(open, context.schema(), context.keepRaw());
      decoder = made;
    }
    return made;
  }

  @Override
  public Decoded decode(byte[] record) {
    try (ContainerReader open = format.open(path)) {
      RecordDecoder one = format.decoder(open, context.schema(), context.keepRaw());
      RecordSlices only = new RecordSlices();
      only.reset(record);
      only.add(0, record.length, 1);
      List<BadRecord> bad = new ArrayList<>();
      one.decode(
          only, (number, code, message) -> bad.add(new BadRecord(record, "", code, message)));
      return new Decoded(one.build(), bad);
    } catch (IOException e) {
      throw FileErrors.readingBlocks(e, path);
    }
  }

  @Override
  public void close() {
    closed = true;
    ContainerReader open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw FileErrors.readingBlocks(e, path);
      }
    }
  }
}
