package peers.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.LookupFunction;

/** The table connector 'peerside': the small table of q13, held in memory and looked up. */
public final class SideConnector implements DynamicTableSourceFactory {
  @Override
  public String factoryIdentifier() {
    return "peerside";
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
  public DynamicTableSource createDynamicTableSource(Context context) {
    return new Table();
  }

  private static final class Table implements LookupTableSource {
    @Override
    public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
      return LookupFunctionProvider.of(new Lookup());
    }

    @Override
    public DynamicTableSource copy() {
      return new Table();
    }

    @Override
    public String asSummaryString() {
      return "peerside";
    }
  }

  /** Public, since Flink makes code that calls it. */
  public static final class Lookup extends LookupFunction {
    private static final long serialVersionUID = 1L;

    private transient Map<Long, List<RowData>> rows;

    @Override
    public void open(FunctionContext context) throws Exception {
      rows = new HashMap<>();
      for (String line :
          Files.readAllLines(Path.of(System.getProperty("sql"), "side-input.csv")).stream()
              .skip(1)
              .toList()) {
        String[] words = line.split(",");
        long key = Long.parseLong(words[0]);
        rows.put(key, List.of(GenericRowData.of(key, StringData.fromString(words[1]))));
      }
    }

    @Override
    public Collection<RowData> lookup(RowData key) {
      return rows.getOrDefault(key.getLong(0), List.of());
    }
  }
}
