package peers.flink;

import io.fluxcore.benchmarks.peer.ChangeSum;
import io.fluxcore.benchmarks.peer.RowHash;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.types.RowKind;
import peers.core.Meter;
import peers.core.Sum;

/** The table connector 'peerrows': the sum of whole rows, whatever their columns are. */
public final class RowsConnector implements DynamicTableSinkFactory {
  @Override
  public String factoryIdentifier() {
    return "peerrows";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return new Table(
        context
            .getCatalogTable()
            .getResolvedSchema()
            .toPhysicalRowDataType()
            .getLogicalType()
            .getChildren());
  }

  private record Table(List<LogicalType> types) implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return ChangelogMode.all();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return SinkV2Provider.of(new Rows(types.toArray(LogicalType[]::new)));
    }

    @Override
    public DynamicTableSink copy() {
      return new Table(types);
    }

    @Override
    public String asSummaryString() {
      return "peerrows";
    }
  }

  private static final class Rows implements Sink<RowData> {
    private static final long serialVersionUID = 1L;

    private final LogicalType[] types;

    Rows(LogicalType[] types) {
      this.types = types;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
      ChangeSum sum = new ChangeSum(new Sum());
      return new SinkWriter<>() {
        @Override
        public void write(RowData row, Context ignored) {
          long hash = 0;
          for (int i = 0; i < types.length; i++) {
            hash = RowHash.with(hash, row.isNullAt(i) ? RowHash.NULL : value(row, i));
          }
          RowKind kind = row.getRowKind();
          sum.add(kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE, hash);
        }

        @Override
        public void flush(boolean endOfInput) {
          if (endOfInput) {
            Meter.sinkDone();
          }
        }

        @Override
        public void close() {
          // nothing is held
        }
      };
    }

    private long value(RowData row, int i) {
      return switch (types[i].getTypeRoot()) {
        case BIGINT -> row.getLong(i);
        case INTEGER -> row.getInt(i);
        case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
            row.getTimestamp(i, 3).getMillisecond();
        case DECIMAL -> {
          DecimalType type = (DecimalType) types[i];
          yield row.getDecimal(i, type.getPrecision(), type.getScale())
              .toBigDecimal()
              .unscaledValue()
              .longValue();
        }
        case CHAR, VARCHAR ->
            RowHash.READS_TEXTS ? row.getString(i).toString().hashCode() : RowHash.NULL;
        default -> throw new IllegalArgumentException("no sum of " + types[i]);
      };
    }
  }
}
