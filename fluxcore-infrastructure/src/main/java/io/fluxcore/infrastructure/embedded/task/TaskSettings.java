package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * What all tasks of a job's attempt have in common.
 *
 * @param clock processing time
 * @param batchRows rows that a batch aims at
 * @param lingerNanos how long rows may wait for more
 * @param watermarkIntervalNanos from one watermark of a busy source to the next
 * @param nextCheckpointId gives ids that were never used before
 * @param formats what keyed state is written as, by checkpoint id
 * @param eventTime what source tasks know of each other's
 * @param restored snapshots to start from, by operator; empty for a fresh start
 */
public record TaskSettings(
    InstantSource clock,
    int batchRows,
    long lingerNanos,
    long watermarkIntervalNanos,
    LongSupplier nextCheckpointId,
    LongFunction<SnapshotFormat> formats,
    SharedEventTime eventTime,
    Map<String, OperatorSnapshot> restored) {}
