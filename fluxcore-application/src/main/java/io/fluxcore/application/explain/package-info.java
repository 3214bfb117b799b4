/**
 * What a topology would do, for people: its nodes as a tree, with what their rows do to what came
 * before and what state they keep. May import the planner and readings of the runtime.
 */
@NullMarked
package io.fluxcore.application.explain;

import org.jspecify.annotations.NullMarked;
