package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.StructKind;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Types of SQL and of FluxCore. Whole numbers of every width are LONG, approximate numbers DOUBLE,
 * texts STRING, and so are times of day; rows, arrays and maps are NESTED, and only SQL knows what
 * they hold.
 */
public final class SqlTypes {
  private static final Pattern SIMPLE =
      Pattern.compile(
          "([A-Z_]+)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?(.*)", Pattern.DOTALL);
  private static final int MICROS = 6;

  private SqlTypes() {}

  /** How values of a type of SQL are held. */
  public static DataType held(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case TINYINT, SMALLINT, INTEGER, BIGINT -> DataType.LONG;
      case FLOAT, REAL, DOUBLE -> DataType.DOUBLE;
      case DECIMAL -> DataType.decimal(type.getPrecision(), Math.max(0, type.getScale()));
      case CHAR, VARCHAR, SYMBOL, NULL, TIME -> DataType.STRING; // a time in its one text
      case BINARY, VARBINARY -> DataType.BYTES;
      case DATE -> DataType.DATE;
      case TIMESTAMP -> DataType.TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> DataType.TIMESTAMP_TZ;
      case ROW, ARRAY, MAP, MULTISET, ANY, VARIANT -> DataType.NESTED;
      default ->
          throw FluxCoreException.user(
              "FLX-QUERY-0010",
              Place.WHOLE,
              "values of the type " + type + " cannot be held in a stream",
              "cast it to another type, such as STRING or BIGINT");
    };
  }

  /** The type of SQL for values that are held so; nullable. */
  public static RelDataType of(DataType type, RelDataTypeFactory factory) {
    RelDataType result =
        switch (type.kind()) {
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case LONG -> factory.createSqlType(SqlTypeName.BIGINT);
          case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
          case STRING -> text(factory);
          case BYTES -> factory.createSqlType(SqlTypeName.VARBINARY);
          case DATE -> factory.createSqlType(SqlTypeName.DATE);
          case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, MICROS);
          case TIMESTAMP_TZ ->
              factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, MICROS);
          case NESTED -> factory.createSqlType(SqlTypeName.ANY);
        };
    return factory.createTypeWithNullability(result, true);
  }

  /** As people write it. */
  public static String written(RelDataType type) {
    return type.getFullTypeString()
        .replace(" CHARACTER SET \"UTF-8\"", "")
        .replace(" COLLATE \"UTF-8$en_US$primary\"", "")
        .replace("VARCHAR(2147483647)", "STRING")
        .replace("VARCHAR", "STRING")
        .replace("TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_LTZ");
  }

  static RelDataType text(RelDataTypeFactory factory) {
    return factory.createTypeWithCharsetAndCollation(
        factory.createSqlType(SqlTypeName.VARCHAR),
        factory.getDefaultCharset(),
        SqlCollation.IMPLICIT);
  }

  /**
   * The type of a text such as {@code DECIMAL(10, 2) NOT NULL}, {@code ROW<a INT, b
   * ARRAY<STRING>>}.
   *
   * @throws FluxCoreException of category USER with its place, if there is no such type
   */
  public static RelDataType parse(SqlText source, RelDataTypeFactory factory) {
    String text = source.text().strip();
    String upper = text.toUpperCase(Locale.ROOT);
    boolean nullable = true;
    if (upper.endsWith("NOT NULL")) {
      nullable = false;
      text = text.substring(0, text.length() - "NOT NULL".length()).strip();
    } else if (upper.endsWith(" NULL")) {
      text = text.substring(0, text.length() - " NULL".length()).strip();
    }
    RelDataType type = parse(text, source, factory);
    return factory.createTypeWithNullability(type, nullable);
  }

  private static RelDataType parse(String text, SqlText source, RelDataTypeFactory factory) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (upper.endsWith("[]")) {
      return list(text.substring(0, text.length() - 2), source, factory);
    }
    if (upper.endsWith(" ARRAY")) {
      return list(text.substring(0, text.length() - " ARRAY".length()), source, factory);
    }
    int open = text.indexOf('<') >= 0 ? text.indexOf('<') : text.indexOf('(');
    if (open > 0) {
      String word = upper.substring(0, open).strip();
      String inner = text.substring(open + 1, Math.max(open + 1, text.length() - 1));
      switch (word) {
        case "ROW", "STRUCT" -> {
          return row(inner, source, factory);
        }
        case "ARRAY", "MULTISET" -> {
          return list(inner, source, factory);
        }
        case "MAP" -> {
          List<String> parts = split(inner);
          if (parts.size() == 2) {
            return factory.createMapType(
                nullable(parts.get(0), source, factory), nullable(parts.get(1), source, factory));
          }
        }
        default -> {}
      }
    }
    return simple(upper, source, factory);
  }

  private static RelDataType nullable(String text, SqlText source, RelDataTypeFactory factory) {
    return parse(new SqlText(text.strip(), source.line(), source.column()), factory);
  }

  private static RelDataType list(String inner, SqlText source, RelDataTypeFactory factory) {
    return factory.createArrayType(nullable(inner, source, factory), -1);
  }

  private static RelDataType row(String inner, SqlText source, RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder fields =
        factory.builder().kind(StructKind.PEEK_FIELDS_NO_EXPAND); // row.field without the table
    for (String part : split(inner)) {
      String field = part.strip();
      boolean isQuoted = field.startsWith("`") || field.startsWith("\"");
      int end = isQuoted ? field.indexOf(field.charAt(0), 1) + 1 : blank(field);
      if (end <= 0 || end >= field.length()) {
        throw unknown(part, source);
      }
      String name = isQuoted ? field.substring(1, end - 1) : field.substring(0, end);
      fields.add(name, nullable(field.substring(end), source, factory));
    }
    return fields.build();
  }

  private static int blank(String text) {
    int at = 0;
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** At the commas that belong to nothing that opens within. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '<' || c == '(') {
        depth++;
      } else if (c == '>' || c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static RelDataType simple(String upper, SqlText source, RelDataTypeFactory factory) {
    Matcher matcher = SIMPLE.matcher(upper);
    if (!matcher.matches()) {
      throw unknown(upper, source);
    }
    String tail = matcher.group(4).strip().replaceAll("\\s+", " ");
    String word = matcher.group(1) + (tail.isEmpty() ? "" : " " + tail);
    int first = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
    int second = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return switch (word) {
      case "BOOLEAN", "BOOL" -> factory.createSqlType(SqlTypeName.BOOLEAN);
      case "TINYINT" -> factory.createSqlType(SqlTypeName.TINYINT);
      case "SMALLINT" -> factory.createSqlType(SqlTypeName.SMALLINT);
      case "INT", "INTEGER" -> factory.createSqlType(SqlTypeName.INTEGER);
      case "BIGINT", "LONG" -> factory.createSqlType(SqlTypeName.BIGINT);
      case "FLOAT", "REAL" -> factory.createSqlType(SqlTypeName.FLOAT);
      case "DOUBLE", "DOUBLE PRECISION" -> factory.createSqlType(SqlTypeName.DOUBLE);
      case "DECIMAL", "NUMERIC", "DEC" ->
          first < 0
              ? factory.createSqlType(SqlTypeName.DECIMAL, 10, 0)
              : factory.createSqlType(SqlTypeName.DECIMAL, first, second);
      case "STRING", "TEXT", "VARCHAR", "CHAR", "CHARACTER VARYING", "CHARACTER" -> text(factory);
      case "BYTES", "VARBINARY", "BINARY" -> factory.createSqlType(SqlTypeName.VARBINARY);
      case "DATE" -> factory.createSqlType(SqlTypeName.DATE);
      case "TIME", "TIME WITHOUT TIME ZONE" ->
          factory.createSqlType(SqlTypeName.TIME, Math.min(Math.max(0, first), MICROS));
      case "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE" ->
          time(SqlTypeName.TIMESTAMP, first, factory);
      case "TIMESTAMP_LTZ",
          "TIMESTAMPTZ",
          "TIMESTAMP WITH LOCAL TIME ZONE",
          "TIMESTAMP WITH TIME ZONE" ->
          time(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, first, factory);
      case "JSON", "VARIANT", "ANY" -> factory.createSqlType(SqlTypeName.ANY);
      default -> throw unknown(upper, source);
    };
  }

  private static RelDataType time(SqlTypeName name, int precision, RelDataTypeFactory factory) {
    return factory.createSqlType(name, precision < 0 ? MICROS : Math.min(precision, MICROS));
  }

  private static FluxCoreException unknown(String text, SqlText source) {
    return FluxCoreException.user(
        "FLX-QUERY-0011",
        source.placeOf(0),
        "'" + text.strip() + "' is not a type",
        "types are BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p, s), STRING,"
            + " BYTES, DATE, TIME(p), TIMESTAMP(p), TIMESTAMP_LTZ(p), ROW<name type, …>, ARRAY<type>,"
            + " MAP<type, type>, JSON");
  }
}
