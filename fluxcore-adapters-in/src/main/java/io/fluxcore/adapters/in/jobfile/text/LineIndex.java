package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.Place;
import java.util.Arrays;

/** A text and where its lines start: offsets to lines and columns, and back. */
final class LineIndex {
  private final String text;
  private final int[] starts;

  LineIndex(String text) {
    this.text = text;
    int[] found = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = i + 1;
      }
    }
    starts = Arrays.copyOf(found, count);
  }

  char charAt(int offset) {
    return text.charAt(offset);
  }

  boolean hasLineBreak(int from, int to) {
    int lineBreak = text.indexOf('\n', from);
    return lineBreak >= 0 && lineBreak < to;
  }

  /** Columns count code points, as editors do. */
  Place placeOf(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    int line = found >= 0 ? found : -found - 2;
    int end = Math.min(offset, text.length());
    return Place.at(line + 1, text.codePointCount(starts[line], Math.max(starts[line], end)) + 1);
  }

  /** The offset of a line and a column in code points, both from 0. */
  int offsetOf(int line, int column) {
    int start = starts[Math.min(line, starts.length - 1)];
    int rest = text.codePointCount(start, text.length());
    return text.offsetByCodePoints(start, Math.min(column, rest));
  }
}
