package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.ParquetReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The commits of parts that are of use only as a whole. */
final class ParquetTwoPhaseSinkTest extends TwoPhaseSinkContract {
  @TempDir private Path directory;

  @Override
  protected TwoPhaseSink sink() {
    FileSinkConnector connector = new FileSinkConnector();
    return (TwoPhaseSink)
        connector.create(
            OptionParser.parse(
                    connector.descriptor(),
                    Map.of("path", directory.resolve("rows.parquet"), "format", "parquet"))
                .orThrow(),
            PAIRS);
  }

  @Override
  protected List<Long> visibleIds() {
    List<Long> ids = new ArrayList<>();
    for (Path file : PartFiles.in(directory, false)) {
      for (List<@Nullable Object> row : ParquetReadBack.rows(PAIRS, file)) {
        ids.add((Long) row.get(0));
      }
    }
    return ids;
  }

  @Override
  protected int waiting() {
    return PartFiles.in(directory, true).size();
  }
}
