/**
 * Where snapshots of jobs are kept: the port to the bytes ({@link
 * io.fluxcore.application.checkpoint.CheckpointStore}), the port to the list of those that are
 * complete ({@link io.fluxcore.application.checkpoint.CheckpointRegistry}), and their plain
 * implementations in memory. May import the domain only.
 */
@NullMarked
package io.fluxcore.application.checkpoint;

import org.jspecify.annotations.NullMarked;
