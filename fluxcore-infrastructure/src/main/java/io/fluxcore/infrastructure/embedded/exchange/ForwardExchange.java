package io.fluxcore.infrastructure.embedded.exchange;

import io.fluxcore.domain.event.EventBatch;
import java.util.List;

/** Every batch to the one receiver that has the sender's number. */
public final class ForwardExchange implements Exchange {
  private final Lane lane;
  private final Rows rows = new Rows();

  public ForwardExchange(Lane lane) {
    this.lane = lane;
  }

  @Override
  public void send(EventBatch batch, long readNanos, long nowNanos) {
    lane.send(batch, rows.upTo(batch.rowCount()), readNanos, nowNanos);
  }

  @Override
  public List<Lane> lanes() {
    return List.of(lane);
  }
}
