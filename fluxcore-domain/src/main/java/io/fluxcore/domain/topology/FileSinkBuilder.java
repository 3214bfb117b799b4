package io.fluxcore.domain.topology;

import java.time.Duration;

/** Collects the settings of a file sink. Not thread-safe. */
public final class FileSinkBuilder extends SinkBuilder<FileSinkBuilder> {
  FileSinkBuilder() {
    super("file", null);
  }

  /** The file to write. */
  public FileSinkBuilder withPath(String path) {
    return with("path", path);
  }

  /**
   * How a row is written: {@code json}, {@code csv}, {@code text}, {@code avro}, {@code parquet}.
   */
  public FileSinkBuilder withFormat(String format) {
    return with("format", format);
  }

  /** Directories that rows are shared out among, such as {@code dt={yyyy-MM-dd}}. */
  public FileSinkBuilder withPartitionBy(String directories) {
    return with("partitionBy", directories);
  }

  /** A part that has grown to this, such as {@code 128mb}, ends before its checkpoint. */
  public FileSinkBuilder withRollSize(String size) {
    return with("rollSize", size);
  }

  /** A part that has become so old ends before its checkpoint. */
  public FileSinkBuilder withRollInterval(Duration age) {
    return with("rollInterval", age.toMillis() + "ms");
  }
}
