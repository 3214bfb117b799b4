package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A set of strings: open addressing over their hashes, each beside its string, which is compared
 * where hashes are equal. A value of a column becomes a string only when it is new.
 */
final class TextSet {
  private static final int SMALLEST = 4;

  private int[] hashes = new int[SMALLEST];
  private @Nullable String[] texts = new @Nullable String[SMALLEST];
  private int size;
  private long characters;

  int size() {
    return size;
  }

  /** What it takes on the heap, about. */
  long bytes() {
    return characters + 48L * size + 8L * hashes.length;
  }

  private int place(int hash) {
    return (hash * 0x9E3779B9) >>> (Integer.numberOfLeadingZeros(hashes.length) + 1);
  }

  /** Adds a row that is not null. */
  void add(StringColumn column, int row) {
    int hash = column.hash(row);
    int mask = hashes.length - 1;
    int at = place(hash);
    String held;
    while ((held = texts[at]) != null) {
      if (hashes[at] == hash && column.equalTo(row, held)) {
        return;
      }
      at = (at + 1) & mask;
    }
    enter(at, hash, column.value(row));
  }

  void add(String text) {
    int hash = text.hashCode();
    int mask = hashes.length - 1;
    int at = place(hash);
    String held;
    while ((held = texts[at]) != null) {
      if (hashes[at] == hash && held.equals(text)) {
        return;
      }
      at = (at + 1) & mask;
    }
    enter(at, hash, text);
  }

  private void enter(int at, int hash, String text) {
    hashes[at] = hash;
    texts[at] = text;
    characters += text.length();
    if (++size > hashes.length - hashes.length / 4) {
      grow();
    }
  }

  private void grow() {
    int[] oldHashes = hashes;
    @Nullable String[] oldTexts = texts;
    int capacity = Math.multiplyExact(oldHashes.length, 2);
    hashes = new int[capacity];
    texts = new @Nullable String[capacity];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldTexts[i] != null) {
        int at = place(oldHashes[i]);
        while (texts[at] != null) {
          at = (at + 1) & (capacity - 1);
        }
        hashes[at] = oldHashes[i];
        texts[at] = oldTexts[i];
      }
    }
  }

  /** Adds all texts of another set. */
  void addAll(TextSet other) {
    other.toList().forEach(this::add);
  }

  /** The texts, in no order. */
  List<String> toList() {
    return Arrays.stream(texts).filter(Objects::nonNull).toList();
  }
}
