package io.fluxcore.adapters.out.parts;

/**
 * What a part is known by when it begins. With the job and the owner's token nothing else that may
 * still be committed has the same subtask, checkpoint and number, whatever its directory.
 *
 * @param directory names with {@code /} between them; empty: none
 * @param subtask of the writer
 * @param afterCheckpoint id of the last checkpoint before; where rows become visible by flushes the
 *     time at which the writer was made, in epoch milliseconds
 * @param number from 0, of the parts of this writer after this checkpoint
 */
public record PartName(String directory, int subtask, long afterCheckpoint, int number) {}
