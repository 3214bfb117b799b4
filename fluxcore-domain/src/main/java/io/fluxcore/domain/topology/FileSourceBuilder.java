package io.fluxcore.domain.topology;

/** Collects the settings of a file source. Not thread-safe. */
public final class FileSourceBuilder extends SourceBuilder<FileSourceBuilder> {
  FileSourceBuilder() {
    super("file", null);
  }

  /** The file, or a pattern of files; with {@link #withMode} {@code tail} also a directory. */
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

  /**
   * {@code once} reads the files that are there to their end; {@code tail} follows them as they
   * grow and are rotated, and takes up files that appear later.
   */
  public FileSourceBuilder withMode(String mode) {
    return with("mode", mode);
  }

  /**
   * Tail: where reading begins in files that are there when the job starts, {@code beginning} or
   * {@code end}.
   */
  public FileSourceBuilder withStart(String start) {
    return with("start", start);
  }
}
