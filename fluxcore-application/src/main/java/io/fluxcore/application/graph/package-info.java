/** A job's topology as it runs: what a drawing of it needs. May import the planner. */
@NullMarked
package io.fluxcore.application.graph;

import org.jspecify.annotations.NullMarked;
