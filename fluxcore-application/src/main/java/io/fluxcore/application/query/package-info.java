/**
 * Queries that run, and what statements come to: rows that somebody reads, with back-pressure,
 * jobs, listings. May import the ports to SQL, the planner, connectors and the runtime.
 */
@NullMarked
package io.fluxcore.application.query;

import org.jspecify.annotations.NullMarked;
