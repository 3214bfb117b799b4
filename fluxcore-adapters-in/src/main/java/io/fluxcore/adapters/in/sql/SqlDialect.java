package io.fluxcore.adapters.in.sql;

import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What databases say differently. */
public enum SqlDialect {
  H2(List.of("jdbc:h2:"), "com.h2database:h2", '"'),

  POSTGRESQL(List.of("jdbc:postgresql:"), "org.postgresql:postgresql", '"') {
    @Override
    void properties(Properties properties, long answerMillis) {
      // Texts for any column that is compared with them (uuid, an enumeration).
      properties.setProperty("stringtype", "unspecified");
      properties.setProperty("ApplicationName", "fluxcore");
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("socketTimeout", Long.toString(answerMillis / 1000 + CONNECT_SECONDS));
    }
  },

  /** MySQL, too. */
  MARIADB(List.of("jdbc:mariadb:", "jdbc:mysql:"), "org.mariadb.jdbc:mariadb-java-client", '`') {
    @Override
    void properties(Properties properties, long answerMillis) {
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS * 1000));
      properties.setProperty(
          "socketTimeout", Long.toString(answerMillis + CONNECT_SECONDS * 1000L));
    }
  };

  private static final int CONNECT_SECONDS = 10;

  private final List<String> prefixes;
  private final String driver;
  private final char quote;

  SqlDialect(List<String> prefixes, String driver, char quote) {
    this.prefixes = prefixes;
    this.driver = driver;
    this.quote = quote;
  }

  /** That of an address, or null. */
  public static @Nullable SqlDialect find(String url) {
    for (SqlDialect dialect : values()) {
      if (dialect.prefixes.stream().anyMatch(url::startsWith)) {
        return dialect;
      }
    }
    return null;
  }

  /** Group and artifact of the driver. */
  String driver() {
    return driver;
  }

  /**
   * Settings of connections.
   *
   * @param answerMillis how long an answer may take
   */
  void properties(Properties properties, long answerMillis) {}

  /** A name in statements. */
  public String quoted(String name) {
    return quote + name.replace(String.valueOf(quote), "" + quote + quote) + quote;
  }

  /** Names in statements, with commas between. */
  public String quoted(List<String> names) {
    return names.stream().map(this::quoted).collect(Collectors.joining(", "));
  }
}
