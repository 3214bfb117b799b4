/**
 * Event time: watermark strategies, their generators per source partition, and how watermarks of
 * several inputs combine. Idle is a state of its own.
 *
 * <p>May import {@code error} and {@code event}.
 */
@NullMarked
package io.fluxcore.domain.time;

import org.jspecify.annotations.NullMarked;
