package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file or a pattern of files, and how they are written. */
final class FileSource implements Source {
  private final String path;
  private final RecordFormat format;
  private final Compression compression;
  private final int maxRecordBytes;

  FileSource(String path, RecordFormat format, Compression compression, int maxRecordBytes) {
    this.path = path;
    this.format = format;
    this.compression = compression;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public @Nullable Schema schema() {
    return format.schema();
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    return FileListing.list(path).stream().map(f -> new Split(f.toString())).toList();
  }

  @Override
  public SplitSeeking seeking() {
    return FileSeeking.OF_LINES;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new FileReader(
        context,
        (split, position) ->
            new LineRecords(
                new RecordReader(
                    Path.of(split.id()),
                    FilePosition.of(position),
                    format,
                    () -> compression.open(Path.of(split.id())),
                    maxRecordBytes,
                    context)));
  }
}
