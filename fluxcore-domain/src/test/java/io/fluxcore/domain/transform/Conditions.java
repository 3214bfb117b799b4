package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;

/** The same condition on the field n by column, by event and by row; it fails for some values. */
final class Conditions {
  private Conditions() {}

  static boolean isBad(Row row, int bad) {
    return row.get("n") != null && (Long) row.get("n") == bad;
  }

  static boolean isBelow(Row row, long limit) {
    return row.get("n") != null && (Long) row.get("n") < limit;
  }

  static RowCondition below(long limit, int bad) {
    return (batch, rows, errors) -> select(batch, rows, errors, limit, bad);
  }

  static RowCondition belowByCode(long limit, int bad) {
    return RowCondition.code(
        event -> {
          if (event.getValue("n") == bad) {
            throw new IllegalStateException("bad " + bad);
          }
          return event.getValue("n") < limit;
        });
  }

  private static int select(EventBatch batch, int[] rows, RowErrors errors, long limit, int bad) {
    LongColumn n = (LongColumn) batch.column("n");
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (n.isNull(row)) {
        continue;
      }
      if (n.value(row) == bad) {
        errors.failed(row, new RecordException("FLX-TEST-0001", "bad " + bad));
      } else if (n.value(row) < limit) {
        rows[count++] = row;
      }
    }
    return count;
  }
}
