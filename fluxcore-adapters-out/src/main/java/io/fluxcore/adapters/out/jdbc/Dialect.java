package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.event.DataType;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What databases say differently. */
enum Dialect {
  H2("jdbc:h2:", "blob") {
    @Override
    String indexName(String schema, String name) {
      return quoted(schema) + "." + name;
    }

    @Override
    String upsert(String table, List<String> columns, List<String> keys) {
      return "merge into "
          + table
          + " ("
          + names(columns)
          + ") key ("
          + names(keys)
          + ") values ("
          + marks(columns.size())
          + ")";
    }

    @Override
    String typeName(DataType type) {
      return switch (type.kind()) {
        case STRING -> "character varying";
        case BYTES -> "binary varying(1048576)";
        default -> common(type);
      };
    }
  },

  POSTGRESQL("jdbc:postgresql:", "bytea") {
    @Override
    String upsert(String table, List<String> columns, List<String> keys) {
      List<String> others = columns.stream().filter(column -> !keys.contains(column)).toList();
      String update =
          others.stream()
              .map(column -> quoted(column) + " = excluded." + quoted(column))
              .collect(Collectors.joining(", "));
      return insert(table, columns)
          + " on conflict ("
          + names(keys)
          + ") do "
          + (others.isEmpty() ? "nothing" : "update set " + update);
    }

    @Override
    String typeName(DataType type) {
      return switch (type.kind()) {
        case STRING -> "text";
        case BYTES -> "bytea";
        default -> common(type);
      };
    }

    @Override
    void properties(Properties properties, String session, Duration answer) {
      // Many rows in one statement, strings for any column (json, uuid, an enumeration).
      properties.setProperty("reWriteBatchedInserts", "true");
      properties.setProperty("stringtype", "unspecified");
      properties.setProperty("ApplicationName", session);
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("socketTimeout", Long.toString(answer.toSeconds()));
    }
  };

  private static final int CONNECT_SECONDS = 10;

  private final String prefix;
  private final String bytesType;

  Dialect(String prefix, String bytesType) {
    this.prefix = prefix;
    this.bytesType = bytesType;
  }

  /** That of an address, or null. */
  static @Nullable Dialect find(String url) {
    for (Dialect dialect : values()) {
      if (url.startsWith(dialect.prefix)) {
        return dialect;
      }
    }
    return null;
  }

  /** A column of bytes of any length. */
  String bytesType() {
    return bytesType;
  }

  /**
   * Settings of connections.
   *
   * @param session what the database is to call them, if it can
   * @param answer how long the database may take for one, if that can be bounded
   */
  void properties(Properties properties, String session, Duration answer) {}

  /** The name of an index that is made in the schema of its table. */
  String indexName(String schema, String name) {
    return name;
  }

  /** A statement for one row, which replaces the one of its key. */
  abstract String upsert(String table, List<String> columns, List<String> keys);

  /** The type of the column that is made for a field. */
  abstract String typeName(DataType type);

  static String common(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case LONG -> "bigint";
      case DOUBLE -> "double precision";
      case DECIMAL -> "numeric(" + type.precision() + ", " + type.scale() + ")";
      case DATE -> "date";
      case TIMESTAMP -> "timestamp(6)";
      case TIMESTAMP_TZ -> "timestamp(6) with time zone";
      case STRING, BYTES, NESTED -> throw new IllegalArgumentException(type.toString());
    };
  }

  /** A statement for one row. */
  static String insert(String table, List<String> columns) {
    return "insert into "
        + table
        + " ("
        + names(columns)
        + ") values ("
        + marks(columns.size())
        + ")";
  }

  /** A statement that deletes the row of a key. */
  static String deletion(String table, List<String> keys) {
    return "delete from "
        + table
        + " where "
        + keys.stream().map(key -> quoted(key) + " = ?").collect(Collectors.joining(" and "));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String names(List<String> columns) {
    return columns.stream().map(Dialect::quoted).collect(Collectors.joining(", "));
  }

  private static String marks(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }
}
