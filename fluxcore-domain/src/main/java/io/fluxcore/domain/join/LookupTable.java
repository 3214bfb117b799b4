package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;

/**
 * What is asked of a table outside.
 *
 * @param key fields by which rows are looked up, under the names that the table has for them
 * @param fields that are wanted of its rows, under the names that the table has for them
 */
public record LookupTable(Schema key, Schema fields) {}
