package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Parquet by a program that has nothing to do with the library that writes it: DuckDB. */
public final class ParquetReadBack {
  private ParquetReadBack() {}

  /** What is asked of a database without tables. */
  @FunctionalInterface
  private interface Question<T> {
    void ask(ResultSet results, List<T> into) throws SQLException;
  }

  private static <T> List<T> ask(String sql, Question<T> question) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("set TimeZone = 'UTC'");
      List<T> answers = new ArrayList<>();
      try (ResultSet results = statement.executeQuery(sql)) {
        while (results.next()) {
          question.ask(results, answers);
        }
      }
      return answers;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The rows of a file, in their order. */
  public static List<List<@Nullable Object>> rows(Schema schema, Path file) {
    return ask(
        "select * from read_parquet('" + file + "')",
        (results, rows) -> {
          List<@Nullable Object> row = new ArrayList<>();
          for (Field field : schema.fields()) {
            row.add(value(results, field));
          }
          rows.add(row);
        });
  }

  /** Types of the columns by their names, as DuckDB calls them. */
  public static Map<String, String> types(Path file) {
    Map<String, String> types = new LinkedHashMap<>();
    ask(
        "describe select * from read_parquet('" + file + "')",
        (results, names) -> types.put(results.getString(1), results.getString(2)));
    return types;
  }

  /** A column of the description of the column chunks. */
  public static List<String> chunks(Path file, String what) {
    return ask(
        "select " + what + " from parquet_metadata('" + file + "')",
        (results, found) -> found.add(results.getString(1)));
  }

  private static byte[] bytes(Blob blob) throws SQLException {
    return blob.length() == 0 ? new byte[0] : blob.getBytes(1, (int) blob.length());
  }

  private static @Nullable Object value(ResultSet results, Field field) throws SQLException {
    String name = field.name();
    if (results.getObject(name) == null) {
      return null;
    }
    DataType type = field.type();
    return switch (type.kind()) {
      case BOOLEAN -> results.getBoolean(name);
      case LONG -> results.getLong(name);
      case DOUBLE -> results.getDouble(name);
      case DECIMAL -> results.getObject(name, BigDecimal.class);
      case STRING -> results.getString(name);
      case BYTES -> bytes(results.getBlob(name));
      case DATE -> results.getObject(name, LocalDate.class);
      case TIMESTAMP -> results.getObject(name, LocalDateTime.class);
      case TIMESTAMP_TZ -> results.getObject(name, OffsetDateTime.class).toInstant();
      case NESTED -> JsonReadBack.text(type, results.getString(name));
    };
  }
}
