package io.fluxcore.infrastructure.embedded.exchange;

import io.fluxcore.domain.event.EventBatch;
import java.util.List;

/** Batches to the receivers in turn; small ones stay with one receiver until they make a batch. */
public final class RebalanceExchange implements Exchange {
  private final List<Lane> lanes;
  private final Rows rows = new Rows();
  private int next;

  /**
   * @param first the receiver of the first batch, so that senders start with different ones
   */
  public RebalanceExchange(List<Lane> lanes, int first) {
    this.lanes = List.copyOf(lanes);
    this.next = first % lanes.size();
  }

  @Override
  public void send(EventBatch batch, long readNanos, long nowNanos) {
    Lane lane = lanes.get(next);
    lane.send(batch, rows.upTo(batch.rowCount()), readNanos, nowNanos);
    if (!lane.isWaiting()) {
      next = next + 1 == lanes.size() ? 0 : next + 1;
    }
  }

  @Override
  public List<Lane> lanes() {
    return lanes;
  }
}
