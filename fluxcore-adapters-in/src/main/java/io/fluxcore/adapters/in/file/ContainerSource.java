package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.ContainerFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container file, or a pattern of them. */
final class ContainerSource implements Source {
  private final String path;
  private final ContainerFormat format;

  ContainerSource(String path, ContainerFormat format) {
    this.path = path;
    this.format = format;
  }

  /** What was declared, or the fields of the first file. */
  @Override
  public @Nullable Schema schema() {
    Schema known = format.schema();
    if (known != null) {
      return known;
    }
    Path first = FileListing.list(path).get(0);
    try {
      return format.schema(first);
    } catch (IOException e) {
      throw FileErrors.readingBlocks(e, first);
    }
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    return FileListing.list(path).stream().map(f -> new Split(f.toString())).toList();
  }

  @Override
  public SplitSeeking seeking() {
    return FileSeeking.OF_BLOCKS;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new FileReader(
        context,
        (split, position) ->
            new ContainerRecords(
                Path.of(split.id()), BlockPosition.parse(position), format, context));
  }
}
