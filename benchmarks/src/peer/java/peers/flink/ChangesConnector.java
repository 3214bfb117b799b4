package peers.flink;

import io.fluxcore.benchmarks.peer.ChangeSum;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.types.RowKind;
import peers.core.Cfg;
import peers.core.Meter;
import peers.core.Sum;

/** The table connector 'peerchanges': the row sum of what the changes of a query make. */
public final class ChangesConnector implements DynamicTableSinkFactory {
  @Override
  public String factoryIdentifier() {
    return "peerchanges";
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
    return new Table();
  }

  private static final class Table implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return ChangelogMode.all();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return SinkV2Provider.of(new Changes());
    }

    @Override
    public DynamicTableSink copy() {
      return new Table();
    }

    @Override
    public String asSummaryString() {
      return "peerchanges";
    }
  }

  private static final class Changes implements Sink<RowData> {
    private static final long serialVersionUID = 1L;

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
      ChangeSum sum = new ChangeSum(new Sum());
      return switch (Cfg.QUERY) {
        case "N" -> writer(row -> sum.add(isRetraction(row), row.getLong(0), row.getLong(2)));
        case "I" ->
            writer(
                row ->
                    sum.add(
                        isRetraction(row),
                        row.getLong(0),
                        row.getString(1).toString().hashCode(),
                        row.getLong(2),
                        row.getLong(3)));
        default ->
            writer(
                row ->
                    sum.add(
                        isRetraction(row),
                        row.getLong(0),
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3)));
      };
    }

    private static boolean isRetraction(RowData row) {
      return row.getRowKind() == RowKind.DELETE || row.getRowKind() == RowKind.UPDATE_BEFORE;
    }

    private static SinkWriter<RowData> writer(Consumer<RowData> adder) {
      return new SinkWriter<>() {
        @Override
        public void write(RowData row, Context context) {
          adder.accept(row);
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
  }
}
