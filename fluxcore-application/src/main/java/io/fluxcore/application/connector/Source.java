package io.fluxcore.application.connector;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.topology.BoundSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configured source, before it is read. Thread-safe. */
public interface Source extends BoundSource {
  /**
   * The fields that the source gives by itself; null when it has none of its own and the topology
   * declares them (or leaves the schema open).
   */
  @Nullable Schema schema();

  /** What the rows of this source, as configured, do to what came before. */
  default Changes changes() {
    return Changes.appends();
  }

  /** Whether this source, as configured, ends by itself. */
  boolean isBounded();

  /**
   * Whether this source, as configured, can go on from a position of a checkpoint; asked only where
   * the connector says that it may be {@link ConnectorDescriptor.Capability#REPLAYABLE}. One that
   * cannot takes part in {@link io.fluxcore.domain.job.DeliveryGuarantee#AT_MOST_ONCE} only.
   */
  default boolean isReplayable() {
    return true;
  }

  /**
   * What this source, as configured, can promise at most; null: what its connector says. Never more
   * than that.
   */
  default @Nullable DeliveryGuarantee guarantee() {
    return null;
  }

  /**
   * Looks, when a job is submitted, whether the outside is as the source needs it. Changes nothing
   * there. An outside that does not answer is no reason to refuse a job, which waits for it by its
   * restart strategy.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if nothing could ever be
   *     read, with all that is wrong; of another one if the outside does not answer now
   */
  default void check() {}

  /**
   * The parts that can be read independently, each with its own position and watermark. Called on
   * one host, at start and now and then; ids are stable. Touches the outside.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the outside cannot be reached or is not
   *     as configured
   */
  List<Split> discoverSplits();

  /**
   * How often to look for new splits where the host's own pace is too slow; null: at the host's. A
   * host may look less often.
   */
  default @Nullable Duration discoveryInterval() {
    return null;
  }

  /**
   * From where this source, as configured, can be read anew, so that what it gave can be replayed;
   * null where it cannot, or its connector does not say.
   */
  default @Nullable SplitSeeking seeking() {
    return null;
  }

  /** A reader for one subtask. */
  SourceReader createReader(ReaderContext context);

  /**
   * A part of a source.
   *
   * @param id stable and unique within the source
   */
  record Split(String id) {}
}
