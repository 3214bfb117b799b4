/**
 * Jobs: identity, configuration, restart strategies, statuses with their legal transitions, and the
 * job itself, whose history is its events. Time is passed in.
 *
 * <p>May import {@code error} and {@code operator}.
 */
@NullMarked
package io.fluxcore.domain.job;

import org.jspecify.annotations.NullMarked;
