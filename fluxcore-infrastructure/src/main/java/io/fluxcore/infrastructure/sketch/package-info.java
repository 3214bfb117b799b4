/**
 * Sketches for approximate aggregates: quantiles by DDSketch (sketches-java), different values by
 * UltraLogLog (hash4j), both exact while values are few. Imports the domain's port and these two
 * libraries.
 */
@NullMarked
package io.fluxcore.infrastructure.sketch;

import org.jspecify.annotations.NullMarked;
