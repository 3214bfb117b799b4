package io.fluxcore.application.checkpoint;

import java.util.regex.Pattern;

/** What parts and shared files may be called, wherever they are kept. */
public final class CheckpointNames {
  private static final Pattern PART = Pattern.compile("[a-z0-9-][a-z0-9.-]{0,199}");
  private static final Pattern SHARED = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  private CheckpointNames() {}

  /**
   * Checks the name of a part.
   *
   * @throws IllegalArgumentException if no part may be called so
   */
  public static void requirePart(String name) {
    require(PART, name);
  }

  /**
   * Checks the name of a shared file.
   *
   * @throws IllegalArgumentException if none may be called so
   */
  public static void requireShared(String name) {
    require(SHARED, name);
  }

  private static void require(Pattern pattern, String name) {
    if (!pattern.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a file");
    }
  }
}
