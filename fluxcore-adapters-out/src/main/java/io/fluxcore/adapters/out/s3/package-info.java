/**
 * What is kept in a bucket of Amazon S3, or of a store that speaks its protocol, behind two doors:
 * checkpoints ({@link io.fluxcore.adapters.out.s3.S3CheckpointStore}) and the objects of the sink
 * {@code s3} ({@link io.fluxcore.adapters.out.s3.S3SinkConnector}). Imports the application, the
 * domain and {@code software.amazon.awssdk}, which nothing else does.
 *
 * <p>A part is written as it comes: one that is small by a single request, a larger one by a
 * multipart upload, of which two pieces are in memory at most. {@link
 * io.fluxcore.adapters.out.s3.S3Calls} makes every request on a thread of its own, since a thread
 * that waits for a socket cannot be interrupted, and threads that write snapshots must be.
 */
@NullMarked
package io.fluxcore.adapters.out.s3;

import org.jspecify.annotations.NullMarked;
