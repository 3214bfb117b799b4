package io.fluxcore.domain.operator;

/**
 * What the windows of one operator and subtask wait for, or the rows that it holds to put them in
 * order, for people who ask why there are no results.
 *
 * @param processingTime whether they close by the host's clock and not by watermarks
 * @param watermark what has been reached: {@link Long#MIN_VALUE} before the first watermark
 * @param pending windows that have rows and have not fired, or rows that are held
 * @param nextFiring the watermark at which the earliest of them fires; {@link Long#MAX_VALUE} when
 *     none is pending or none waits for time
 */
public record WindowReading(
    boolean processingTime, long watermark, long pending, long nextFiring) {}
