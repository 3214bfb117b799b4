package io.fluxcore.application;

import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job as it was at a time: when its watermark had reached it, and nothing of that
 * time or later was in. Thread-safe; it does not change, and takes up memory until it is let go.
 */
public interface StateView {
  StateViewId id();

  JobId job();

  /** In event time: all that is earlier is in, but for what came too late to be in time then. */
  Instant asOf();

  /** From where the job was replayed to that time, in a few words. */
  String from();

  /** Bytes that the view holds. */
  long bytes();

  /** The operators that can be asked for a key, in the order of the plan. */
  List<AskableOperator> operators();

  /**
   * The state of a key.
   *
   * @param key the value of each field of the key, or its text
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link FluxCoreService#queryState} says
   */
  LiveState state(String operator, @Nullable Object... key);

  /**
   * A part of an operator's keys, in their order, with their states.
   *
   * @param from number of the first, from 0
   * @param limit at most so many, 1 or more
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link #state} does
   */
  KeyPage keys(String operator, int from, int limit);

  /**
   * An operator that can be asked.
   *
   * @param keyTypes of the fields of its key
   * @param deterministic false where its state depends on the clock or on code that does, so that
   *     it may have been another
   */
  record AskableOperator(String operatorId, List<String> keyTypes, boolean deterministic) {
    public AskableOperator {
      keyTypes = List.copyOf(keyTypes);
    }
  }

  /**
   * Some keys.
   *
   * @param total how many there are; of more than {@value #MAX_KEYS}, the first so many only
   * @param truncated whether there are more
   */
  record KeyPage(List<LiveState> keys, int total, boolean truncated) {
    /** More keys of an operator are not listed; they can be asked for one by one. */
    public static final int MAX_KEYS = 100_000;

    public KeyPage {
      keys = List.copyOf(keys);
    }
  }
}
