package io.fluxcore.adapters.in.file;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that files get when they are rotated: {@code app.log.1}, {@code app.log-20260131},
 * {@code app-2026-01-31.log}, {@code app-2026-01-31-2.log} of {@code app.log}.
 */
final class LogName {
  private static final String DATE =
      "(?:[0-9]{8,14}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T_-][0-9]{2}(?:[-_.]?[0-9]{2}){0,2})?)";
  private static final Pattern BEHIND =
      Pattern.compile("(.+?)(?:\\.[0-9]{1,4}|[._-]" + DATE + "(?:[._-][0-9]{1,4})?)");
  private static final Pattern WITHIN =
      Pattern.compile("(.+?)[._-]" + DATE + "(?:[._-][0-9]{1,4})?(\\.[A-Za-z]+)");
  private static final Pattern COMPRESSED =
      Pattern.compile(".*\\.(?:gz|bz2|xz|zst|lz4|zip|Z)", Pattern.DOTALL);

  private LogName() {}

  /** The name that the file had before it was rotated; null for one that was not. */
  static @Nullable String original(String name) {
    Matcher behind = BEHIND.matcher(name);
    if (behind.matches()) {
      return behind.group(1);
    }
    Matcher within = WITHIN.matcher(name);
    return within.matches() ? within.group(1) + within.group(2) : null;
  }

  static boolean isCompressed(Path file) {
    return COMPRESSED.matcher(file.getFileName().toString()).matches();
  }
}
