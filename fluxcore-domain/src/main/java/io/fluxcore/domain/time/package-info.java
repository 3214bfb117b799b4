/**
 * Event time: watermark strategies, their generators per source partition, and how watermarks of
 * several inputs combine. Idle is a state of its own. A silent source may go on with the clock, and
 * sources of a group may be kept close together.
 *
 * <p>May import {@code error} and {@code event}.
 */
@NullMarked
package io.fluxcore.domain.time;

import org.jspecify.annotations.NullMarked;
