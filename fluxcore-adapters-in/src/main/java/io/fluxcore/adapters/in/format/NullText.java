package io.fluxcore.adapters.in.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The text that stands for null, if there is one. Immutable. */
final class NullText {
  private final byte @Nullable [] text;

  NullText(@Nullable String text) {
    this.text = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a field is absent or says null. */
  boolean isNull(FieldSpans spans, int field) {
    int start = spans.starts[field];
    if (start < 0) {
      return true;
    }
    byte[] mine = text;
    int length = spans.ends[field] - start;
    return mine != null
        && mine.length == length
        && !spans.isQuoted(field)
        && Arrays.equals(spans.bytes[field], start, start + length, mine, 0, length);
  }
}
