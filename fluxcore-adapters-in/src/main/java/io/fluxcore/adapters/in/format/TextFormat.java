package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.RegexCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text lines: a pattern matches the whole line, and its named groups are the fields. The pattern is
 * one of {@link NamedPattern}, or a regular expression of the user's. Without a pattern the line
 * itself is the only field, {@code line}.
 */
public final class TextFormat implements RecordFormat {
  /** The field of a line without a pattern. */
  public static final String LINE = "line";

  private final LinePattern pattern;
  private final Schema schema;
  private final FieldSettings settings;
  private final @Nullable String nullText;

  private TextFormat(
      LinePattern pattern, Schema schema, FieldSettings settings, @Nullable String nullText) {
    this.pattern = pattern;
    this.schema = schema;
    this.settings = settings;
    this.nullText = nullText;
  }

  /**
   * Lines of a pattern.
   *
   * @param pattern name of a {@link NamedPattern}, a regular expression with named groups, or null
   * @param declared types of fields, where they are not those of the pattern
   * @throws FluxCoreException if the pattern is no regular expression or names no group
   */
  public static TextFormat of(
      @Nullable String pattern,
      @Nullable Schema declared,
      FieldSettings settings,
      RegexCompiler regex) {
    NamedPattern named = pattern == null ? null : NamedPattern.find(pattern);
    if (named != null) {
      Map<String, String> formats = new HashMap<>(named.timeFormats());
      formats.putAll(settings.timeFormats());
      FieldSettings withFormats =
          new FieldSettings(
              formats,
              settings.zone(),
              settings.nullText(),
              settings.required(),
              settings.latin1());
      String nullText = settings.nullText();
      return new TextFormat(
          named.pattern(),
          retyped(named.schema(), declared),
          withFormats,
          nullText == null ? named.nullText() : nullText);
    }
    LinePattern lines =
        pattern == null ? WholeLine.INSTANCE : RegexPattern.of(pattern, regex, settings.latin1());
    List<Field> fields = new ArrayList<>();
    lines.names().forEach(n -> fields.add(new Field(n, DataType.STRING)));
    return new TextFormat(
        lines, retyped(Schema.of(fields), declared), settings, settings.nullText());
  }

  private static Schema retyped(Schema own, @Nullable Schema declared) {
    if (declared == null) {
      return own;
    }
    List<Field> fields = new ArrayList<>();
    for (Field field : own.fields()) {
      Field other = declared.find(field.name());
      fields.add(other == null ? field : other);
    }
    checkNames(own, new LinkedHashSet<>(declared.fieldNames()), "schema");
    return Schema.of(fields);
  }

  private static void checkNames(Schema own, Set<String> asked, String option) {
    asked.removeAll(new LinkedHashSet<>(own.fieldNames()));
    if (!asked.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-FORMAT-0102",
          Place.of(option),
          "the pattern gives no field " + String.join(", ", asked),
          "its fields are " + String.join(", ", own.fieldNames()));
    }
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    return RecordFramer.LINES;
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    Set<String> asked = new LinkedHashSet<>(wanted.fieldNames());
    asked.addAll(settings.required());
    checkNames(schema, asked, "pattern");
    return new TextRows(() -> pattern::split, pattern.names(), wanted, settings, nullText, keepRaw);
  }
}
