package io.fluxcore.adapters.out.parts;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The directories of rows, in the way of Hive, which most readers know: what may not be in a name,
 * or would lead elsewhere, is written as {@code %2F}, and null and the empty text are {@value
 * #OF_NULL}. Not thread-safe.
 */
final class Directories {
  private static final String TOO_LONG = "FLX-SINK-0005";
  private static final String OF_NULL = "__HIVE_DEFAULT_PARTITION__";
  private static final String ESCAPED = "\"#%'*/:=?\\{[]^<>|";

  /** What file systems allow. */
  private static final int MAX_NAME_BYTES = 255;

  /** What object stores allow, with room for what stands around. */
  private static final int MAX_BYTES = 600;

  private static final int KNOWN = 1000;

  private final RowTemplate.Reader reader;
  private final Map<String, Boolean> known = new HashMap<>();

  Directories(RowTemplate template) {
    this.reader = template.reader(Directories::escape, OF_NULL);
  }

  /**
   * The directory of a row.
   *
   * @throws RecordException if there is none: the event has no time, or a name would be too long
   */
  String of(EventBatch batch, int row) {
    String directory = reader.of(batch, row);
    if (known.size() > KNOWN) {
      known.clear();
    }
    if (!known.computeIfAbsent(directory, Directories::fits)) {
      throw new RecordException(
          TOO_LONG,
          "the directory of the row is too long: "
              + directory.substring(0, 80)
              + "…; its names may have "
              + MAX_NAME_BYTES
              + " bytes each, and together "
              + MAX_BYTES);
    }
    return directory;
  }

  private static boolean fits(String directory) {
    if (bytes(directory) > MAX_BYTES) {
      return false;
    }
    for (String name : directory.split("/", -1)) {
      if (bytes(name) > MAX_NAME_BYTES) {
        return false;
      }
    }
    return true;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static String escape(String value) {
    if (value.isEmpty()) {
      return OF_NULL;
    }
    StringBuilder escaped = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean leads = c == '.' && i == 0;
      if (leads || c < ' ' || c == 0x7f || ESCAPED.indexOf(c) >= 0) {
        escaped.append('%');
        escaped.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        escaped.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
