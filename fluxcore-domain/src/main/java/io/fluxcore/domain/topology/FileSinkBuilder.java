package io.fluxcore.domain.topology;

/** Collects the settings of a file sink. Not thread-safe. */
public final class FileSinkBuilder extends SinkBuilder<FileSinkBuilder> {
  FileSinkBuilder() {
    super("file", null);
  }

  /** The file to write. */
  public FileSinkBuilder withPath(String path) {
    return with("path", path);
  }

  /** How a row is written: {@code json} or {@code csv}. */
  public FileSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
