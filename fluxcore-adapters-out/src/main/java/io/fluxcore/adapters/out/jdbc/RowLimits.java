package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.adapters.out.jdbc.Target.ColumnFacts;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a row without asking the database: whether a value is missing, or too large
 * for its column. Such a row is told at once, with the bytes that it came from; what only the
 * database knows (its constraints) is told when the row gets there.
 */
final class RowLimits {
  private final Target target;
  private final List<ColumnFacts> facts;
  private final boolean noNulCharacters;

  RowLimits(Target target, List<ColumnFacts> facts, Dialect dialect) {
    this.target = target;
    this.facts = facts;
    this.noNulCharacters = dialect == Dialect.POSTGRESQL;
  }

  /** What is wrong with a row that is to be written, or null. */
  @Nullable RecordException problem(EventBatch batch, int row) {
    for (int i = 0; i < facts.size(); i++) {
      RecordException problem = problem(batch, row, i);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  /** What is wrong with the key of a row that is to be deleted, or null. */
  @Nullable RecordException keyProblem(EventBatch batch, int row) {
    for (int i : target.keyOrdinals()) {
      RecordException problem = problem(batch, row, i);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private @Nullable RecordException problem(EventBatch batch, int row, int field) {
    String problem = problem(batch.column(field), row, facts.get(field));
    return problem == null
        ? null
        : JdbcErrors.value(
            batch.schema().field(field).name(), target.columns().get(field), problem);
  }

  private @Nullable String problem(Column column, int row, ColumnFacts facts) {
    if (column.isNull(row)) {
      return facts.isNullable() && !target.keys().contains(facts.name())
          ? null
          : "it is null, and the column takes no nulls";
    }
    if (column instanceof LongColumn longs) {
      return outOfRange(longs.values()[row], facts);
    }
    return column instanceof StringColumn strings ? tooLong(strings.value(row), facts) : null;
  }

  private static @Nullable String outOfRange(long value, ColumnFacts facts) {
    boolean fits =
        switch (facts.type()) {
          case Types.TINYINT -> value == (byte) value;
          case Types.SMALLINT -> value == (short) value;
          case Types.INTEGER -> value == (int) value;
          default -> true;
        };
    return fits ? null : value + " is out of the range of " + facts.typeName();
  }

  private @Nullable String tooLong(String value, ColumnFacts facts) {
    if (noNulCharacters && value.indexOf('\0') >= 0) {
      return "it has a character U+0000, which PostgreSQL does not take";
    }
    int size = facts.size();
    boolean limited = facts.type() == Types.VARCHAR || facts.type() == Types.CHAR;
    if (!limited || size <= 0 || value.length() <= size) {
      return null;
    }
    int characters = value.codePointCount(0, value.length());
    return characters <= size
        ? null
        : "it has " + characters + " characters, and the column takes " + size;
  }
}
