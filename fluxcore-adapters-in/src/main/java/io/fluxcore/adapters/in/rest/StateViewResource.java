package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.StateView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view of the state that a job had at a time.
 *
 * @param from from where the job was replayed to that time
 */
record StateViewResource(
    String id,
    String jobId,
    Instant asOf,
    String from,
    long bytes,
    List<OperatorResource> operators) {

  /**
   * An operator that can be asked.
   *
   * @param deterministic whether its state cannot have been another
   */
  record OperatorResource(String operatorId, List<String> keyTypes, boolean deterministic) {}

  /**
   * Some keys with their states.
   *
   * @param total how many there are, as far as they are listed
   * @param truncated whether there are more that are not listed
   */
  record KeyPageResource(
      List<StateResource> items, @Nullable String nextCursor, int total, boolean truncated) {}

  static StateViewResource of(StateView view) {
    return new StateViewResource(
        view.id().value(),
        view.job().value(),
        view.asOf(),
        view.from(),
        view.bytes(),
        view.operators().stream()
            .map(o -> new OperatorResource(o.operatorId(), o.keyTypes(), o.deterministic()))
            .toList());
  }
}
