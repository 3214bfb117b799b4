package io.fluxcore.domain.topology;

/** Collects the settings of a file source. Not thread-safe. */
public final class FileSourceBuilder extends SourceBuilder<FileSourceBuilder> {
  FileSourceBuilder() {
    super("file", null);
  }

  /** The file, or a pattern of files. */
  public FileSourceBuilder withPath(String path) {
    return with("path", path);
  }

  /** How a line is written: {@code json}, {@code csv}, {@code text}, {@code regex}. */
  public FileSourceBuilder withFormat(String format) {
    return with("format", format);
  }

  /** The regular expression whose named groups are the fields. */
  public FileSourceBuilder withPattern(String regex) {
    return with("pattern", regex);
  }
}
