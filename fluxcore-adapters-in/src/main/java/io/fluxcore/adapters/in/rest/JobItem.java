package io.fluxcore.adapters.in.rest;

import java.time.Instant;

/**
 * A job in a list.
 *
 * @param state what it is in its life, such as RUNNING
 */
record JobItem(String id, String name, String version, String state, Instant submittedAt) {}
