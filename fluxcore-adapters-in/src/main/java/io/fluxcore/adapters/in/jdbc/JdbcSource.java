package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.sql.SqlErrors;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.event.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of a table or query; splits are rows of one remainder of the column, or all. */
final class JdbcSource implements Source {

  private final JdbcSettings settings;
  private final @Nullable Schema schema;

  JdbcSource(JdbcSettings settings, @Nullable Schema schema) {
    this.settings = settings;
    this.schema = schema;
  }

  JdbcSettings settings() {
    return settings;
  }

  /** Where a start without a checkpoint begins. */
  RowPosition start() {
    return switch (settings.startFrom()) {
      case EARLIEST -> RowPosition.EARLIEST;
      case LATEST -> RowPosition.LATEST;
      case VALUE -> new RowPosition(List.of(String.valueOf(settings.startAfter())), null, false);
    };
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public boolean isBounded() {
    return settings.bounded();
  }

  @Override
  public boolean isReplayable() {
    return settings.column() != null;
  }

  @Override
  public void check() {
    try (Connection connection = settings.database().connect()) {
      Relation.look(connection, settings, schema == null ? Schema.of() : schema);
      connection.rollback();
    } catch (SQLException e) {
      throw SqlErrors.of(e, "read " + settings.what(), settings.database());
    }
  }

  @Override
  public List<Split> discoverSplits() {
    int splits = settings.splits();
    return IntStream.range(0, splits)
        .mapToObj(i -> new Split(splits == 1 ? "rows" : "rows-" + i + "-of-" + splits))
        .toList();
  }

  /** The remainder that a split is of. */
  static int number(Split split) {
    String[] parts = split.id().split("-", -1);
    return parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new JdbcReader(this, context);
  }

  @Override
  public @Nullable SplitSeeking seeking() {
    return isReplayable() ? Seeking.INSTANCE : null;
  }

  /** By the values of rows. */
  private enum Seeking implements SplitSeeking {
    INSTANCE;

    @Override
    public Set<SeekBy> by() {
      return EnumSet.of(SeekBy.POSITION);
    }

    @Override
    public SplitPosition earliest(Split split) {
      return RowPosition.EARLIEST.toSplitPosition();
    }

    @Override
    public SplitPosition position(Split split, String text) {
      return RowPosition.parse(text).toSplitPosition();
    }
  }

  @Override
  public String toString() {
    return "jdbc source of " + settings;
  }
}
