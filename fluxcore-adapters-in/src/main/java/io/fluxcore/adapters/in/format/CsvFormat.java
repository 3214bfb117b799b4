package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV after RFC 4180, with {@code \n} or {@code \r\n}: a value may stand in quotes, and may then
 * hold delimiters, line ends and doubled quotes. A quote within an unquoted value is just a
 * character. Every record has as many values as there are columns. An empty line is skipped, unless
 * there is one column only: then it is a record of an empty value.
 */
public final class CsvFormat implements RecordFormat {
  private static final String NO_COLUMN = "FLX-FORMAT-0101";

  private final byte delimiter;
  private final byte quote;
  private final boolean header;
  private final List<String> columns;
  private final @Nullable Schema schema;
  private final FieldSettings settings;

  /**
   * CSV of these columns.
   *
   * @param columns in the order of the file; empty: the header names them
   * @param schema the declared fields, or null
   */
  public CsvFormat(
      char delimiter,
      char quote,
      boolean header,
      List<String> columns,
      @Nullable Schema schema,
      FieldSettings settings) {
    this.delimiter = (byte) delimiter;
    this.quote = (byte) quote;
    this.header = header;
    this.columns = List.copyOf(columns);
    this.schema = schema;
    this.settings = settings;
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public boolean hasHeader() {
    return header;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] headerRecord) {
    int count = columns.isEmpty() ? names(headerRecord).size() : columns.size();
    return new CsvFramer(delimiter, quote, count == 1 && (!header || headerRecord != null));
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] headerRecord) {
    List<String> names = columns.isEmpty() ? names(headerRecord) : columns;
    checkColumns(wanted, names);
    String nullText = settings.nullText();
    return new TextRows(
        () -> new CsvSplitter(delimiter, quote, names.size()),
        names,
        wanted,
        settings,
        nullText == null ? "" : nullText,
        keepRaw);
  }

  private List<String> names(byte @Nullable [] headerRecord) {
    List<String> names = new ArrayList<>();
    if (headerRecord != null) {
      try {
        for (byte[] name : new CsvSplitter(delimiter, quote, 0).values(headerRecord)) {
          names.add(TextField.string("header", name, 0, name.length, settings.latin1()).strip());
        }
      } catch (BadValue e) {
        throw FluxCoreException.user(
            NO_COLUMN, Place.of("header"), "the header cannot be read: " + e.text(), "mend it");
      }
    }
    return names;
  }

  private void checkColumns(Schema wanted, List<String> names) {
    Set<String> needed = new LinkedHashSet<>();
    for (Field field : wanted.fields()) {
      needed.add(field.name());
    }
    needed.addAll(settings.required());
    needed.removeAll(new HashSet<>(names));
    if (!needed.isEmpty()) {
      throw FluxCoreException.user(
          NO_COLUMN,
          Place.of("columns"),
          "there is no column " + String.join(", ", needed),
          names.isEmpty()
              ? "name the columns by a header or by the option columns"
              : "the columns are " + String.join(", ", names));
    }
  }
}
