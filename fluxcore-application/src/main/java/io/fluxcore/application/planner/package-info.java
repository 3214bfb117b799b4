/**
 * Topology to execution plan: fused stages with exchanges between them, projection and filter
 * pushdown, two-phase aggregation where it is sound.
 */
@NullMarked
package io.fluxcore.application.planner;

import org.jspecify.annotations.NullMarked;
