package io.fluxcore.application.checkpoint;

import java.util.regex.Pattern;

/**
 * Names a savepoint on all servers.
 *
 * @param value {@value #PREFIX} and lower-case letters and digits, at most 40 in all
 */
public record SavepointId(String value) {
  static final String PREFIX = "sp-";

  private static final Pattern VALUE = Pattern.compile("sp-[a-z0-9]{1,37}");

  public SavepointId {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' is not the id of a savepoint: they look like sp-1b9f04c2");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
