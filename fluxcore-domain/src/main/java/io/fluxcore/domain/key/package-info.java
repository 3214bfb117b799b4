/**
 * Keys: the hash of a row's key, key groups, and which subtask owns them. The same on every host.
 *
 * <p>May import {@code event}.
 */
@NullMarked
package io.fluxcore.domain.key;

import org.jspecify.annotations.NullMarked;
