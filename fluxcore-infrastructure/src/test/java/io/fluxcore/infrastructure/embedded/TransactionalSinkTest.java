package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import java.util.List;

/** The sink of the host's tests keeps what the host may rely on. */
final class TransactionalSinkTest extends TwoPhaseSinkContract {
  private final TransactionalSink sink = new TransactionalSink();

  @Override
  protected TwoPhaseSink sink() {
    return sink;
  }

  @Override
  protected List<Long> visibleIds() {
    return sink.rows().stream().map(row -> Long.valueOf(row.split(" ", 2)[0])).toList();
  }

  @Override
  protected int waiting() {
    return 0;
  }
}
