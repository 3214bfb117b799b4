package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import java.util.Base64;

/** Column values as the texts that CSV and tables show. Not thread-safe. */
public final class TextValues {
  private final TimeText times = new TimeText();
  private final StringBuilder buffer = new StringBuilder();

  /** The text of a row that is not null. */
  public String text(Column column, int row) {
    if (column instanceof LongColumn longs) {
      return longBacked(longs.type(), longs.value(row));
    }
    if (column instanceof DecimalColumn decimals) {
      return decimals.value(row).toPlainString();
    }
    if (column instanceof BytesColumn bytes) {
      return Base64.getEncoder().encodeToString(bytes.value(row));
    }
    if (column instanceof NestedColumn nested) {
      return JsonRowEncoder.nestedText(nested.value(row));
    }
    return String.valueOf(column.get(row));
  }

  private String longBacked(DataType type, long value) {
    return switch (type.kind()) {
      case DATE -> times.date(value);
      case TIMESTAMP, TIMESTAMP_TZ -> {
        buffer.setLength(0);
        times.timestamp(value, type.kind() == DataType.Kind.TIMESTAMP_TZ, buffer);
        yield buffer.toString();
      }
      default -> Long.toString(value);
    };
  }
}
