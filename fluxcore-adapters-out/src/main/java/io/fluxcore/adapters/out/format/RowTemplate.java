package io.fluxcore.adapters.out.format;

import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a thing outside, such as an index or a key, that follows from a row: in it {@code
 * {field}} stands for a value and {@code {yyyy.MM.dd}} for the time of the event, in UTC.
 * Immutable; a {@link Reader} reads it for one writer.
 */
public final class RowTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern DATE = Pattern.compile("[yuMdH._-]+");
  private static final Set<DataType.Kind> NAMES =
      EnumSet.of(
          DataType.Kind.STRING,
          DataType.Kind.LONG,
          DataType.Kind.BOOLEAN,
          DataType.Kind.DATE,
          DataType.Kind.TIMESTAMP,
          DataType.Kind.TIMESTAMP_TZ);

  private final String text;
  private final List<Part> parts;

  /**
   * A part of the name.
   *
   * @param literal the text itself, where neither of the others is given
   * @param field ordinal of the field, or -1
   * @param date pattern of the time, or null
   */
  private record Part(String literal, int field, @Nullable DateTimeFormatter date) {}

  private RowTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @param option that holds it, for problems
   */
  public static RowTemplate of(String option, String text, Schema schema, OptionProblems problems) {
    List<Part> parts = new ArrayList<>();
    Matcher places = PLACE.matcher(text);
    int end = 0;
    while (places.find()) {
      literal(text.substring(end, places.start()), parts);
      parts.add(place(option, places.group(1), schema, problems));
      end = places.end();
    }
    literal(text.substring(end), parts);
    return new RowTemplate(text, parts);
  }

  private static void literal(String literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Part(literal, -1, null));
    }
  }

  private static Part place(String option, String name, Schema schema, OptionProblems problems) {
    int field = schema.indexOf(name);
    if (field >= 0) {
      if (!NAMES.contains(schema.type(field).kind())) {
        problems.add(
            option,
            "field '" + name + "' is a " + schema.type(field) + ", which makes no name",
            "name a field that is a string, long, boolean, date or timestamp");
      }
      return new Part("", field, null);
    }
    if (DATE.matcher(name).matches()) {
      try {
        return new Part("", -1, DateTimeFormatter.ofPattern(name, Locale.ROOT));
      } catch (IllegalArgumentException e) {
        problems.add(
            option,
            "'{" + name + "}' is no pattern of a date: " + e.getMessage(),
            "write one such as {yyyy.MM.dd}");
        return new Part("", -1, null);
      }
    }
    problems.add(
        option,
        "'{" + name + "}' is neither a field nor a pattern of a date",
        "write one such as {yyyy.MM.dd}, or a field: " + String.join(", ", schema.fieldNames()));
    return new Part("", -1, null);
  }

  /** The name of all rows; null: they have several. */
  public @Nullable String fixed() {
    return parts.size() == 1 && parts.get(0).field() < 0 && parts.get(0).date() == null
        ? parts.get(0).literal()
        : null;
  }

  /** Whether values of fields are parts of it. */
  public boolean hasFields() {
    return parts.stream().anyMatch(part -> part.field() >= 0);
  }

  /** The ordinals of the fields whose values are parts of it. */
  public List<Integer> fields() {
    return parts.stream().map(Part::field).filter(field -> field >= 0).distinct().toList();
  }

  /** Whether the time of the event is a part of it. */
  public boolean hasTime() {
    return parts.stream().anyMatch(part -> part.date() != null);
  }

  /** The name with this in place of what follows from rows. */
  public String with(String value) {
    StringBuilder name = new StringBuilder();
    for (Part part : parts) {
      name.append(part.field() < 0 && part.date() == null ? part.literal() : value);
    }
    return name.toString();
  }

  public Reader reader() {
    return reader(UnaryOperator.identity(), null);
  }

  /**
   * A reader that changes what it takes from fields.
   *
   * @param escape what a value becomes in the name
   * @param ofNull stands for a null; null: a row without a value has no name
   */
  public Reader reader(UnaryOperator<String> escape, @Nullable String ofNull) {
    return new Reader(this, escape, ofNull);
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }

  /** Names of rows. Not thread-safe. */
  public static final class Reader {
    private static final long MILLIS_PER_HOUR = 3_600_000;

    private final String text;
    private final List<Part> parts;
    private final @Nullable String fixed;
    private final UnaryOperator<String> escape;
    private final @Nullable String ofNull;
    private final TextValues texts = new TextValues();
    private final StringBuilder name = new StringBuilder();
    private final @Nullable String[] dates;
    private long hour = Long.MIN_VALUE;

    private Reader(RowTemplate template, UnaryOperator<String> escape, @Nullable String ofNull) {
      this.text = template.text;
      this.parts = template.parts;
      this.fixed = template.fixed();
      this.escape = escape;
      this.ofNull = ofNull;
      this.dates = new @Nullable String[parts.size()];
    }

    /**
     * The name that follows from a row.
     *
     * @throws RecordException if none does: a value or the time is missing
     */
    public String of(EventBatch batch, int row) {
      if (fixed != null) {
        return fixed;
      }
      name.setLength(0);
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (part.date() != null) {
          name.append(date(i, batch.timestamps()[row]));
        } else if (part.field() >= 0) {
          name.append(value(batch, part.field(), row));
        } else {
          name.append(part.literal());
        }
      }
      return name.toString();
    }

    private @Nullable String date(int part, long timestamp) {
      if (timestamp == EventBatch.NO_TIMESTAMP) {
        throw RefusedRows.noName(text, "the event has no time");
      }
      long now = Math.floorDiv(timestamp, MILLIS_PER_HOUR);
      if (now != hour) {
        hour = now;
        for (int i = 0; i < dates.length; i++) {
          DateTimeFormatter format = parts.get(i).date();
          if (format != null) {
            dates[i] = format.format(Instant.ofEpochMilli(timestamp).atOffset(ZoneOffset.UTC));
          }
        }
      }
      return dates[part];
    }

    private String value(EventBatch batch, int field, int row) {
      Column column = batch.column(field);
      if (column.isNull(row)) {
        if (ofNull != null) {
          return ofNull;
        }
        throw RefusedRows.noName(
            text, "field '" + batch.schema().field(field).name() + "' is null");
      }
      return escape.apply(texts.text(column, row));
    }
  }
}
