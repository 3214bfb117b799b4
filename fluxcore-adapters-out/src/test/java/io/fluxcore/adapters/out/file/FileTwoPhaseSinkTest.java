package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The parts of files and their commits. */
final class FileTwoPhaseSinkTest extends TwoPhaseSinkContract {
  @TempDir private Path directory;

  @Override
  protected TwoPhaseSink sink() {
    FileSinkConnector connector = new FileSinkConnector();
    return (TwoPhaseSink)
        connector.create(
            OptionParser.parse(
                    connector.descriptor(), Map.of("path", directory.resolve("rows.json")))
                .orThrow(),
            PAIRS);
  }

  private List<Path> files(boolean hidden) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith(".") == hidden).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected List<Long> visibleIds() {
    List<Long> ids = new ArrayList<>();
    for (Path file : files(false)) {
      try {
        for (List<@Nullable Object> row : JsonReadBack.rows(PAIRS, Files.readString(file))) {
          ids.add((Long) row.get(0));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return ids;
  }

  @Override
  protected int waiting() {
    return files(true).size();
  }
}
