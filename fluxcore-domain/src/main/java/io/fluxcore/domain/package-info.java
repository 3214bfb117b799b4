/**
 * The language of stream processing: events, time, windows, state, operators, topologies and jobs.
 * Imports the JDK and JSpecify annotations only; starts no thread, reads no clock, does no I/O.
 */
@NullMarked
package io.fluxcore.domain;

import org.jspecify.annotations.NullMarked;
