package io.fluxcore.adapters.out.redisstate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names of keys in Redis. Those that tell what there is are text:
 *
 * <pre>
 *   prefix "sessions"         a set: the sessions that there are
 *   prefix session ":alive"   expires when the session does not renew it
 *   prefix session ":tables"  a hash: "store.table.copy" → "first.last.bits"
 * </pre>
 *
 * where first and last are the key groups of a table and bits its smallest buckets'. Entries lie in
 *
 * <pre>
 *   prefix session ":" u32 store, u32 table, u32 copy, u64 bucket
 * </pre>
 *
 * in which copy is 0, or the number of the snapshot that a bucket was copied for.
 *
 * @param prefix of all keys
 * @param session of the process
 */
record Names(String prefix, String session) {
  private static final int NUMBERS = 3 * Integer.BYTES + Long.BYTES;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] sessions(String prefix) {
    return bytes(prefix + "sessions");
  }

  byte[] sessions() {
    return sessions(prefix);
  }

  byte[] sessionName() {
    return bytes(session);
  }

  byte[] alive() {
    return bytes(prefix + session + ":alive");
  }

  byte[] tables() {
    return bytes(prefix + session + ":tables");
  }

  byte[] ofEntries() {
    return bytes(prefix + session + ":");
  }

  /** A bucket; the beginning is what {@link #ofEntries} gave. */
  static byte[] bucket(byte[] beginning, int store, int table, int copy, long bucket) {
    byte[] name = Arrays.copyOf(beginning, beginning.length + NUMBERS);
    ByteBuffer.wrap(name, beginning.length, NUMBERS)
        .putInt(store)
        .putInt(table)
        .putInt(copy)
        .putLong(bucket);
    return name;
  }

  static byte[] table(int store, int table, int copy) {
    return bytes(store + "." + table + "." + copy);
  }

  static byte[] extent(int firstGroup, int lastGroup, int bits) {
    return bytes(firstGroup + "." + lastGroup + "." + bits);
  }

  /** The three numbers of what {@link #table} or {@link #extent} gave. */
  static int[] numbers(byte[] text) {
    String[] parts = new String(text, StandardCharsets.UTF_8).split("\\.", -1);
    if (parts.length != 3) {
      throw new NumberFormatException(parts.length + " numbers where 3 should be");
    }
    return Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
  }
}
