package io.fluxcore.adapters.out.lookup;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Found;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows of declared fields, of JSON or of texts. Fields that are not there are null, and others are
 * passed over. Immutable and thread-safe.
 */
public final class FoundRows {
  private static final String NO_ROWS = "FLX-LOOKUP-0101";
  private static final int MAX_DEPTH = 200;
  private static final int LONGEST_EXCERPT = 200;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Schema fields;

  public FoundRows(Schema fields) {
    this.fields = fields;
  }

  /**
   * The rows of a JSON text: an object is one, a list of objects several, null is none.
   *
   * @param path names from the whole to the object or list
   */
  public Found ofJson(String text, List<String> path) {
    Object at;
    try {
      at = JSON.readValue(text, Object.class);
    } catch (JacksonException e) {
      return Found.failed(
          new RecordException(
              NO_ROWS,
              "the answer is no JSON: " + e.getOriginalMessage() + "; it begins " + excerpt(text),
              e));
    }
    for (String name : path) {
      if (!(at instanceof Map<?, ?> object)) {
        return notThere(name, text);
      }
      at = object.get(name);
    }
    return ofPlain(at, text);
  }

  private static Found notThere(String name, String text) {
    return Found.failed(
        new RecordException(
            NO_ROWS, "there is no object with '" + name + "' in the answer " + excerpt(text)));
  }

  private Found ofPlain(@Nullable Object plain, String text) {
    if (plain == null) {
      return Found.ABSENT;
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Object item : plain instanceof List<?> list ? list : List.of(plain)) {
      if (!(item instanceof Map<?, ?> object)) {
        return Found.failed(
            new RecordException(
                NO_ROWS,
                "the answer is neither an object nor a list of objects: " + excerpt(text)));
      }
      try {
        rows.add(row(object));
      } catch (RecordException e) {
        return Found.failed(e);
      }
    }
    return Found.of(rows);
  }

  private @Nullable Object[] row(Map<?, ?> object) {
    @Nullable Object[] row = new @Nullable Object[fields.size()];
    for (int i = 0; i < row.length; i++) {
      Field field = fields.field(i);
      row[i] = PlainValues.parse(field, object.get(field.name()));
    }
    return row;
  }

  /** The row of texts by name, such as a hash holds them. */
  public Found ofTexts(Map<String, String> texts) {
    @Nullable Object[] row = new @Nullable Object[fields.size()];
    for (int i = 0; i < row.length; i++) {
      Field field = fields.field(i);
      String text = texts.get(field.name());
      try {
        row[i] = text == null ? null : PlainValues.parse(field, plain(field, text));
      } catch (RecordException e) {
        return Found.failed(e);
      }
    }
    return Found.of(List.<@Nullable Object[]>of(row));
  }

  /** What a text stands for in JSON; the text itself where it stands for nothing of the type. */
  private static @Nullable Object plain(Field field, String text) {
    DataType.Kind kind = field.type().kind();
    try {
      return switch (kind) {
        case LONG, DOUBLE, DECIMAL -> number(kind, text);
        case BOOLEAN -> text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
        case NESTED -> JSON.readValue(text, Object.class);
        default -> text;
      };
    } catch (NumberFormatException | JacksonException e) {
      throw new RecordException(
          NO_ROWS,
          "field '" + field.name() + "' is " + field.type() + ", but the text is " + excerpt(text),
          e);
    }
  }

  private static Object number(DataType.Kind kind, String text) {
    boolean isNoNumber =
        kind == DataType.Kind.DOUBLE && (text.equals("NaN") || text.endsWith("Infinity"));
    return isNoNumber ? text : new BigDecimal(text);
  }

  private static String excerpt(String text) {
    return "'"
        + (text.length() > LONGEST_EXCERPT ? text.substring(0, LONGEST_EXCERPT) + "…" : text)
        + "'";
  }
}
