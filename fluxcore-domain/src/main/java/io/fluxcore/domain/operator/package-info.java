/**
 * What a host runs: operators, and stages that fuse operators over the same batch.
 *
 * <p>May import {@code error}, {@code event}, {@code key}, {@code shedding} and {@code state}.
 */
@NullMarked
package io.fluxcore.domain.operator;

import org.jspecify.annotations.NullMarked;
