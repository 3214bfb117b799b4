/**
 * What users declare: a topology of sources, transforms, windows, aggregates and sinks, as data. It
 * is validated here and printed here; the planner makes an execution plan of it.
 *
 * <p>May import {@code error}, {@code event}, {@code expression}, {@code time}, {@code operator},
 * {@code process}, {@code transform}, {@code window}, {@code sort}, {@code pattern}, {@code
 * shedding} and {@code aggregate}.
 */
@NullMarked
package io.fluxcore.domain.topology;

import org.jspecify.annotations.NullMarked;
