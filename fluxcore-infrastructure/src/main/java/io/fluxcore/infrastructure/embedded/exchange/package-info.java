/**
 * Exchanges: how the rows that leave a stage find the subtasks of the next one, in batches worth
 * sending.
 *
 * <p>May import {@code channel}.
 */
@NullMarked
package io.fluxcore.infrastructure.embedded.exchange;

import org.jspecify.annotations.NullMarked;
