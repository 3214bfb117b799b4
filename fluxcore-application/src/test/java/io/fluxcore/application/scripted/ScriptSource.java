package io.fluxcore.application.scripted;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.util.List;

/** Stands for the input of a case in its topology; the host feeds the rows. */
public record ScriptSource(Schema schema, Changes changes) implements Source {
  /** One that only adds rows. */
  public ScriptSource(Schema schema) {
    this(schema, Changes.appends());
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of();
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    throw new UnsupportedOperationException("rows come from the script");
  }
}
