/**
 * The embedded runtime: runs execution plans on threads of this process. {@link
 * io.fluxcore.infrastructure.embedded.EmbeddedRuntime} is its door.
 *
 * <p>A job has one thread that starts and watches its tasks and coordinates checkpoints ({@code
 * EmbeddedJob}); each attempt to run it makes tasks, channels and exchanges anew ({@code Attempt}).
 * May import {@code task}, {@code exchange} and {@code channel}.
 */
@NullMarked
package io.fluxcore.infrastructure.embedded;

import org.jspecify.annotations.NullMarked;
