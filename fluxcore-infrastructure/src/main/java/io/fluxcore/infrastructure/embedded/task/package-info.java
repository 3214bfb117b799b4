/**
 * Tasks: one thread each, running one subtask of a stage between its input channels or source
 * reader and its exchanges.
 *
 * <p>May import {@code channel} and {@code exchange}.
 */
@NullMarked
package io.fluxcore.infrastructure.embedded.task;

import org.jspecify.annotations.NullMarked;
