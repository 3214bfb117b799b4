package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/**
 * JSON lines: an object a line. Fields that nobody wants are skipped unread; of a name that comes
 * twice the last counts; an absent field is null. Numbers fit a long or decimal if they do so
 * exactly ({@code 1e3} is a long); strings are never taken for numbers, except {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"} for doubles and decimals in quotes. Dates and
 * timestamps are strings of the field's format, or numbers of milliseconds since the epoch; bytes
 * are Base64.
 */
public final class JsonFormat implements RecordFormat {
  private final @Nullable Schema schema;
  private final FieldSettings settings;
  private final boolean ofTexts;

  /**
   * JSON lines.
   *
   * @param schema the declared fields; null: any
   */
  public JsonFormat(@Nullable Schema schema, FieldSettings settings) {
    this(schema, settings, false);
  }

  private JsonFormat(@Nullable Schema schema, FieldSettings settings, boolean ofTexts) {
    this.schema = schema;
    this.settings = settings;
    this.ofTexts = ofTexts;
  }

  /**
   * Objects whose members are all texts, since where they come from has no other values: each is
   * read as the text of a value of its field's type, as in CSV.
   *
   * @param schema the declared fields; null: any
   */
  static JsonFormat ofTexts(@Nullable Schema schema, FieldSettings settings) {
    return new JsonFormat(schema, settings, true);
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    return JsonFramer.INSTANCE;
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    return new JsonDecoder(wanted, settings, keepRaw, ofTexts);
  }

  /** Lines; those of white space only are blank. */
  private enum JsonFramer implements RecordFramer {
    INSTANCE;

    @Override
    public int end(byte[] bytes, int from, int to) {
      return LineEnds.next(bytes, from, to);
    }

    @Override
    public boolean isBlank(byte[] bytes, int from, int to) {
      return JsonDecoder.isWhite(bytes, from, to);
    }
  }
}
