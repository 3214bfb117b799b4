/**
 * Readings of running jobs' results beside their sinks. A reading never slows a job down: a reader
 * that is too slow loses rows, and is told how many. May import the domain only.
 */
@NullMarked
package io.fluxcore.application.results;

import org.jspecify.annotations.NullMarked;
