package io.fluxcore.application.deadletter;

/**
 * What has become of a job's letters: added = waiting + replayed + discarded + let go + taken back.
 *
 * @param added all that were ever kept
 * @param waiting for somebody
 * @param replayed with success
 * @param discarded by somebody
 * @param letGo by {@link DeadLetterRetention} before anybody saw to them: these are lost
 * @param takenBack since the job went back to a checkpoint before them, and reads them again
 */
public record DeadLetterCounts(
    long added, long waiting, long replayed, long discarded, long letGo, long takenBack) {
  public static final DeadLetterCounts NONE = new DeadLetterCounts(0, 0, 0, 0, 0, 0);
}
