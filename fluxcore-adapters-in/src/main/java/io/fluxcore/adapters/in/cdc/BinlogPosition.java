package io.fluxcore.adapters.in.cdc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a binary log.
 *
 * @param file such as {@code binlog.000012}; files are ordered by their numbers
 * @param at bytes from its beginning
 */
record BinlogPosition(String file, long at) implements Comparable<BinlogPosition> {
  private static final String FILE = "file";
  private static final String AT = "at";
  private static final String SERVER = "server";

  /** What {@link #toString} made. */
  static BinlogPosition parse(String text) {
    int colon = text.lastIndexOf(':');
    return new BinlogPosition(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
  }

  /** That of an offset; null if it has none. */
  static @Nullable BinlogPosition of(@Nullable Map<String, Object> offset) {
    return offset != null
            && offset.get(FILE) instanceof String file
            && offset.get(AT) instanceof Number at
        ? new BinlogPosition(file, at.longValue())
        : null;
  }

  /** The server that an offset is of. */
  static long server(Map<String, Object> offset) {
    return offset.get(SERVER) instanceof Number server ? server.longValue() : -1;
  }

  Map<String, Object> toOffset(long server) {
    Map<String, Object> offset = new LinkedHashMap<>();
    offset.put(FILE, file);
    offset.put(AT, at);
    offset.put(SERVER, server);
    return offset;
  }

  private long number() {
    String number = file.substring(file.lastIndexOf('.') + 1);
    return number.matches("\\d{1,18}") ? Long.parseLong(number) : 0;
  }

  @Override
  public int compareTo(BinlogPosition other) {
    int files = Long.compare(number(), other.number());
    return files == 0 ? Long.compare(at, other.at) : files;
  }

  @Override
  public String toString() {
    return file + ":" + at;
  }
}
