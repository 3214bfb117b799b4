package io.fluxcore.application.lifecycle;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a job begins with, or goes back to, instead of nothing: it becomes a restart point of the
 * job's own.
 *
 * @param from in a few words, for its history
 * @param maker makes it a restart point
 */
public record Beginning(String from, Maker maker) {
  /** Makes a restart point of a job; touches the checkpoint store. */
  @FunctionalInterface
  public interface Maker {
    /**
     * The state to start with.
     *
     * @param config of the job
     */
    JobSnapshot make(JobCheckpoints checkpoints, JobConfig config) throws IOException;
  }

  /** A copy of the state that these operators have in a snapshot. */
  public static Beginning copyOf(String from, StoredSnapshot original, Predicate<String> keep) {
    return new Beginning(
        from, (checkpoints, config) -> checkpoints.adopt(original, keep, config).snapshot());
  }

  /** State of operators, without keyed state. */
  public static Beginning with(String from, List<OperatorSnapshot> operators) {
    return new Beginning(
        from, (checkpoints, config) -> checkpoints.seed(operators, config).snapshot());
  }
}
