package io.fluxcore.adapters.in.sql;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.error.FluxCoreException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A database, and how one gets in. Thread-safe.
 *
 * @param url its address, without password
 * @param driver class name of the driver, or null: found by the address
 * @param timeout how long an answer may take
 */
public record SqlDatabase(
    SqlDialect dialect,
    String url,
    @Nullable String user,
    Secret password,
    @Nullable String driver,
    Duration timeout) {
  private static final String URL = "url";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String DRIVER = "driver";
  private static final String TIMEOUT = "queryTimeout";

  /** The options, beside those of what is read. */
  public static List<OptionSpec> specs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(
        OptionSpec.requiredUnlessOfHost(
                URL,
                OptionSpec.Type.STRING,
                "Address of the database, such as `jdbc:postgresql://host/database`,"
                    + " `jdbc:mariadb://host/database` or `jdbc:h2:…`; without password.")
            .asAddress());
    specs.add(OptionSpec.optional(USER, OptionSpec.Type.STRING, null, "User of the database."));
    specs.addAll(Secret.specs(PASSWORD, "The user's password"));
    specs.add(
        OptionSpec.optional(
            DRIVER,
            OptionSpec.Type.STRING,
            null,
            "Class of the driver; it is found by the address unless given."));
    specs.add(
        OptionSpec.optional(
            TIMEOUT,
            OptionSpec.Type.DURATION,
            "1m",
            "How long a query may take, from 1s to 1d; then it is tried again."));
    return specs;
  }

  /** What the options say. */
  public static SqlDatabase of(ConnectorOptions options, OptionProblems problems) {
    String url = options.string(URL);
    SqlDialect dialect = SqlDialect.find(url);
    if (dialect == null) {
      problems.add(
          URL,
          "'" + url + "' is an address of none of PostgreSQL, MariaDB, MySQL and H2",
          "give one such as jdbc:postgresql://host/database");
    }
    if (url.toLowerCase(Locale.ROOT).contains("password=")) {
      problems.add(
          URL,
          "it holds a password, which would show wherever the address does",
          "give it in the option 'password' or 'passwordFile'");
    }
    Duration timeout = options.duration(TIMEOUT);
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      problems.add(TIMEOUT, timeout + " is out of range", "give a value from 1s to 1d");
    }
    return new SqlDatabase(
        dialect == null ? SqlDialect.POSTGRESQL : dialect,
        url,
        options.optionalString(USER),
        Secret.of(options, PASSWORD, problems),
        options.optionalString(DRIVER),
        timeout);
  }

  /**
   * A new connection, without automatic commits.
   *
   * @throws SQLException if there is none now
   * @throws FluxCoreException if there is no driver
   */
  public Connection connect() throws SQLException {
    requireDriver();
    Properties properties = new Properties();
    dialect.properties(properties, timeout.toMillis());
    put(properties, "user", user);
    put(properties, "password", password.read());
    Connection connection = DriverManager.getConnection(url, properties);
    try {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void put(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  private void requireDriver() {
    if (driver != null) {
      try {
        Class.forName(driver);
      } catch (ClassNotFoundException | LinkageError e) {
        throw SqlErrors.user(
            SqlErrors.NO_DRIVER,
            DRIVER,
            "there is no driver '" + driver + "' on the class path",
            "add its jar, or leave the option out: the driver is found by the address");
      }
    }
    if (DriverManager.drivers().noneMatch(this::accepts)) {
      throw SqlErrors.user(
          SqlErrors.NO_DRIVER,
          URL,
          "no driver on the class path accepts " + url,
          "add " + dialect.driver());
    }
  }

  private boolean accepts(Driver candidate) {
    try {
      return candidate.acceptsURL(url);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Its address. */
  @Override
  public String toString() {
    return url;
  }
}
