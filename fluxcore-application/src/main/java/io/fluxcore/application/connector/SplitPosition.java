package io.fluxcore.application.connector;

/**
 * Where reading of a split goes on, in the connector's own words; readable, since savepoints show
 * it.
 *
 * @param text for example an offset
 */
public record SplitPosition(String text) {}
