/**
 * Keyed state: the port that operators see, its heap reference implementation, and the canonical
 * snapshot format.
 *
 * <p>May import {@code error}, {@code event} and {@code key}.
 */
@NullMarked
package io.fluxcore.domain.state;

import org.jspecify.annotations.NullMarked;
