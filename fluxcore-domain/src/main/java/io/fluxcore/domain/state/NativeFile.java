package io.fluxcore.domain.state;

import java.util.regex.Pattern;

/**
 * An immutable file of a backend's own format.
 *
 * @param name of letters, digits, {@code . _ -}, not beginning with a dot; unique within its {@link
 *     NativeSnapshot}. The name of a shared file is unique within the job for all time: two files
 *     of one name hold the same bytes, whichever subtask, attempt or parallelism made them
 * @param shared whether later checkpoints may hold the same file, so that it is copied once and
 *     counted by those that refer to it
 * @param content its bytes. When it is to be written, {@link Payload#localFile} should name the
 *     file, which a store on the same file system may link to; the checksum is the store's affair.
 *     When it is restored, the bytes are checked as they are read
 */
public record NativeFile(String name, boolean shared, Payload content) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  public NativeFile {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a native file");
    }
  }
}
