package io.fluxcore.adapters.in.outbox;

import io.fluxcore.adapters.in.sql.SqlErrors;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The changes in one outbox: one split. */
final class OutboxSource implements Source {
  private static final Pattern POSITION = Pattern.compile("change (\\d{1,18})");

  private final OutboxSettings settings;
  private final @Nullable Schema schema;

  OutboxSource(OutboxSettings settings, @Nullable Schema schema) {
    this.settings = settings;
    this.schema = schema;
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public Changes changes() {
    return Changes.retracts(null);
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  @Override
  public void check() {
    try (Connection connection = settings.database().connect()) {
      List<String> missing = new Installation(settings).missing(connection);
      connection.rollback();
      if (!missing.isEmpty() && !settings.install()) {
        throw OutboxErrors.notInstalled(settings + " or its triggers are not there", missing);
      }
    } catch (SQLException e) {
      throw SqlErrors.of(e, "look at " + settings.outbox(), settings.database());
    }
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split("changes"));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new OutboxReader(settings, context);
  }

  static SplitPosition position(long id) {
    return new SplitPosition("change " + id);
  }

  static long id(String position) {
    Matcher found = POSITION.matcher(position);
    if (!found.matches()) {
      throw OutboxErrors.position(position);
    }
    return Long.parseLong(found.group(1));
  }

  @Override
  public String toString() {
    return "outbox source of " + settings;
  }
}
